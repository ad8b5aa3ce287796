// Rows in memory, for tests. Thread-safe. Lost when destroyed.
#pragma once

#include "storage/rows.hpp"

#include <map>
#include <mutex>
#include <string>

namespace pickup::storage {

class memory_rows final : public rows {
public:
  domain::status_result write(const std::vector<row>& changes, durability how) override;
  domain::result<std::optional<std::string>> get(table in, std::string_view key) const override;
  domain::status_result
  scan(table in, std::string_view prefix, std::string_view from,
       const std::function<domain::result<bool>(std::string_view, std::string_view)>& visit)
      const override;

  /// From now on every write fails with errc::io, or no longer.
  void fail_writes(bool failing);

private:
  mutable std::mutex mutex_;
  std::map<table, std::map<std::string, std::string, std::less<>>> tables_;
  bool failing_ = false;
};

} // namespace pickup::storage

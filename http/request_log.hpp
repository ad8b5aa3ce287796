// The latest requests of the customers' port that may have changed a call, found again by what
// they caused: a call's timeline begins with them. Thread-safe; sharded, each shard under its
// own lock.
#pragma once

#include "domain/time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::http {

struct logged_request {
  domain::timestamp at; ///< when it came
  std::string method;
  std::string path; ///< without the query, which may name somebody; cut when it is long
  int status = 0;
  std::chrono::nanoseconds took{0};
  std::string correlation_id;
};

class request_log {
public:
  /// Keeps it, if it may have changed a call.
  void add(logged_request r);

  /// Those of these correlation ids, oldest first.
  std::vector<logged_request> find(const std::set<std::string>& correlation_ids) const;

private:
  static constexpr std::size_t kept = 4096; ///< a shard

  struct shard {
    mutable std::mutex mutex;
    std::vector<logged_request> ring; ///< guarded, as is …
    std::size_t next = 0;             ///< … where the next goes
  };

  std::array<shard, 8> shards_;
};

} // namespace pickup::http

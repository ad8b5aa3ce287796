// The journal's twin in memory, for tests: same fences, same rows, same views, no thread and no
// disk. Thread-safe. Completions run on the caller's thread, or on that of release(),
// and must not submit.
#pragma once

#include "storage/journal.hpp"
#include "storage/journal_writer.hpp"
#include "storage/memory_rows.hpp"

#include <cstddef>
#include <limits>
#include <memory>
#include <mutex>
#include <vector>

namespace pickup::storage {

class memory_journal final : public journal {
public:
  /// A journal over rows that may already hold something: a restart, when they outlived an
  /// older one.
  explicit memory_journal(std::shared_ptr<memory_rows> over = std::make_shared<memory_rows>());

  void submit(operation op) override;
  const views& view() const override { return views_; }
  using journal::see;
  std::vector<std::optional<before_sighting>> see(std::span<const sighted> all) override;
  bool lose(domain::courier_id id, domain::timestamp since) override;
  journal_stats stats() const override { return writer_.stats(); }
  domain::status_result copy_to(const std::filesystem::path& directory) const override {
    return rows_->copy_to(directory);
  }
  std::optional<domain::error> failure() const override { return writer_.failure(); }

  /// From now on operations wait for release(): commits in flight, at a test's command.
  void hold();
  /// From now on at most so many commits wait; more are refused as overload.
  void limit(std::size_t most) {
    const std::lock_guard guard{mutex_};
    limit_ = most;
  }
  /// Carries out what waits and goes on at once again.
  void release();

private:
  std::shared_ptr<memory_rows> rows_;
  views views_;
  journal_writer writer_;
  std::mutex mutex_;
  bool held_ = false;
  std::size_t limit_ = std::numeric_limits<std::size_t>::max();
  std::vector<operation> waiting_;
};

} // namespace pickup::storage

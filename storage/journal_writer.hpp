// Carries out operations on rows and views: fences, group commit, answers. Not thread-safe but
// for stats() and failure(); owned by a journal, which calls it from one thread at a time.
#pragma once

#include "storage/journal.hpp"
#include "storage/rows.hpp"
#include "storage/views.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <vector>

namespace pickup::storage {

/// Why an append is refused when `most` operations wait already.
domain::error too_many(std::size_t most);

class journal_writer {
public:
  /// @param max_group batches that may share one synced write
  journal_writer(rows& to, views& shown, std::size_t max_group);

  /// Carries out `ops` in order, appends in groups of one synced write each. Every completion
  /// has run when this returns.
  void process(std::vector<operation> ops);

  journal_stats stats() const;
  std::optional<domain::error> failure() const;

private:
  struct pending {
    entry what;
    std::variant<domain::call, domain::courier, audit_entry> record;
    std::optional<domain::sighting> seen;
    completion done;
  };

  void carry_out(append_op op);
  void carry_out(barrier_op op);
  void carry_out(epoch_op op);
  void carry_out(cursor_op op);
  void carry_out(deliveries_op op);
  void carry_out(sightings_op op);
  void carry_out(trim_op op);
  void carry_out(forget_keys_op op);

  std::optional<domain::error> fence(const batch& b) const;
  /// Nothing when the change is based on what is stored, and well-formed.
  std::optional<domain::error> fence(const call_change& c) const;
  std::optional<domain::error> fence(const courier_change& c) const;
  std::optional<domain::error> fence(const audit_change& c) const;
  void add(batch b, completion done);
  void add(pending& p, call_change c);
  void add(pending& p, courier_change c);
  void add(pending& p, audit_change c);
  void flush();
  void write_unsynced(const std::vector<row>& changes);
  domain::status_result outcome() const;
  void fail(const domain::error& why);

  rows& rows_;
  views& views_;
  const std::size_t max_group_;
  std::map<domain::shard_id, std::uint64_t> epochs_;
  std::map<domain::shard_id, std::uint64_t> heads_;
  // The group being gathered.
  std::vector<pending> group_;
  std::vector<row> puts_;
  std::unordered_set<domain::call_id> calls_;
  std::unordered_set<domain::courier_id> couriers_;

  std::atomic<std::uint64_t> commits_ = 0;
  std::atomic<std::uint64_t> groups_ = 0;
  std::atomic<std::uint64_t> refused_ = 0;
  std::atomic<std::uint64_t> forgotten_calls_ = 0;
  std::atomic<std::uint64_t> forgotten_keys_ = 0;
  mutable std::mutex failure_mutex_;
  std::optional<domain::error> failure_;
};

} // namespace pickup::storage

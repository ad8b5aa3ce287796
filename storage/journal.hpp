// The journal: where decisions become true. Thread-safe: any thread may append; completions run
// on the journal's own thread (or, for the in-memory twin, on the caller's) and must not block.
// Outlives every actor that appends to it.
#pragma once

#include "domain/call.hpp"
#include "domain/courier.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "storage/delivery.hpp"
#include "storage/entry.hpp"
#include "storage/retention.hpp"
#include "storage/views.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace pickup::storage {

/// A decision about a call. `made.next.version` is the version of the call it changes.
struct call_change {
  domain::decision made;
  std::optional<std::string> idempotency_key; ///< remembered with a call's first commit
};

/// A courier's next record. `record.version` is the version of the record it changes.
struct courier_change {
  domain::courier record;
  std::optional<domain::sighting> seen; ///< stored along, for a place that must not be lost
};

/// What an operator does, and whom it concerns.
struct audit_change {
  domain::shard_id shard;
  audit_entry what;
};

/// What becomes true at once or not at all. Everything in it belongs to one shard.
struct batch {
  domain::timestamp at;
  std::string correlation_id;
  /// The dispatcher's epoch this rests on; 0 when it rests on no dispatcher's knowledge.
  domain::epoch_no epoch;
  std::variant<call_change, courier_change, audit_change> what;
};

/// A durable batch: its position, and the record as stored.
struct committed {
  domain::seq_no n;
  std::variant<domain::call, domain::courier, audit_entry> record;
};

/// Errors: stale (the record has moved on, or the epoch is over: nothing was written),
/// invalid_argument (an audited text is too long: nothing was written either),
/// overloaded (too many wait), unknown_outcome (the write failed half-way), unavailable (an
/// earlier write failed, so this one was not tried: the journal takes nothing more).
using completion = std::function<void(domain::result<committed>)>;

// -- what can be asked of a journal --

struct append_op {
  batch what;
  completion done;
};

/// Answered once everything submitted before is durable or refused.
struct barrier_op {
  std::function<void(domain::status_result)> done;
};

/// A barrier that also ends the shard's epoch: batches of older ones are refused from here on.
struct epoch_op {
  domain::shard_id shard;
  std::function<void(domain::result<domain::epoch_no>)> done;
};

/// How far a channel has come in a shard.
struct cursor {
  std::string channel;
  domain::shard_id shard;
  domain::seq_no at;
};

/// Remembers cursors. Not synced: after a crash they may be a little behind.
struct cursor_op {
  std::vector<cursor> cursors;
};

/// Remembers how far deliveries have come, and the cursors that go with it: all or nothing. Not
/// synced: after a crash of the machine, not of the process, they may be a little behind.
struct deliveries_op {
  std::string channel;
  std::vector<delivery> stored;
  std::vector<delivery_id> removed;
  std::vector<cursor> cursors;
  std::function<void(domain::status_result)> done;
};

/// Stores the sightings that changed. Not synced.
struct sightings_op {};

/// Forgets calls. Not synced: after a crash they may be there again, whole, and are forgotten
/// again. Errors: stale, when the horizon is not where the step begins; nothing happened then.
struct trim_op {
  trim what;
  std::function<void(domain::status_result)> done;
};

/// Removes those of these idempotency keys that still may_go(). Not synced.
struct forget_keys_op {
  std::vector<known_key> keys;
  domain::timestamp made_before;
  std::function<void(domain::status_result)> done;
};

using operation = std::variant<append_op, barrier_op, epoch_op, cursor_op, deliveries_op,
                               sightings_op, trim_op, forget_keys_op>;

struct journal_stats {
  std::uint64_t commits = 0; ///< durable batches
  std::uint64_t groups = 0;  ///< synced writes they shared
  std::uint64_t refused = 0; ///< stale batches
  std::uint64_t forgotten_calls = 0;
  std::uint64_t forgotten_keys = 0;
};

class journal {
public:
  virtual ~journal() = default;

  /// Operations take effect in the order of submission.
  virtual void submit(operation op) = 0;

  virtual const views& view() const = 0;
  /// Makes sightings seen by queries now; sightings_op stores them later. What was true of each
  /// courier before, in the same order; nothing of those who do not exist. Whoever is seen is
  /// no longer lost, also when the sighting tells neither time nor place.
  virtual std::vector<std::optional<before_sighting>> see(std::span<const sighted> all) = 0;
  /// The courier counts as lost from now until seen again, unless they were seen after `since`;
  /// whether they are lost.
  virtual bool lose(domain::courier_id id, domain::timestamp since) = 0;

  std::optional<before_sighting> see(domain::courier_id id, const domain::sighting& seen) {
    const sighted one{id, seen};
    return see({&one, 1}).front();
  }

  virtual journal_stats stats() const = 0;
  /// Makes a database of what is durable now, in a directory that is not there yet, while
  /// others append. Errors: those of rows::copy_to().
  virtual domain::status_result copy_to(const std::filesystem::path& directory) const = 0;
  /// Why the journal takes nothing more, for good: only another one, opened on the same rows,
  /// knows what became of the write that failed. Nothing while it takes commits.
  virtual std::optional<domain::error> failure() const = 0;
};

} // namespace pickup::storage

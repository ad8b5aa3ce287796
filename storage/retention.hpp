// What may be forgotten: reads, decides and changes nothing. Thread-safe. What it decides stays
// right until it is carried out: nothing follows the end of a call.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "storage/entry.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pickup::storage {

class views;

/// One step of a shard's horizon, and the rows it leaves behind: ended calls with all their
/// entries, the entries of couriers, whose records are rows of their own, and what was audited.
struct trim {
  domain::shard_id shard;
  domain::seq_no from; ///< the horizon it rests on
  domain::seq_no to;   ///< the horizon after it
  std::vector<domain::call_id> calls;
  std::vector<domain::seq_no> entries;
  std::vector<std::string> deliveries; ///< rows about the messages of these entries
};

struct trim_rules {
  domain::timestamp now;
  domain::timestamp ended_before;   ///< calls that ended before this go
  std::vector<std::string> readers; ///< channels that must have come past an entry
  std::size_t most = 1;             ///< entries the horizon may pass in one step
};

/// The next step of a shard; nothing when nothing is due. Errors: io, corrupt.
domain::result<std::optional<trim>> next_trim(const views& of, domain::shard_id shard,
                                              const trim_rules& rules);

/// Since when what is next to go in a shard could have gone; nothing when nothing is due.
/// Errors: io, corrupt.
domain::result<std::optional<domain::timestamp>>
overdue_since(const views& of, domain::shard_id shard, domain::timestamp ended_before);

/// Whether an idempotency key was made before, or its call is forgotten.
bool may_go(const views& of, const remembered_key& key, domain::timestamp made_before);

/// Those that may go among some of the idempotency keys.
struct old_keys {
  std::vector<known_key> keys;
  std::string next; ///< the row to go on from; empty at the table's end
};

/// Looks at `most` rows from row `from` on. The keys of a commit just under way may be among
/// what it finds: who removes them asks may_go() again. Errors: io, corrupt.
domain::result<old_keys> find_old_keys(const views& of, std::string_view from,
                                       domain::timestamp made_before, std::size_t most);

} // namespace pickup::storage

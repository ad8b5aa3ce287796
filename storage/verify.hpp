// Checks a database from inside: replays the journal and compares. For tools and tests, on a
// database that no server has open. Pure but for reading.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "storage/rows.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pickup::storage {

struct verification {
  std::uint64_t entries = 0;
  std::uint64_t calls = 0;
  std::uint64_t couriers = 0;
  std::uint64_t live_assignments = 0;
  std::uint64_t intents = 0;
  std::uint64_t assignments = 0;
  std::uint64_t explanations = 0; ///< of assignments, each computed anew
  std::uint64_t audited = 0;      ///< operators' actions
  /// Of shards where calls were forgotten: from where on the journal is complete.
  std::map<domain::shard_id, domain::seq_no> complete_from;
  /// One line for each broken promise; empty when all hold.
  std::vector<std::string> violations;
};

/// Replays all that is not forgotten, and checks: positions without gaps, or gaps only before
/// the horizon, of whole calls that have ended, none of which is left; every call's
/// versions and chain of entries; every phase reached legally; at most one live assignment a
/// call; no courier above capacity or outside their classes, at any time; exactly one intent
/// for every transition a customer sees; an explanation of every assignment, but for entries of
/// formats that had none, equal to what its own inputs, the call and the couriers' records of
/// that time make of it; every stored call and courier equal to what its entries make of it.
/// Errors: io, corrupt, newer_format.
domain::result<verification> verify(const rows& database);

} // namespace pickup::storage

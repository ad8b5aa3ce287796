// What a node forgets next: ended calls and idempotency keys whose time is over, one bounded
// step after the other, shards and keys by turns. Not thread-safe; owned by the ledger actor.
#pragma once

#include "actors/node.hpp"
#include "domain/result.hpp"
#include "storage/journal.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace pickup::actors {

class forgetting {
public:
  explicit forgetting(const node_context& n) : node_(n) {}

  using completion = std::function<void(domain::status_result)>;

  /// The next step, for the journal, which answers `done`; nothing when nothing is due by now.
  /// Errors: io, corrupt.
  domain::result<std::optional<storage::operation>> next(const completion& done);

private:
  using step = domain::result<std::optional<storage::operation>>;

  step trim(domain::shard_id shard, const completion& done) const;
  step forget_keys(const completion& done);

  const node_context& node_;
  std::size_t turn_ = 0;
  std::string key_; ///< the row the walk through the keys goes on from
  /// When it begins anew.
  supervision::shared_breaker::clock::time_point next_walk_{};
};

} // namespace pickup::actors

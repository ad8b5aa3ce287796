// Calls that wait for a courier. Not thread-safe; owned by a board.
#pragma once

#include "domain/ids.hpp"
#include "domain/position.hpp"
#include "domain/service.hpp"
#include "domain/time.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace pickup::domain {

/// What the dispatcher has to know of a call to find it a courier.
struct ticket {
  call_id call;
  version_no version; ///< of the call when it said so
  service_class wanted = service_class::under10kg;
  position where;
  timestamp created_at; ///< of a scheduled call: when it was to be dispatched
  timestamp wait_until;
  std::vector<courier_id> excluded;

  friend bool operator==(const ticket&, const ticket&) = default;
};

/// A ticket that seems to come from the future was made before the clock went back: it waits
/// from now on for as long as it would have, not until the clock is there again.
ticket as_of(timestamp now, ticket t);

/// The order in which calls are served: by age, then id.
struct call_age {
  timestamp created_at;
  call_id call;

  friend auto operator<=>(const call_age&, const call_age&) = default;
};

/// The waiting calls by age and by place. Finding the oldest one a courier can serve looks only
/// at the cells of the map within their reach, not at all that wait.
class waiting_calls {
public:
  explicit waiting_calls(metres reach);

  void put(ticket t);
  /// Takes a call out; nothing when it does not wait.
  std::optional<ticket> take(call_id call);
  const ticket* find(call_id call) const;

  /// The oldest call within reach of `from`, of a class in `able`, that does not exclude `who`.
  const ticket* oldest_for(courier_id who, class_set able, position from) const;

  /// Calls whose time to wait was over at `now`, the longest overdue first.
  std::vector<call_id> overdue(timestamp now) const;

  std::vector<call_age> by_age() const;
  std::size_t size() const { return tickets_.size(); }
  bool empty() const { return tickets_.empty(); }

private:
  /// A cell of the map and a class.
  struct bin {
    std::uint64_t cell;
    service_class wanted;
    friend auto operator<=>(const bin&, const bin&) = default;
  };

  bin bin_of(const ticket& t) const;

  metres reach_;
  int level_;
  std::unordered_map<call_id, ticket> tickets_;
  std::map<bin, std::set<call_age>> bins_;
  std::set<std::pair<timestamp, call_id>> deadlines_;
};

} // namespace pickup::domain

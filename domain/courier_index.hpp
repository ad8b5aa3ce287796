// Finds the nearest couriers. Not thread-safe, but any number of threads may look at once while
// nothing changes. Owned by a free_couriers.
#pragma once

#include "domain/ids.hpp"
#include "domain/place_index.hpp"
#include "domain/position.hpp"
#include "domain/time.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

namespace pickup::domain {

/// Who goes first among couriers at the same distance: lower load, then longer idle, then lower
/// id.
struct courier_rank {
  std::uint32_t load = 0;
  timestamp idle_since;
  courier_id id;

  friend auto operator<=>(const courier_rank&, const courier_rank&) = default;
};

/// A courier and how far they are.
struct candidate {
  courier_rank rank;
  metres distance;
};

/// Nearest first, then by rank.
constexpr bool better(const candidate& a, const candidate& b) {
  return a.distance != b.distance ? a.distance < b.distance : a.rank < b.rank;
}

/// A set of couriers by place. Couriers at the very same place share one entry of the spatial
/// index, ordered by rank, so a depot full of couriers costs no more than one.
class courier_index {
public:
  courier_index() = default;
  courier_index(const courier_index&) = delete;
  courier_index& operator=(const courier_index&) = delete;

  /// Adds a courier, or moves and re-ranks one already here.
  void put(const courier_rank& rank, position where);
  void erase(courier_id id);

  /// The best couriers within `reach` who are not among `excluded`, at most so many, the best
  /// first.
  std::vector<candidate> nearest(position from, metres reach,
                                 std::span<const courier_id> excluded, std::size_t most) const;

  std::size_t size() const { return couriers_.size(); }

private:
  struct place_hash {
    std::size_t operator()(position p) const {
      const std::hash<double> hash;
      return hash(p.lat()) * 31 + hash(p.lng());
    }
  };

  using spots = std::unordered_map<position, std::set<courier_rank>, place_hash>;
  using spot = spots::value_type;

  struct entry {
    courier_rank rank;
    spot* at;
  };

  spots spots_;
  std::unordered_map<courier_id, entry> couriers_;
  place_index<spot*> index_;
};

} // namespace pickup::domain

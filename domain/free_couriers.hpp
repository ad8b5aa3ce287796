// Who could take a job now, by ability and place. Not thread-safe, but any number of threads
// may look at once while nothing changes. Owned by a board, which decides by it, or by views,
// which show it.
#pragma once

#include "domain/courier_index.hpp"
#include "domain/ids.hpp"
#include "domain/position.hpp"
#include "domain/service.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace pickup::domain {

class free_couriers {
public:
  /// Adds a courier, or moves and re-ranks one already here.
  /// @param able what they can do; it only changes by way of erase()
  void put(class_set able, const courier_rank& rank, position where);
  void erase(class_set able, courier_id id);

  /// The best couriers for a class within `reach` who are not among `excluded`, at most so
  /// many, the best first.
  std::vector<candidate> nearest(service_class wanted, position from, metres reach,
                                 std::span<const courier_id> excluded, std::size_t most) const;
  /// The same of those who cannot do the class.
  std::vector<candidate> nearest_unable(service_class wanted, position from, metres reach,
                                        std::size_t most) const;

  std::size_t size() const;

private:
  std::vector<candidate> nearest(service_class wanted, bool able, position from, metres reach,
                                 std::span<const courier_id> excluded, std::size_t most) const;

  /// One index a combination of classes: a move touches one, a search the few that fit.
  std::map<std::uint8_t, courier_index> by_ability_;
};

} // namespace pickup::domain

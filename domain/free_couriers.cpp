#include "domain/free_couriers.hpp"

#include <algorithm>

namespace pickup::domain {

void free_couriers::put(class_set able, const courier_rank& rank, position where) {
  by_ability_[able.bits()].put(rank, where);
}

void free_couriers::erase(class_set able, courier_id id) {
  by_ability_[able.bits()].erase(id);
}

std::size_t free_couriers::size() const {
  std::size_t n = 0;
  for (const auto& [bits, index] : by_ability_)
    n += index.size();
  return n;
}

std::vector<candidate> free_couriers::nearest(service_class wanted, position from, metres reach,
                                              std::span<const courier_id> excluded,
                                              std::size_t most) const {
  return nearest(wanted, true, from, reach, excluded, most);
}

std::vector<candidate> free_couriers::nearest_unable(service_class wanted, position from,
                                                     metres reach, std::size_t most) const {
  return nearest(wanted, false, from, reach, {}, most);
}

std::vector<candidate> free_couriers::nearest(service_class wanted, bool able, position from,
                                              metres reach,
                                              std::span<const courier_id> excluded,
                                              std::size_t most) const {
  std::vector<candidate> best;
  for (const auto& [bits, index] : by_ability_) {
    if (class_set::from_bits(bits).contains(wanted) != able)
      continue;
    const auto found = index.nearest(from, reach, excluded, most);
    best.insert(best.end(), found.begin(), found.end());
  }
  std::sort(best.begin(), best.end(), better);
  best.resize(std::min(best.size(), most));
  return best;
}

} // namespace pickup::domain

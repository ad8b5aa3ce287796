// What views tell of couriers.
#include "domain/free_couriers.hpp"
#include "storage/views.hpp"

#include <mutex>

namespace pickup::storage {

std::optional<domain::courier_view> views::find(domain::courier_id id) const {
  const std::shared_lock guard{courier_mutex_};
  const auto known = couriers_.find(id);
  return known == couriers_.end() ? std::nullopt : std::optional{known->second};
}

std::optional<domain::courier_id>
views::visit_couriers(domain::courier_id after, std::size_t most,
                      const std::function<void(const domain::courier_view&)>& visit) const {
  const std::shared_lock guard{courier_mutex_};
  auto next = couriers_.upper_bound(after);
  for (; next != couriers_.end() && most > 0; ++next, --most) {
    visit(next->second);
    after = next->first;
  }
  return next == couriers_.end() ? std::nullopt : std::optional{after};
}

std::vector<domain::courier_view> views::couriers(domain::shard_id shard) const {
  std::vector<domain::courier_view> result;
  const std::shared_lock guard{courier_mutex_};
  for (const auto& [id, c] : couriers_)
    if (!c.courier.deleted && c.courier.shard() == shard)
      result.push_back(c);
  return result;
}

std::vector<whereabouts>
views::whereabouts_of(const std::vector<domain::courier_id>& ids) const {
  std::vector<whereabouts> result;
  result.reserve(ids.size());
  const std::shared_lock guard{courier_mutex_};
  for (auto id : ids)
    if (const auto known = couriers_.find(id); known != couriers_.end())
      result.push_back({id, known->second.seen.where, known->second.lost});
  return result;
}

std::vector<domain::nearby_courier> views::nearest(domain::service_class wanted,
                                                   domain::position from, domain::metres reach,
                                                   std::size_t most) const {
  std::vector<domain::nearby_courier> result;
  const std::shared_lock guard{courier_mutex_};
  for (const auto& c : free_->nearest(wanted, from, reach, {}, most))
    result.push_back({couriers_.at(c.rank.id), c.distance});
  return result;
}

domain::courier_id views::last_courier() const {
  const std::shared_lock guard{courier_mutex_};
  return couriers_.empty() ? domain::courier_id{} : couriers_.rbegin()->first;
}

} // namespace pickup::storage

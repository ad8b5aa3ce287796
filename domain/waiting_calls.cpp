#include "domain/waiting_calls.hpp"

#include <s2/s2cap.h>
#include <s2/s2cell_id.h>
#include <s2/s2earth.h>
#include <s2/s2latlng.h>
#include <s2/s2metrics.h>
#include <s2/s2region_coverer.h>

#include <algorithm>

namespace pickup::domain {

namespace {

// A reach wider than the earth means "anywhere".
S1Angle angle(metres reach) {
  return std::min(S1Angle::Radians(S2Earth::MetersToRadians(reach.value())),
                  S1Angle::Degrees(180));
}

// Cells a quarter of the reach wide: some seventy of them cover its circle.
int level_for(metres reach) {
  return S2::kAvgEdge.GetClosestLevel(std::max(angle(reach).radians() / 4, 1e-6));
}

S2Point point(position p) {
  return S2LatLng::FromDegrees(p.lat(), p.lng()).ToPoint();
}

} // namespace

ticket as_of(timestamp now, ticket t) {
  if (t.created_at > now) {
    t.wait_until -= t.created_at - now;
    t.created_at = now;
  }
  return t;
}

waiting_calls::waiting_calls(metres reach) : reach_(reach), level_(level_for(reach)) {}

waiting_calls::bin waiting_calls::bin_of(const ticket& t) const {
  return {S2CellId{point(t.where)}.parent(level_).id(), t.wanted};
}

void waiting_calls::put(ticket t) {
  take(t.call);
  bins_[bin_of(t)].insert({t.created_at, t.call});
  deadlines_.emplace(t.wait_until, t.call);
  const auto id = t.call;
  tickets_.emplace(id, std::move(t));
}

std::optional<ticket> waiting_calls::take(call_id call) {
  auto node = tickets_.extract(call);
  if (node.empty())
    return std::nullopt;
  auto& t = node.mapped();
  const auto where = bins_.find(bin_of(t));
  where->second.erase({t.created_at, t.call});
  if (where->second.empty())
    bins_.erase(where);
  deadlines_.erase({t.wait_until, t.call});
  return std::move(t);
}

const ticket* waiting_calls::find(call_id call) const {
  const auto known = tickets_.find(call);
  return known == tickets_.end() ? nullptr : &known->second;
}

const ticket* waiting_calls::oldest_for(courier_id who, class_set able, position from) const {
  if (tickets_.empty())
    return nullptr;
  // One run of calls, oldest first, for each bin in reach; the oldest head is looked at first.
  using run = std::pair<std::set<call_age>::const_iterator, std::set<call_age>::const_iterator>;
  std::vector<run> runs;
  const auto later = [](const run& a, const run& b) { return *b.first < *a.first; };
  S2RegionCoverer coverer;
  coverer.mutable_options()->set_fixed_level(level_);
  coverer.mutable_options()->set_max_cells(1000);
  // Widened by a hair, like the index of couriers; the exact test follows.
  const S2Cap circle{point(from), angle(reach_) + S1Angle::Radians(1e-9)};
  for (const auto cell : coverer.GetCovering(circle))
    for (const auto wanted : able.items())
      if (const auto b = bins_.find({cell.id(), wanted}); b != bins_.end())
        runs.emplace_back(b->second.begin(), b->second.end());
  std::make_heap(runs.begin(), runs.end(), later);
  while (!runs.empty()) {
    std::pop_heap(runs.begin(), runs.end(), later);
    auto& [head, end] = runs.back();
    const auto& t = tickets_.at(head->call);
    if (distance(from, t.where) <= reach_
        && std::find(t.excluded.begin(), t.excluded.end(), who) == t.excluded.end())
      return &t;
    if (++head == end)
      runs.pop_back();
    else
      std::push_heap(runs.begin(), runs.end(), later);
  }
  return nullptr;
}

std::vector<call_id> waiting_calls::overdue(timestamp now) const {
  std::vector<call_id> result;
  for (auto i = deadlines_.begin(); i != deadlines_.end() && i->first <= now; ++i)
    result.push_back(i->second);
  return result;
}

std::vector<call_age> waiting_calls::by_age() const {
  std::vector<call_age> result;
  result.reserve(tickets_.size());
  for (const auto& [id, t] : tickets_)
    result.push_back({t.created_at, id});
  std::sort(result.begin(), result.end());
  return result;
}

} // namespace pickup::domain

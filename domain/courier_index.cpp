#include "domain/courier_index.hpp"

#include <s2/s2closest_point_query.h>
#include <s2/s2earth.h>
#include <s2/s2latlng.h>

#include <algorithm>
#include <limits>

namespace pickup::domain {

namespace {

S2Point point(position p) {
  return S2LatLng::FromDegrees(p.lat(), p.lng()).ToPoint();
}

// A little more than `reach`, so that rounding inside the index hides nobody at its very edge;
// the exact test follows with distance().
S1ChordAngle search_limit(metres reach) {
  constexpr double half_way_round = 20'037'000;
  if (reach.value() >= half_way_round)
    return S1ChordAngle::Straight();
  return S1ChordAngle{
      S1Angle::Radians(S2Earth::MetersToRadians(reach.value() * (1 + 1e-9) + 1e-3))};
}

bool contains(std::span<const courier_id> ids, courier_id id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

} // namespace

void courier_index::put(const courier_rank& rank, position where) {
  const auto known = couriers_.find(rank.id);
  if (known != couriers_.end() && known->second.at->first == where) {
    auto& here = known->second.at->second;
    here.erase(known->second.rank);
    here.insert(rank);
    known->second.rank = rank;
    return;
  }
  erase(rank.id);
  auto& there = *spots_.try_emplace(where).first;
  if (there.second.empty())
    index_.Add(point(where), &there);
  there.second.insert(rank);
  couriers_.insert_or_assign(rank.id, entry{rank, &there});
}

void courier_index::erase(courier_id id) {
  const auto known = couriers_.find(id);
  if (known == couriers_.end())
    return;
  auto* here = known->second.at;
  here->second.erase(known->second.rank);
  couriers_.erase(known);
  if (here->second.empty()) {
    index_.Remove(point(here->first), here);
    spots_.erase(here->first);
  }
}

std::vector<candidate> courier_index::nearest(position from, metres reach,
                                              std::span<const courier_id> excluded,
                                              std::size_t most) const {
  std::vector<candidate> best;
  if (most == 0)
    return best;
  S2ClosestPointQuery<spot*> query{&index_};
  S2ClosestPointQuery<spot*>::PointTarget target{point(from)};
  query.mutable_options()->set_inclusive_max_distance(search_limit(reach));
  // Most often the first spots decide. Ask for more only while all that came back tie or are
  // excluded.
  for (auto wanted = most + 1;; wanted *= 4) {
    query.mutable_options()->set_max_results(static_cast<int>(wanted));
    const auto found = query.FindClosestPoints(&target);
    best.clear();
    for (const auto& hit : found) {
      const auto away = distance(from, hit.data()->first);
      if (away > reach)
        continue;
      if (best.size() == most && away > best.back().distance)
        return best;
      for (const auto& rank : hit.data()->second) {
        const candidate c{rank, away};
        if (best.size() == most && !better(c, best.back()))
          break;
        if (contains(excluded, rank.id))
          continue;
        best.insert(std::upper_bound(best.begin(), best.end(), c, better), c);
        if (best.size() > most)
          best.pop_back();
      }
    }
    if (found.size() < wanted || wanted > std::numeric_limits<int>::max() / 4)
      return best;
  }
}

} // namespace pickup::domain

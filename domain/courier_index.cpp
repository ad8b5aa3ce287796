#include "domain/courier_index.hpp"

#include <s2/s1angle.h>
#include <s2/s1chord_angle.h>
#include <s2/s2earth.h>
#include <s2/s2latlng.h>

#include <algorithm>

namespace pickup::domain {

namespace {

S2Point point(position p) {
  return S2LatLng::FromDegrees(p.lat(), p.lng()).ToPoint();
}

// As a squared chord, and a hair more: what lies at the very edge is for the exact test.
double chord(metres reach) {
  constexpr double half_way_round = 20'037'000;
  if (reach.value() >= half_way_round)
    return 5; // no chord is longer
  return S1ChordAngle{
      S1Angle::Radians(S2Earth::MetersToRadians(reach.value() * (1 + 1e-9) + 1e-3))}
      .length2();
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
    index_.add(point(where), &there);
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
    index_.remove(point(here->first), here);
    spots_.erase(here->first);
  }
}

std::vector<candidate> courier_index::nearest(position from, metres reach,
                                              std::span<const courier_id> excluded,
                                              std::size_t most) const {
  std::vector<candidate> best;
  if (most == 0)
    return best;
  const auto limit = chord(reach);
  index_.search(point(from), limit,
                [&, furthest = limit](const spot* at, double length2) mutable {
                  const metres away{S2Earth::ToMeters(S1ChordAngle::FromLength2(length2))};
                  if (away > reach)
                    return furthest;
                  for (const auto& rank : at->second) {
                    const candidate c{rank, away};
                    if (best.size() == most && !better(c, best.back()))
                      break;
                    if (contains(excluded, rank.id))
                      continue;
                    best.insert(std::upper_bound(best.begin(), best.end(), c, better), c);
                    if (best.size() > most)
                      best.pop_back();
                  }
                  if (best.size() == most)
                    furthest = std::min(furthest, chord(best.back().distance));
                  return furthest;
                });
  return best;
}

} // namespace pickup::domain

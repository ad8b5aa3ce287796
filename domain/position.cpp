#include "domain/position.hpp"

#include <s2/s2earth.h>
#include <s2/s2latlng.h>

#include <cmath>

namespace pickup::domain {

std::optional<position> position::at(double lat, double lng) {
  // Written so that NaN fails.
  if (!(std::abs(lat) <= 90.0) || !(std::abs(lng) <= 180.0))
    return std::nullopt;
  return position{lat, lng};
}

bool box::contains(position p) const {
  const bool after_west = p.lng() >= south_west.lng();
  const bool before_east = p.lng() <= north_east.lng();
  const bool between = south_west.lng() <= north_east.lng() ? after_west && before_east
                                                            : after_west || before_east;
  return between && p.lat() >= south_west.lat() && p.lat() <= north_east.lat();
}

metres distance(position a, position b) {
  const auto from = S2LatLng::FromDegrees(a.lat(), a.lng()).ToPoint();
  const auto to = S2LatLng::FromDegrees(b.lat(), b.lng()).ToPoint();
  return metres{S2Earth::ToMeters(S1ChordAngle(from, to))};
}

} // namespace pickup::domain

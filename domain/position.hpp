// Positions on the earth and distances between them. Pure values.
#pragma once

#include <compare>
#include <optional>

namespace pickup::domain {

/// A length along the earth's surface.
class metres {
public:
  constexpr metres() = default;
  constexpr explicit metres(double value) : value_(value) {}
  constexpr double value() const { return value_; }
  friend constexpr auto operator<=>(metres, metres) = default;

private:
  double value_ = 0;
};

/// A latitude and longitude in degrees (WGS 84 coordinates, read on a sphere). Always in range.
class position {
public:
  /// Nothing when a value is not finite, |lat| > 90 or |lng| > 180.
  static std::optional<position> at(double lat, double lng);

  constexpr position() = default;

  constexpr double lat() const { return lat_; }
  constexpr double lng() const { return lng_; }

  friend constexpr bool operator==(position, position) = default;
  friend constexpr auto operator<=>(position, position) = default;

private:
  constexpr position(double lat, double lng) : lat_(lat), lng_(lng) {}

  double lat_ = 0;
  double lng_ = 0;
};

/// What lies between two latitudes and two longitudes, the edges too. When its west is east of
/// its east it goes across the date line.
struct box {
  position south_west;
  position north_east;

  bool contains(position p) const;
};

/// The shortest way over the surface, on a sphere of the earth's mean radius (6,371.01 km, as
/// S2 has it): within 0.6 % of the ellipsoid's.
metres distance(position a, position b);

} // namespace pickup::domain

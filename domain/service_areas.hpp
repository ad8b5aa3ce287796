// Where each service comes to. Immutable once made, so shared between threads without locks.
#pragma once

#include "domain/position.hpp"
#include "domain/result.hpp"
#include "domain/service.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pickup::domain {

/// A closed line, its first point again as its last, in either direction. Between two points it
/// runs the shortest way.
using ring = std::vector<position>;

/// What lies inside `outer` and in none of the holes.
struct polygon {
  ring outer;
  std::vector<ring> holes;
};

/// An area as configured. Its polygons may overlap.
struct area_outline {
  std::string name;
  std::optional<domain::service> only; ///< the service it is for; unset: all
  std::vector<polygon> polygons;
};

/// An area, and how far it is from a place to its outline.
struct nearest_area {
  std::string name;
  metres distance;

  friend bool operator==(const nearest_area&, const nearest_area&) = default;
};

/// The areas of all services. A service that no area speaks of comes everywhere.
///
/// A place on an outline, or within a metre of it, is inside: nobody's phone knows better. This
/// holds for the outlines of holes too.
class service_areas {
public:
  static constexpr std::size_t most_areas = 1'000;
  static constexpr std::size_t most_points = 100'000; ///< of all areas together
  static constexpr std::size_t longest_name = 100;    ///< bytes

  /// Every service comes everywhere.
  service_areas();
  service_areas(service_areas&&) noexcept;
  service_areas& operator=(service_areas&&) noexcept;
  ~service_areas();

  /// Errors: invalid_argument, naming the area and the ring: too many areas or points, a name
  /// that is missing, too long or taken, a ring that is not closed, has fewer than four points,
  /// or crosses or touches itself or another of its polygon, a hole that is not a hole.
  static result<service_areas> make(std::vector<area_outline> outlines);

  /// Nothing when the service comes to this place; else the area nearest to it.
  std::optional<nearest_area> missed(service s, position where) const;

  std::size_t size() const;

private:
  struct area;

  std::vector<std::unique_ptr<area>> areas_;
};

} // namespace pickup::domain

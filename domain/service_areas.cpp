#include "domain/service_areas.hpp"

#include <s2/s2earth.h>
#include <s2/s2error.h>
#include <s2/s2latlng.h>
#include <s2/s2loop.h>
#include <s2/s2polygon.h>

#include <algorithm>
#include <set>
#include <utility>

namespace pickup::domain {

namespace {

constexpr metres edge_width{1};

S2Point point(position p) {
  return S2LatLng::FromDegrees(p.lat(), p.lng()).ToPoint();
}

std::string quoted(const std::string& name) {
  return '"' + name + '"';
}

error bad_areas(std::string reason) {
  return {errc::invalid_argument, "read areas: " + std::move(reason), {}};
}

error bad_outline(const area_outline& of, std::string reason) {
  return bad_areas("area " + quoted(of.name) + ": " + std::move(reason));
}

// The side of a ring that is meant is always the smaller one, whichever way it is written.
// Errors say what is wrong with it.
result<std::unique_ptr<S2Loop>> loop_of(const ring& r) {
  const auto refuse = [](std::string reason) {
    return error{errc::invalid_argument, std::move(reason), {}};
  };
  if (r.size() < 4)
    return refuse("must have at least 4 points, got " + std::to_string(r.size()));
  if (r.front() != r.back())
    return refuse("must be closed: the last point must be the first one again");
  std::vector<S2Point> points;
  std::transform(r.begin(), r.end() - 1, std::back_inserter(points), point);
  auto loop = std::make_unique<S2Loop>(points, S2Debug::DISABLE);
  if (S2Error wrong; loop->FindValidationError(&wrong))
    return refuse(wrong.text());
  loop->Normalize();
  return loop;
}

// Errors name the ring: 1 is the outer one.
result<std::unique_ptr<S2Polygon>> polygon_of(const polygon& p) {
  const auto refuse = [](std::size_t which, const std::string& reason) {
    return error{errc::invalid_argument, "ring " + std::to_string(which) + ": " + reason, {}};
  };
  std::vector<std::unique_ptr<S2Loop>> loops;
  for (std::size_t i = 0; i <= p.holes.size(); ++i) {
    auto made = loop_of(i == 0 ? p.outer : p.holes[i - 1]);
    if (!made)
      return refuse(i + 1, made.error().text);
    if (i > 0 && !loops.front()->Contains(**made))
      return refuse(i + 1, "is a hole that is not inside the outer ring");
    loops.push_back(std::move(*made));
  }
  auto whole = std::make_unique<S2Polygon>();
  whole->set_s2debug_override(S2Debug::DISABLE);
  whole->InitNested(std::move(loops));
  if (S2Error wrong; whole->FindValidationError(&wrong))
    return error{errc::invalid_argument, wrong.text(), {}};
  for (int i = 0; i < whole->num_loops(); ++i)
    if (whole->loop(i)->depth() > 1)
      return error{errc::invalid_argument, "has a hole inside a hole", {}};
  return whole;
}

std::size_t points_of(const std::vector<area_outline>& outlines) {
  std::size_t n = 0;
  for (const auto& o : outlines)
    for (const auto& p : o.polygons) {
      n += p.outer.size();
      for (const auto& hole : p.holes)
        n += hole.size();
    }
  return n;
}

} // namespace

struct service_areas::area {
  std::string name;
  std::optional<domain::service> only;
  std::vector<std::unique_ptr<S2Polygon>> polygons;

  bool serves(service s) const { return only.value_or(s) == s; }

  bool contains(const S2Point& where) const {
    return std::ranges::any_of(polygons, [&](const auto& p) { return p->Contains(where); });
  }

  metres distance(const S2Point& where) const {
    auto least = S1Angle::Infinity();
    for (const auto& p : polygons)
      least = std::min(least, p->GetDistance(where));
    return metres{S2Earth::ToMeters(least)};
  }
};

service_areas::service_areas() = default;
service_areas::service_areas(service_areas&&) noexcept = default;
service_areas& service_areas::operator=(service_areas&&) noexcept = default;
service_areas::~service_areas() = default;

result<service_areas> service_areas::make(std::vector<area_outline> outlines) {
  if (outlines.size() > most_areas)
    return bad_areas("must be at most " + std::to_string(most_areas) + " areas, got "
                     + std::to_string(outlines.size()));
  if (const auto n = points_of(outlines); n > most_points)
    return bad_areas("must have at most " + std::to_string(most_points) + " points, got "
                     + std::to_string(n));
  service_areas all;
  std::set<std::string> names;
  for (auto& o : outlines) {
    if (o.name.empty() || o.name.size() > longest_name)
      return bad_outline(o, "its name must have 1 to " + std::to_string(longest_name)
                                + " bytes, got " + std::to_string(o.name.size()));
    if (!names.insert(o.name).second)
      return bad_outline(o, "its name is taken by another");
    if (o.polygons.empty())
      return bad_outline(o, "has no polygon");
    auto made = std::make_unique<area>();
    for (std::size_t i = 0; i < o.polygons.size(); ++i) {
      auto p = polygon_of(o.polygons[i]);
      if (!p)
        return bad_outline(o, "polygon " + std::to_string(i + 1) + ": " + p.error().text);
      made->polygons.push_back(std::move(*p));
    }
    made->name = std::move(o.name);
    made->only = o.only;
    all.areas_.push_back(std::move(made));
  }
  return all;
}

std::optional<nearest_area> service_areas::missed(service s, position where) const {
  const auto here = point(where);
  const auto contains = [&](const auto& a) { return a->serves(s) && a->contains(here); };
  if (std::ranges::any_of(areas_, contains))
    return std::nullopt;
  std::optional<nearest_area> best;
  for (const auto& a : areas_)
    if (a->serves(s))
      if (const auto away = a->distance(here); !best || away < best->distance)
        best = nearest_area{a->name, away};
  if (best && best->distance <= edge_width)
    return std::nullopt;
  return best;
}

std::size_t service_areas::size() const {
  return areas_.size();
}

} // namespace pickup::domain

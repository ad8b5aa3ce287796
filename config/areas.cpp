#include "config/areas.hpp"

#include "config/text_file.hpp"

#include <simdjson.h>

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace pickup::config {

namespace {

namespace dom = simdjson::dom;

using domain::error;
using domain::result;

constexpr std::size_t longest_file = 16U << 20U;

error bad(std::string reason) {
  return {domain::errc::invalid_argument, std::move(reason), {}};
}

// The member of an object; nothing when there is none of that type.
template <class T>
std::optional<T> member(dom::element of, std::string_view name) {
  T value;
  return of[name].get(value) ? std::nullopt : std::optional{value};
}

result<domain::position> read_position(dom::element from) {
  dom::array numbers;
  double lng = 0;
  double lat = 0;
  if (from.get(numbers) || numbers.size() < 2 || numbers.size() > 3 || numbers.at(0).get(lng)
      || numbers.at(1).get(lat))
    return bad("a position must be [longitude, latitude]");
  const auto p = domain::position::at(lat, lng);
  if (!p)
    return bad(std::string{"["}.append(std::to_string(lng) + ", " + std::to_string(lat))
               + "] is not on earth: longitude comes first, then latitude");
  return *p;
}

result<domain::ring> read_ring(dom::element from) {
  dom::array positions;
  if (from.get(positions))
    return bad("a ring must be an array of positions");
  domain::ring r;
  for (const auto item : positions) {
    const auto p = read_position(item);
    if (!p)
      return p.error();
    r.push_back(*p);
  }
  return r;
}

result<domain::polygon> read_polygon(dom::element from) {
  dom::array rings;
  if (from.get(rings) || rings.size() == 0)
    return bad("a polygon must be an array of rings, at least one");
  domain::polygon p;
  bool first = true;
  for (const auto item : rings) {
    auto r = read_ring(item);
    if (!r)
      return r.error();
    if (std::exchange(first, false))
      p.outer = std::move(*r);
    else
      p.holes.push_back(std::move(*r));
  }
  return p;
}

result<std::vector<domain::polygon>> read_geometry(dom::element from) {
  const auto type = member<std::string_view>(from, "type").value_or("");
  const auto coordinates = member<dom::array>(from, "coordinates");
  if ((type != "Polygon" && type != "MultiPolygon") || !coordinates)
    return bad("its geometry must be a Polygon or a MultiPolygon, with coordinates");
  std::vector<domain::polygon> polygons;
  const auto add = [&](dom::element item) -> domain::status_result {
    auto p = read_polygon(item);
    if (!p)
      return p.error();
    polygons.push_back(std::move(*p));
    return domain::done{};
  };
  if (type == "Polygon") {
    if (const auto added = add(*member<dom::element>(from, "coordinates")); !added)
      return added.error();
    return polygons;
  }
  for (const auto item : *coordinates)
    if (const auto added = add(item); !added)
      return added.error();
  return polygons;
}

result<domain::area_outline> read_feature(dom::element from) {
  if (member<std::string_view>(from, "type") != "Feature")
    return bad("its type must be Feature");
  const auto properties = member<dom::element>(from, "properties");
  const auto name = properties ? member<std::string_view>(*properties, "name") : std::nullopt;
  if (!name)
    return bad("its properties must have a text as name");
  domain::area_outline area;
  area.name = std::string{*name};
  if (const auto named = member<dom::element>(*properties, "service");
      named && !named->is_null()) {
    std::string_view text;
    area.only = named->get(text) ? std::nullopt : domain::parse_service(text);
    if (!area.only)
      return bad("its service must be pickup or taxi");
  }
  const auto geometry = member<dom::element>(from, "geometry");
  if (!geometry)
    return bad("has no geometry");
  auto polygons = read_geometry(*geometry);
  if (!polygons)
    return polygons.error();
  area.polygons = std::move(*polygons);
  return area;
}

} // namespace

result<domain::service_areas> parse_areas(const std::string& geojson) {
  if (geojson.size() > longest_file)
    return bad("read areas: must have at most " + std::to_string(longest_file) + " bytes, got "
               + std::to_string(geojson.size()));
  dom::parser parser;
  dom::element root;
  if (const auto code = parser.parse(geojson).get(root))
    return bad(std::string{"read areas: is not JSON: "} + simdjson::error_message(code));
  const auto features = member<dom::array>(root, "features");
  if (member<std::string_view>(root, "type") != "FeatureCollection" || !features)
    return bad("read areas: must be a FeatureCollection, with features");
  std::vector<domain::area_outline> outlines;
  for (const auto item : *features) {
    auto area = read_feature(item);
    if (!area)
      return bad("read areas: feature " + std::to_string(outlines.size() + 1) + ": "
                 + area.error().text);
    outlines.push_back(std::move(*area));
  }
  if (outlines.empty())
    return bad("read areas: has no features; to come everywhere, name no file");
  return domain::service_areas::make(std::move(outlines));
}

result<domain::service_areas> read_areas(const settings& s) {
  if (s.areas_file.empty())
    return domain::service_areas{};
  const auto text = read_text_file(s.areas_file);
  if (!text)
    return text.error();
  auto areas = parse_areas(*text);
  if (!areas)
    areas.error().text = s.areas_file + ": " + areas.error().text;
  return areas;
}

} // namespace pickup::config

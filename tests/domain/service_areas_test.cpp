#include "domain/service_areas.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

using namespace pickup::domain;

namespace {

position at(double lat, double lng) {
  return *position::at(lat, lng);
}

/// A square about a place, so many degrees wide, counterclockwise.
ring square(position middle, double width) {
  const auto s = width / 2;
  return {at(middle.lat() - s, middle.lng() - s), at(middle.lat() - s, middle.lng() + s),
          at(middle.lat() + s, middle.lng() + s), at(middle.lat() + s, middle.lng() - s),
          at(middle.lat() - s, middle.lng() - s)};
}

ring reversed(ring r) {
  std::reverse(r.begin(), r.end());
  return r;
}

const position seoul = at(37.5, 127);
const position busan = at(35.1, 129);

service_areas areas(std::vector<area_outline> outlines) {
  auto made = service_areas::make(std::move(outlines));
  if (!made)
    FAIL(made.error().text);
  return std::move(*made);
}

std::string refusal(std::vector<area_outline> outlines) {
  const auto made = service_areas::make(std::move(outlines));
  if (made)
    return "accepted";
  CHECK(made.error().code == errc::invalid_argument);
  return made.error().text;
}

std::string polygon_refusal(polygon p) {
  return refusal({{"서울", {}, {std::move(p)}}});
}

bool serves(const service_areas& a, position where, service s = service::pickup) {
  return !a.missed(s, where);
}

/// So many metres north of a place.
position north(position from, double metres) {
  return at(from.lat() + metres / 111'195, from.lng());
}

} // namespace

TEST_CASE("without areas every service comes everywhere") {
  for (auto s : services)
    CHECK(serves({}, at(-80, 10), s));
}

TEST_CASE("an area is what lies inside its ring, whichever way the ring is written") {
  for (const auto& r : {square(seoul, 0.2), reversed(square(seoul, 0.2))}) {
    const auto a = areas({{"서울", {}, {{r, {}}}}});
    CHECK(serves(a, seoul));
    CHECK(serves(a, at(37.59, 127.09)));
    CHECK_FALSE(serves(a, at(37.61, 127)));
    CHECK_FALSE(serves(a, busan));
    CHECK_FALSE(serves(a, at(-37.5, -53)));
  }
}

TEST_CASE("a hole is outside, an area inside the hole is inside again") {
  for (const auto& hole : {square(seoul, 0.1), reversed(square(seoul, 0.1))}) {
    const auto ring_of_land = polygon{square(seoul, 0.2), {hole}};
    const auto a = areas({{"서울", {}, {ring_of_land}}});
    CHECK_FALSE(serves(a, seoul));
    CHECK(serves(a, at(37.58, 127)));
    const auto with_island = areas({{"서울", {}, {ring_of_land, {square(seoul, 0.02), {}}}}});
    CHECK(serves(with_island, seoul));
    CHECK_FALSE(serves(with_island, at(37.53, 127)));
  }
}

TEST_CASE("an area may have several polygons, and areas may overlap") {
  const auto a = areas({{"둘", {}, {{square(seoul, 0.2), {}}, {square(busan, 0.2), {}}}},
                        {"서울 북부", {}, {{square(at(37.6, 127), 0.2), {}}}}});
  CHECK(a.size() == 2);
  for (const auto& where : {seoul, busan, at(37.55, 127), at(37.65, 127)})
    CHECK(serves(a, where));
}

TEST_CASE("an outline, its corners and what is within a metre of it are inside") {
  const auto outer = square(seoul, 0.2);
  const auto a = areas({{"서울", {}, {{outer, {square(seoul, 0.1)}}}}});
  for (const auto& corner : outer)
    CHECK(serves(a, corner));
  for (const auto& corner : square(seoul, 0.1))
    CHECK(serves(a, corner));
  const auto edge = at(37.4, 127); // the shortest way between corners bulges north of it
  const auto bulge = a.missed(service::pickup, edge);
  REQUIRE(bulge);
  const auto on_edge = north(edge, bulge->distance.value());
  CHECK(serves(a, on_edge));
  CHECK(serves(a, north(on_edge, -0.9)));
  CHECK_FALSE(serves(a, north(on_edge, -1.1)));
}

TEST_CASE("a place outside hears of the nearest area and how far it is") {
  const auto a = areas(
      {{"서울", {}, {{square(seoul, 0.2), {}}}}, {"부산", {}, {{square(busan, 0.2), {}}}}});
  const auto from_north = a.missed(service::taxi, at(37.7, 127));
  REQUIRE(from_north);
  CHECK(from_north->name == "서울");
  CHECK(from_north->distance.value() == Approx(11'119.5).margin(30));
  const auto from_south = a.missed(service::taxi, at(34.9, 129));
  REQUIRE(from_south);
  CHECK(from_south->name == "부산");
}

TEST_CASE("from inside a hole the distance is that to its edge") {
  const auto a = areas({{"서울", {}, {{square(seoul, 0.2), {square(seoul, 0.1)}}}}});
  const auto inside = a.missed(service::pickup, at(37.53, 127));
  REQUIRE(inside);
  CHECK(inside->distance.value() == Approx(0.02 * 111'195).margin(30));
}

TEST_CASE("an area for one service counts for that alone; a service without any is free") {
  const auto taxis = areas({{"서울", service::taxi, {{square(seoul, 0.2), {}}}}});
  CHECK(serves(taxis, seoul, service::taxi));
  CHECK_FALSE(serves(taxis, busan, service::taxi));
  CHECK(serves(taxis, busan, service::pickup));
  const auto both = areas({{"서울", service::taxi, {{square(seoul, 0.2), {}}}},
                           {"부산", service::pickup, {{square(busan, 0.2), {}}}}});
  CHECK_FALSE(serves(both, busan, service::taxi));
  CHECK(both.missed(service::pickup, seoul)->name == "부산");
}

TEST_CASE("an area may lie across the date line and about a pole") {
  const auto dateline =
      areas({{"날짜선",
              {},
              {{{at(-1, 179), at(-1, -179), at(1, -179), at(1, 179), at(-1, 179)}, {}}}}});
  CHECK(serves(dateline, at(0, 180)));
  CHECK_FALSE(serves(dateline, at(0, 0)));
  const auto pole =
      areas({{"북극", {}, {{{at(80, 0), at(80, 120), at(80, -120), at(80, 0)}, {}}}}});
  CHECK(serves(pole, at(90, 0)));
  CHECK_FALSE(serves(pole, at(70, 0)));
}

// -- what is refused --

TEST_CASE("a ring that is open or has too few points is refused") {
  auto open = square(seoul, 0.2);
  open.pop_back();
  CHECK(polygon_refusal({open, {}})
        == "read areas: area \"서울\": polygon 1: ring 1: must be closed: the last point must "
           "be the first one again");
  CHECK(polygon_refusal({{seoul, busan, seoul}, {}}).find("must have at least 4 points, got 3")
        != std::string::npos);
  CHECK(polygon_refusal({{}, {}}).find("got 0") != std::string::npos);
  CHECK(polygon_refusal({square(seoul, 0.2), {open}}).find("ring 2: must be closed")
        != std::string::npos);
}

TEST_CASE("a ring that crosses itself or says a point twice is refused") {
  const ring bow{at(37, 127), at(38, 128), at(37, 128), at(38, 127), at(37, 127)};
  CHECK(polygon_refusal({bow, {}}).find("ring 1: ") != std::string::npos);
  auto twice = square(seoul, 0.2);
  twice.insert(twice.begin(), twice.front());
  CHECK(polygon_refusal({twice, {}}).find("ring 1: ") != std::string::npos);
}

TEST_CASE("a hole must lie inside the outer ring, and in no other hole") {
  const auto outer = square(seoul, 0.2);
  CHECK(polygon_refusal({outer, {square(busan, 0.1)}})
            .find("ring 2: is a hole that is not inside")
        != std::string::npos);
  CHECK(polygon_refusal({outer, {square(at(37.6, 127), 0.1)}})
        != "accepted"); // across the edge
  CHECK(polygon_refusal({outer, {square(seoul, 0.1), square(seoul, 0.05)}})
            .find("a hole inside a hole")
        != std::string::npos);
  CHECK(polygon_refusal({outer, {square(seoul, 0.1), square(at(37.53, 127), 0.1)}})
        != "accepted");
}

TEST_CASE("names must be there, short and no other area's") {
  const polygon land{square(seoul, 0.2), {}};
  CHECK(refusal({{"", {}, {land}}}).find("name must have 1 to 100 bytes") != std::string::npos);
  CHECK(refusal({{std::string(101, 'a'), {}, {land}}}).find("got 101") != std::string::npos);
  CHECK(refusal({{"서울", {}, {land}}, {"서울", service::taxi, {land}}})
        == "read areas: area \"서울\": its name is taken by another");
}

TEST_CASE("an area without a polygon is refused, and more than there is room for") {
  CHECK(refusal({{"서울", {}, {}}}) == "read areas: area \"서울\": has no polygon");
  std::vector<area_outline> many;
  for (std::size_t i = 0; i <= service_areas::most_areas; ++i)
    many.push_back({std::to_string(i), {}, {{square(seoul, 0.2), {}}}});
  CHECK(refusal(many).find("at most 1000 areas, got 1001") != std::string::npos);
  CHECK(polygon_refusal({ring(service_areas::most_points + 1, seoul), {}})
            .find("at most 100000 points, got 100001")
        != std::string::npos);
}

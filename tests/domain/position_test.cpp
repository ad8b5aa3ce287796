#include "domain/position.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace pickup::domain;

namespace {

double between(double lat_a, double lng_a, double lat_b, double lng_b) {
  return distance(*position::at(lat_a, lng_a), *position::at(lat_b, lng_b)).value();
}

} // namespace

TEST_CASE("the edges of the map are on it") {
  CHECK(position::at(90, 180));
  CHECK(position::at(-90, -180));
}

TEST_CASE("what is beyond the edges or no number is no position") {
  constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
  constexpr auto inf = std::numeric_limits<double>::infinity();
  for (const auto lat : {90.000001, -91.0, nan, inf, -inf})
    CHECK_FALSE(position::at(lat, 0));
  for (const auto lng : {180.000001, -181.0, nan, inf, -inf})
    CHECK_FALSE(position::at(0, lng));
}

TEST_CASE("distances are those of a sphere of the earth's mean radius") {
  // One degree of a great circle, and from Seoul's city hall to Busan's.
  CHECK(between(0, 0, 0, 1) == Approx(111'195).epsilon(1e-4));
  CHECK(between(37.5665, 126.9780, 35.1798, 129.0750) == Approx(324'900).epsilon(5e-3));
}

TEST_CASE("the shortest way may cross the date line or a pole") {
  CHECK(between(0, 179.5, 0, -179.5) == Approx(111'195).epsilon(1e-4));
  CHECK(between(89.5, 0, 89.5, 180) == Approx(111'195).epsilon(1e-4));
  CHECK(between(0, 180, 0, -180) == Approx(0).margin(1e-6));
  CHECK(between(90, 0, 90, 77) == Approx(0).margin(1e-6));
}

TEST_CASE("a box has what is between its edges, and them too") {
  const box seoul{*position::at(37.4, 126.8), *position::at(37.7, 127.2)};
  CHECK(seoul.contains(*position::at(37.5, 127)));
  CHECK(seoul.contains(*position::at(37.4, 127.2)));
  CHECK_FALSE(seoul.contains(*position::at(37.39, 127)));
  CHECK_FALSE(seoul.contains(*position::at(37.71, 127)));
  CHECK_FALSE(seoul.contains(*position::at(37.5, 126.7)));
  CHECK_FALSE(seoul.contains(*position::at(37.5, 127.3)));
}

TEST_CASE("a box may go across the date line") {
  const box fiji{*position::at(-20, 177), *position::at(-15, -178)};
  CHECK(fiji.contains(*position::at(-17, 178)));
  CHECK(fiji.contains(*position::at(-17, -179)));
  CHECK_FALSE(fiji.contains(*position::at(-17, 0)));
}

TEST_CASE("opposite ends of the earth are half its girth apart") {
  CHECK(between(90, 0, -90, 0) == Approx(20'015'118).epsilon(1e-6));
}

TEST_CASE("a place is as far from another as that one from it") {
  CHECK(between(37.5, 127, 35, 129) == between(35, 129, 37.5, 127));
  CHECK(between(37.5, 127, 37.5, 127) == 0);
}

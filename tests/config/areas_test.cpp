#include "config/areas.hpp"
#include "config/places.hpp"
#include "domain/gazetteer.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>

using namespace pickup;
using domain::service;

namespace {

constexpr auto square = "[[126.9, 37.4], [127.1, 37.4], [127.1, 37.6], [126.9, 37.6], "
                        "[126.9, 37.4]]";

std::string polygon(const std::string& rings) {
  return R"({"type": "Polygon", "coordinates": [)" + rings + "]}";
}

std::string feature(const std::string& properties, const std::string& geometry) {
  return R"({"type": "Feature", "properties": )" + properties + R"(, "geometry": )" + geometry
         + "}";
}

std::string collection(const std::string& features) {
  return R"({"type": "FeatureCollection", "features": [)" + features + "]}";
}

std::string areas_refusal(const std::string& geojson) {
  const auto made = config::parse_areas(geojson);
  if (made)
    return "accepted";
  CHECK(made.error().code == domain::errc::invalid_argument);
  return made.error().text;
}

// What is said of the only feature.
std::string feature_refusal(const std::string& one) {
  const std::string opening = "read areas: feature 1: ";
  const auto text = areas_refusal(collection(one));
  return text.starts_with(opening) ? text.substr(opening.size()) : text;
}

std::string geometry_refusal(const std::string& geometry) {
  return feature_refusal(feature(R"({"name": "서울"})", geometry));
}

domain::position at(double lat, double lng) {
  return *domain::position::at(lat, lng);
}

domain::service_areas seoul() {
  config::settings s;
  s.areas_file = PICKUP_SEOUL_FILE;
  auto areas = config::read_areas(s);
  if (!areas)
    FAIL(areas.error().text);
  return std::move(*areas);
}

} // namespace

TEST_CASE("a polygon is an area, longitude before latitude") {
  const auto areas = config::parse_areas(
      collection(feature(R"({"name": "서울", "color": "blue"})", polygon(square))));
  REQUIRE(areas);
  CHECK(areas->size() == 1);
  CHECK_FALSE(areas->missed(service::pickup, at(37.5, 127)));
  CHECK(areas->missed(service::taxi, at(37.7, 127))->name == "서울");
}

TEST_CASE("further rings are holes, and an altitude is passed over") {
  const auto hole = "[[126.95, 37.45, 12], [127.05, 37.45, 12.5], [127.05, 37.55, 12], "
                    "[126.95, 37.45, 12]]";
  const auto areas = config::parse_areas(
      collection(feature(R"({"name": "서울"})", polygon(std::string{square} + ", " + hole))));
  REQUIRE(areas);
  CHECK(areas->missed(service::pickup, at(37.48, 127.03)));
  CHECK_FALSE(areas->missed(service::pickup, at(37.42, 127)));
}

TEST_CASE("a multipolygon is one area, and an area may be for one service") {
  const auto other = "[[129.0, 35.0], [129.2, 35.0], [129.2, 35.2], [129.0, 35.0]]";
  const auto areas = config::parse_areas(
      collection(feature(R"({"name": "둘", "service": "taxi"})",
                         R"({"type": "MultiPolygon", "coordinates": [[)" + std::string{square}
                             + "], [" + other + "]]}")
                 + ", " + feature(R"({"name": "서울", "service": null})", polygon(square))));
  REQUIRE(areas);
  CHECK(areas->size() == 2);
  CHECK_FALSE(areas->missed(service::taxi, at(35.05, 129.15)));
  CHECK(areas->missed(service::pickup, at(35.05, 129.15))->name == "서울");
}

TEST_CASE("what is no feature collection is refused") {
  CHECK(areas_refusal("").starts_with("read areas: is not JSON"));
  CHECK(areas_refusal("{").starts_with("read areas: is not JSON"));
  const std::string must = "read areas: must be a FeatureCollection, with features";
  CHECK(areas_refusal("[]") == must);
  CHECK(areas_refusal("7") == must);
  CHECK(areas_refusal(R"({"type": "FeatureCollection"})") == must);
  CHECK(areas_refusal(R"({"type": "FeatureCollection", "features": {}})") == must);
  CHECK(areas_refusal(polygon(square)) == must);
  CHECK(areas_refusal(collection("")).starts_with("read areas: has no features"));
  CHECK(areas_refusal(std::string((16U << 20U) + 1, ' '))
            .starts_with("read areas: must have at most"));
  CHECK(areas_refusal(std::string(1000, '[')).starts_with("read areas: is not JSON"));
}

TEST_CASE("a feature that is not whole is refused, by its place") {
  const std::string name = "its properties must have a text as name";
  CHECK(feature_refusal("7") == "its type must be Feature");
  CHECK(feature_refusal(R"({"type": "feature"})") == "its type must be Feature");
  CHECK(feature_refusal(R"({"type": "Feature"})") == name);
  CHECK(feature_refusal(feature("null", polygon(square))) == name);
  CHECK(feature_refusal(feature(R"({"name": 7})", polygon(square))) == name);
  for (const auto* s : {R"("bus")", "7", "[]"})
    CHECK(feature_refusal(
              feature(R"({"name": "a", "service": )" + std::string{s} + "}", polygon(square)))
          == "its service must be pickup or taxi");
  CHECK(feature_refusal(R"({"type": "Feature", "properties": {"name": "a"}})")
        == "has no geometry");
  CHECK(areas_refusal(collection(feature(R"({"name": "a"})", polygon(square)) + ", 7"))
        == "read areas: feature 2: its type must be Feature");
}

TEST_CASE("a geometry that is no area is refused") {
  const std::string must = "its geometry must be a Polygon or a MultiPolygon, with coordinates";
  CHECK(geometry_refusal("null") == must);
  CHECK(geometry_refusal(R"({"type": "Point", "coordinates": [127, 37]})") == must);
  CHECK(geometry_refusal(R"({"type": "Polygon"})") == must);
  CHECK(geometry_refusal(R"({"type": "Polygon", "coordinates": 7})") == must);
  CHECK(geometry_refusal(polygon("")) == "a polygon must be an array of rings, at least one");
  CHECK(geometry_refusal(polygon("7")) == "a ring must be an array of positions");
  for (const auto* p : {"[7]", "[[7]]", R"([["a", 7]])", "[[1, 2, 3, 4]]", "[7, 8]"})
    CHECK(geometry_refusal(polygon(p)) == "a position must be [longitude, latitude]");
}

TEST_CASE("latitude before longitude is refused where it shows") {
  CHECK(
      geometry_refusal(polygon("[[37.4, 126.9], [37.4, 127.1], [37.6, 127.1], [37.4, 126.9]]"))
      == "[37.400000, 126.900000] is not on earth: longitude comes first, then latitude");
}

TEST_CASE("a ring that is no ring is refused, with its area and place") {
  CHECK(
      areas_refusal(collection(feature(
          R"({"name": "서울"})", polygon("[[127, 37], [128, 37], [128, 38], [127, 38]]"))))
      == "read areas: area \"서울\": polygon 1: ring 1: must be closed: the last point must be "
         "the first one again");
}

TEST_CASE("without a file services come everywhere; a file's name is in its refusal") {
  config::settings s;
  CHECK(config::read_areas(s)->size() == 0);
  testing::temp_dir dir;
  s.areas_file = (dir.path() / "areas.geojson").string();
  CHECK(config::read_areas(s).error().code == domain::errc::io);
  std::ofstream{s.areas_file} << "{}";
  CHECK(config::read_areas(s).error().text
        == s.areas_file + ": read areas: must be a FeatureCollection, with features");
}

// -- the shipped example --

TEST_CASE("the shipped outline of Seoul holds its districts and well-known places") {
  const auto areas = seoul();
  const auto places = *domain::gazetteer::parse(config::builtin_places());
  for (const std::string name :
       {"종로구",     "중구",   "용산구",     "성동구", "광진구",   "동대문구",      "중랑구",
        "성북구",     "강북구", "도봉구",     "노원구", "은평구",   "서대문구",      "마포구",
        "양천구",     "강서구", "구로구",     "금천구", "영등포구", "동작구",        "관악구",
        "서초구",     "강남구", "송파구",     "강동구", "서울역",   "서울시청",      "이수",
        "사당",       "잠실",   "상일동",     "온수",   "방화",     "도봉산",        "수락산",
        "북한산우이", "장지",   "청계산입구", "신내",   "구파발",   "가산디지털단지"}) {
    CAPTURE(name);
    const auto place = places.find(name);
    REQUIRE(place);
    CHECK_FALSE(areas.missed(service::pickup, place->where));
  }
}

TEST_CASE("the shipped outline of Seoul leaves its neighbours out") {
  const auto areas = seoul();
  const auto places = *domain::gazetteer::parse(config::builtin_places());
  for (const std::string name :
       {"과천", "광명", "철산", "부천", "김포", "고양", "의정부", "구리", "하남", "성남",
        "판교", "안양", "인천", "수원", "부산"}) {
    CAPTURE(name);
    const auto place = places.find(name);
    REQUIRE(place);
    CHECK(areas.missed(service::taxi, place->where)->name == "서울");
  }
}

#include "config/places.hpp"
#include "domain/gazetteer.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>

using namespace pickup;
using domain::metres;

namespace {

const domain::gazetteer& places() {
  static const auto parsed = domain::gazetteer::parse(config::builtin_places());
  REQUIRE(parsed);
  return *parsed;
}

domain::named_place place(std::string_view name) {
  const auto found = places().find(name);
  if (!found)
    FAIL("no such place: " << name);
  return *found;
}

constexpr std::array districts{"종로구",   "중구",   "용산구",   "성동구",   "광진구",
                               "동대문구", "중랑구", "성북구",   "강북구",   "도봉구",
                               "노원구",   "은평구", "서대문구", "마포구",   "양천구",
                               "강서구",   "구로구", "금천구",   "영등포구", "동작구",
                               "관악구",   "서초구", "강남구",   "송파구",   "강동구"};

constexpr std::array cities{"서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종",
                            "수원", "성남", "고양", "용인", "창원", "청주", "전주", "천안",
                            "포항", "제주", "춘천", "강릉", "여수", "경주", "진주", "서귀포"};

} // namespace

TEST_CASE("every district of Seoul is a place, with and without its suffix") {
  for (const std::string district : districts) {
    CAPTURE(district);
    CHECK(place(district).name == district);
    if (district != "중구") // 중 alone names nothing
      CHECK(
          distance(place(district.substr(0, district.size() - std::string{"구"}.size())).where,
                   place(district).where)
          < metres{5'000});
  }
}

TEST_CASE("the other cities are places") {
  for (const auto* city : cities)
    CHECK(place(city).name == city);
}

TEST_CASE("beside districts and cities, well over 150 neighbourhoods and stations are places") {
  CHECK(places().size() >= 150 + districts.size() + cities.size());
}

TEST_CASE("the names customers use in the first examples are places") {
  for (const auto* name :
       {"이수",           "사당",    "마포",           "mapo",           "서대문구",
        "sadang",         "isu",     "Sadang",         "강남",           "홍대",
        "홍대입구",       "잠실",    "신촌",           "합정",           "여의도",
        "서울역",         "시청",    "서울시청",       "명동",           "이태원",
        "건대입구",       "성수",    "왕십리",         "종로",           "광화문",
        "노량진",         "신림",    "구로디지털단지", "가산디지털단지", "판교",
        "Mapo-gu",        "MAPO GU", "이수역",         "사당동",         "Seoul Station",
        "gangnam station"})
    CHECK(place(name).name != "");
}

TEST_CASE("a bare name that several cities have is Seoul's") {
  for (const auto* name : {"중구", "강서구", "신촌", "송정"})
    CHECK(distance(place(name).where, place("서울시청").where) < metres{20'000});
}

TEST_CASE("Gwangju the metropolis is not Gwangju in Gyeonggi") {
  CHECK(place("광주").where == place("광주광역시").where);
  CHECK(distance(place("광주").where, place("경기광주").where) > metres{200'000});
  CHECK_FALSE(places().find("광주시")); // which of the two is a guess
}

TEST_CASE("some well-known distances come out right") {
  const auto between = [](std::string_view a, std::string_view b) {
    return distance(place(a).where, place(b).where).value();
  };
  CHECK(between("이수", "총신대입구") == 0);
  CHECK(between("사당", "이수") == Approx(1'090).margin(100));
  CHECK(between("강남", "역삼") == Approx(850).margin(100));
  CHECK(between("서울역", "부산역") == Approx(325'000).margin(5'000));
}

TEST_CASE("every place has two names of its own, in Korea") {
  std::set<std::string> names;
  auto csv = config::builtin_places();
  csv.remove_prefix(csv.find('\n') + 1);
  while (!csv.empty()) {
    const auto line = csv.substr(0, csv.find('\n'));
    csv.remove_prefix(line.size() + 1);
    const auto name = line.substr(0, line.find(','));
    const auto rest = line.substr(name.size() + 1);
    const auto romanised = rest.substr(0, rest.find(','));
    CAPTURE(line);
    CHECK(names.emplace(name).second);
    CHECK(names.emplace(romanised).second);
    CHECK(std::ranges::all_of(romanised, [](char c) { return c >= ' ' && c <= '~'; }));
    const auto where = place(name).where;
    CHECK((where.lat() > 33.1 && where.lat() < 38.7));
    CHECK((where.lng() > 125.9 && where.lng() < 129.6));
    CHECK(place(romanised).where == where);
  }
}

TEST_CASE("misspelt places bring their near spellings") {
  const auto best = [](std::string_view typed) {
    const auto near = places().near(typed);
    return near.empty() ? std::string{} : near.front();
  };
  CHECK(best("이슈") == "이수");
  CHECK(best("서데문구") == "서대문구");
  CHECK(best("홍데입구") == "홍대입구");
  CHECK(best("구로디지털") == "구로디지털단지");
  CHECK(best("gangnm") == "강남");
  CHECK(best("Itaewan") == "이태원");
  CHECK(best("asdfghjkl").empty());
}

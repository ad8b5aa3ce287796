#include "domain/gazetteer.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace pickup::domain;
using names = std::vector<std::string>;

namespace {

constexpr std::string_view header = "name,romanised,lat,lng\n";

gazetteer with(std::string_view lines) {
  auto parsed = gazetteer::parse(std::string{header}.append(lines));
  REQUIRE(parsed);
  return *parsed;
}

std::string refusal(std::string_view csv) {
  const auto parsed = gazetteer::parse(csv);
  return parsed ? "accepted" : parsed.error().text;
}

/// The Korean name of the place that `typed` finds; empty when it finds none.
std::string found(const gazetteer& g, std::string_view typed) {
  const auto place = g.find(typed);
  return place ? place->name : "";
}

const auto seoul = [] {
  return with("마포구,Mapo-gu,37.5663,126.9019\n"
              "마포,Mapo,37.5396,126.9459\n"
              "서대문구,Seodaemun-gu,37.5791,126.9368\n"
              "중구,Jung-gu,37.5641,126.9979\n"
              "명동,Myeong-dong,37.5610,126.9863\n"
              "이수,Isu,37.4863,126.9820\n"
              "서울,Seoul,37.5665,126.9780\n"
              "서울역,Seoul Station,37.5547,126.9707\n"
              "신설동,Sinseol-dong,37.5753,127.0251\n"
              "대구,Daegu,35.8714,128.6014\n");
};

} // namespace

TEST_CASE("a place is found with its position") {
  const auto place = seoul().find("이수");
  REQUIRE(place);
  CHECK(place->romanised == "Isu");
  CHECK(place->where == position::at(37.4863, 126.9820));
}

TEST_CASE("case, spaces and hyphens make no difference") {
  const auto g = seoul();
  for (const auto* typed : {"isu", "ISU", " I su ", "i-su", "이 수"})
    CHECK(found(g, typed) == "이수");
  for (const auto* typed : {"mapo-gu", "Mapo Gu", "MAPOGU", "마포 구"})
    CHECK(found(g, typed) == "마포구");
}

TEST_CASE("a suffix too many makes no difference") {
  const auto g = seoul();
  for (const auto* typed : {"이수역", "이수동", "이수구", "Isu Station", "isu-dong"})
    CHECK(found(g, typed) == "이수");
}

TEST_CASE("a suffix left out makes no difference") {
  const auto g = seoul();
  CHECK(found(g, "서대문") == "서대문구");
  CHECK(found(g, "seodaemun") == "서대문구");
  CHECK(found(g, "신설") == "신설동");
  CHECK(found(g, "신설동역") == "신설동");
  CHECK(found(g, "sinseol") == "신설동");
}

TEST_CASE("another suffix makes no difference") {
  CHECK(found(seoul(), "서대문역") == "서대문구");
}

TEST_CASE("an exact name wins over one that only lacks its suffix") {
  const auto g = seoul();
  CHECK(found(g, "마포") == "마포");
  CHECK(found(g, "mapo") == "마포");
  CHECK(found(g, "마포구") == "마포구");
  CHECK(found(g, "서울") == "서울");
  CHECK(found(g, "서울역") == "서울역");
  CHECK(found(g, "seoul station") == "서울역");
}

TEST_CASE("one character alone names nothing") {
  const auto g = seoul();
  CHECK(found(g, "중구") == "중구");
  CHECK(found(g, "명동") == "명동");
  CHECK(found(g, "명동역") == "명동");
  for (const auto* typed : {"중", "명", "구", "동", "역", "jung", "dae", "gu", "station"})
    CHECK(found(g, typed) == "");
}

TEST_CASE("what is unknown, empty or no text is not found") {
  const auto g = seoul();
  for (const std::string_view typed : {"", " ", "-", "부산", "\xEC\x9D", "\xFF\xFE"})
    CHECK(found(g, typed) == "");
}

TEST_CASE("where two places share a name, the earlier one has it") {
  const auto g = with("강남,Gangnam,37.4979,127.0276\n강남,Gangnam,35,128\n");
  CHECK(g.size() == 2);
  CHECK(g.find("강남")->where == position::at(37.4979, 127.0276));
  CHECK(g.find("gangnam")->where == position::at(37.4979, 127.0276));
}

TEST_CASE("a place may have no romanised name") {
  const auto g = with("이수,,37.4863,126.9820\n");
  CHECK(found(g, "이수") == "이수");
  CHECK(found(g, "") == "");
}

TEST_CASE("lines may end as Windows ends them, and may be empty") {
  const auto parsed =
      gazetteer::parse("name,romanised,lat,lng\r\n\r\n이수,Isu,37.4863,126.9820\r\n");
  REQUIRE(parsed);
  CHECK(parsed->size() == 1);
}

TEST_CASE("the last line needs no end") {
  CHECK(with("이수,Isu,37.4863,126.9820").size() == 1);
}

TEST_CASE("a list without its header is refused") {
  CHECK(refusal("이수,Isu,37.4863,126.9820\n")
        == "read places: line 1: must be the header name,romanised,lat,lng");
  CHECK(refusal("") == "read places: line 1: must be the header name,romanised,lat,lng");
}

TEST_CASE("a line with too few or too many fields is refused") {
  CHECK(refusal("name,romanised,lat,lng\n이수,Isu,37.4863\n")
        == "read places: line 2: must be name,romanised,lat,lng, got 이수,Isu,37.4863");
  CHECK(refusal("name,romanised,lat,lng\n\n이수,Isu,1,2,3\n")
        == "read places: line 3: must be name,romanised,lat,lng, got 이수,Isu,1,2,3");
}

TEST_CASE("a place without a name is refused") {
  CHECK(refusal("name,romanised,lat,lng\n - ,Isu,37,127\n")
        == "read places: line 2: a place has no name");
}

TEST_CASE("a place that is not on earth is refused") {
  for (const std::string where : {"91,0", "0,181", "nan,0", "x,0", "0,", "37.5 ,127"})
    CHECK(refusal("name,romanised,lat,lng\n이수,Isu," + where + "\n")
          == "read places: line 2: 이수 is not on earth: lat must be -90 … 90, lng -180 … 180");
}

TEST_CASE("near spellings come best first, each place once") {
  const auto g = seoul();
  CHECK(g.near("이슈", 1) == names{"이수"});
  CHECK(g.near("마푸", 1) == names{"마포"});
  CHECK(g.near("mapu", 2) == names{"마포", "마포구"});
}

TEST_CASE("a name half typed is near the whole one") {
  CHECK(seoul().near("서대") == names{"서대문구"});
  CHECK(seoul().near("seodae") == names{"서대문구"});
}

TEST_CASE("near spellings are found with a suffix, in capitals and with spaces") {
  CHECK(seoul().near("서데문구", 1) == names{"서대문구"});
  CHECK(seoul().near("Seo Demun", 1) == names{"서대문구"});
}

TEST_CASE("nothing is near to garbage") {
  const auto g = seoul();
  for (const std::string_view typed : {"", "qqqqqqqq", "뷁쉛뉆", "\xFF\xFE", "\xEC\x9D"})
    CHECK(g.near(typed).empty());
}

TEST_CASE("nothing is near to a name longer than any place's") {
  std::string hostile;
  for (int i = 0; i < 200; ++i)
    hostile += "이";
  CHECK(seoul().near(hostile).empty());
}

#include "http/route.hpp"
#include "http/target.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::http;

namespace {

std::optional<route> route_of(std::string_view text) {
  const auto t = parse_target(text);
  REQUIRE(t);
  return find_route(t->segments);
}

template <class Route>
bool leads_to(std::string_view text) {
  const auto r = route_of(text);
  return r && std::holds_alternative<Route>(*r);
}

} // namespace

TEST_CASE("paths and queries are percent-decoded") {
  const auto t = parse_target(
      "/%ED%83%9D%EC%8B%9C%ED%98%B8%EC%B6%9Cs/1?status=%ED%98%B8%EC%B6%9C&tel=010+1&x");
  REQUIRE(t);
  CHECK(t->segments == std::vector<std::string>{"택시호출s", "1"});
  CHECK(t->parameter("status") == "호출");
  CHECK(t->parameter("tel") == "010 1");
  CHECK(t->parameter("x") == "");
  CHECK_FALSE(t->parameter("y"));
}

TEST_CASE("a target may be a whole URL, and Hangul may come as it is") {
  CHECK(parse_target("http://localhost:8080/livez")->segments
        == std::vector<std::string>{"livez"});
  CHECK(leads_to<call_list>("/택시호출s"));
}

TEST_CASE("the last of repeated parameters wins") {
  CHECK(parse_target("/x?size=1&size=2")->parameter("size") == "2");
}

TEST_CASE("malformed percent-encoding, bad UTF-8 and control characters are refused") {
  for (const auto* text : {"/%", "/%4", "/%zz", "/a%2", "/%ff", "/%ed%a0%80", "/%00", "/x?a=%",
                           "/x?a=%ff", "/x?%0a=1", "*", ""})
    CHECK_FALSE(parse_target(text));
}

TEST_CASE("what is percent-encoded is read back") {
  CHECK(percent_encoded("택시호출s") == "%ED%83%9D%EC%8B%9C%ED%98%B8%EC%B6%9Cs");
  CHECK(parse_target(std::string{"/"}.append(percent_encoded("a/b %?&=+")))->segments
        == std::vector<std::string>{"a/b %?&=+"});
}

TEST_CASE("every collection has its paths") {
  for (const auto* path : {"/pickupcalls", "/taxicalls", "/픽업호출s", "/택시호출s/"})
    CHECK(leads_to<call_list>(path));
  for (const auto* path :
       {"/pickupmanages", "/taximanages", "/taximanags", "/픽업관리s", "/택시관리s"})
    CHECK(leads_to<managed_list>(path));
  for (const auto* path : {"/pickupassigns", "/taxiassigns", "/픽업할당s", "/택시할당s"})
    CHECK(leads_to<assignment_list>(path));
  CHECK(leads_to<courier_list>("/couriers"));
  CHECK(leads_to<courier_list>("/couriers/"));
}

TEST_CASE("items have paths") {
  CHECK(leads_to<call_item>("/pickupcalls/1"));
  CHECK(leads_to<call_item>("/pickupcalls/1/"));
  CHECK(leads_to<call_item>("/pickupcalls/9007199254740991"));
  CHECK(leads_to<call_history>("/택시호출s/1/history"));
  CHECK(leads_to<managed_item>("/taximanages/1"));
  CHECK(leads_to<courier_item>("/couriers/1"));
  CHECK(leads_to<courier_location>("/couriers/1/location"));
  for (const auto* step : {"decline", "arrived", "picked-up", "completed", "failed"})
    CHECK(leads_to<courier_job>("/couriers/1/jobs/2/" + std::string{step}));
}

TEST_CASE("no call has an id that is no plain decimal up to 2^53 - 1") {
  for (const auto* id : {"0", "01", "-1", "+1", "1.0", "x", "9007199254740992",
                         "99999999999999999999999", "1%20"})
    CHECK_FALSE(route_of(std::string{"/pickupcalls/"} + id));
}

TEST_CASE("other paths lead nowhere") {
  for (const auto* path :
       {"/", "/nothing", "//pickupcalls", "/pickupcalls/1/2", "/픽업", "/couriers/0",
        "/couriers/1/jobs/2", "/couriers/1/jobs/2/jump", "/livez/x", "/pickupassigns/1"})
    CHECK_FALSE(route_of(path));
}

#include "http/call_body.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace pickup;
using namespace pickup::http;

namespace {

domain::result<call_order> pickup_call(const std::string& body) {
  return read_call(body, domain::service::pickup);
}

domain::result<call_order> taxi_call(const std::string& body) {
  return read_call(body, domain::service::taxi);
}

// A pickup call with a good telephone number and `more`.
domain::result<call_order> with(const std::string& more) {
  return pickup_call(R"({"tel":"01012345678",)" + more + "}");
}

// What a refusal says.
template <class T>
std::string refusal(const domain::result<T>& r) {
  REQUIRE_FALSE(r);
  CHECK(r.error().code == domain::errc::invalid_argument);
  return r.error().text;
}

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i)
    out += text;
  return out;
}

} // namespace

TEST_CASE("a telephone number is enough for a call") {
  const auto order = pickup_call(R"({"tel":"01012345678"})");
  REQUIRE(order);
  CHECK(order->tel == "01012345678");
  CHECK(order->wanted == domain::service_class::under10kg);
  CHECK_FALSE(order->location);
  CHECK_FALSE(order->where);
  CHECK_FALSE(order->cost);
  CHECK_FALSE(order->memo);
}

TEST_CASE("a time of pickup is read under its three names, with any offset") {
  for (const auto* name : {"pickupAt", "예약일시", "픽업일시"}) {
    const auto order = with('"' + std::string{name} + R"(":"2026-11-23T09:30:00+09:00")");
    REQUIRE(order);
    CHECK(domain::to_rfc3339(*order->pickup_at) == "2026-11-23T00:30:00.000Z");
  }
  CHECK_FALSE(with(R"("pickupAt":null)")->pickup_at);
}

TEST_CASE("a time of pickup of another form is refused") {
  for (const auto* value : {R"("")", R"("내일")", R"("2026-11-23T09:30:00")"})
    CHECK(refusal(with(R"("예약일시":)" + std::string{value}))
          == "read body: pickupAt: must be a time of RFC 3339 such as "
             "\"2026-11-23T09:30:00+09:00\"");
  CHECK(refusal(with(R"("pickupAt":1763859000)")) == "read body: pickupAt: must be a string");
}

TEST_CASE("field names may be Korean, English or mixed") {
  const auto order = taxi_call(
      R"({"휴대폰번호":"01012345678","status":"호출","호출위치":"마포","cost":"25000","택시등급":"van"})");
  REQUIRE(order);
  CHECK(order->tel == "01012345678");
  CHECK(order->location == "마포");
  CHECK(order->cost == 25000);
  CHECK(order->wanted == domain::service_class::van);
}

TEST_CASE("numbers may arrive as strings") {
  const auto order = with(R"("lat":"37.5","lng":"127","cost":"10000")");
  REQUIRE(order);
  CHECK(order->where == domain::position::at(37.5, 127));
  CHECK(order->cost == 10000);
}

TEST_CASE("a missing telephone number is refused") {
  CHECK(refusal(pickup_call("{}")) == "read body: tel: is required");
  CHECK(refusal(pickup_call(R"({"tel":null})")) == "read body: tel: is required");
}

TEST_CASE("a telephone number has 9 to 15 digits; + - and spaces are allowed") {
  CHECK(pickup_call(R"({"tel":"123456789"})"));
  CHECK(pickup_call(R"({"tel":"+82 10-1234-567890"})"));
  for (const auto* tel :
       {"", "12345678", "1234567890123456", "0101234567x", "０１０１２３４５６"})
    CHECK(refusal(pickup_call(std::string{R"({"tel":")"} + tel + "\"}")).find("tel")
          != std::string::npos);
}

TEST_CASE("a telephone number that is no string is refused") {
  CHECK(refusal(pickup_call(R"({"tel":1012345678})")) == "read body: tel: must be a string");
}

TEST_CASE("a status that means a request is accepted, every other refused") {
  CHECK(with(R"("status":"호출")"));
  CHECK(with(R"("status":"call")"));
  CHECK(with(R"("호출상태":"호출")"));
  refusal(with(R"("status":"호출확정")"));
  refusal(with(R"("호출상태":"cancel")"));
}

TEST_CASE("a lone coordinate is refused") {
  CHECK(refusal(with(R"("lat":37.5)")) == "read body: lng: must come with lat");
  CHECK(refusal(with(R"("lng":127,"lat":null)")) == "read body: lat: must come with lng");
}

TEST_CASE("coordinates out of range are refused") {
  CHECK(with(R"("lat":90,"lng":-180)"));
  refusal(with(R"("lat":90.1,"lng":0)"));
  refusal(with(R"("lat":0,"lng":180.1)"));
}

TEST_CASE("coordinates that are not finite numbers are refused") {
  for (const auto* lat : {R"("NaN")", R"("inf")", "NaN", "1e400", R"("north")", "[]", R"("")"})
    refusal(with(std::string{R"("lng":0,"lat":)"} + lat));
}

TEST_CASE("a location has at most 200 characters") {
  CHECK(with(R"("lat":1,"lng":1,"location":")" + repeated("가", 200) + "\""));
  refusal(with(R"("lat":1,"lng":1,"location":")" + repeated("가", 201) + "\""));
}

TEST_CASE("a memo has at most 500 characters") {
  CHECK(with(R"("memo":")" + repeated("가", 500) + "\""));
  refusal(with(R"("memo":")" + repeated("가", 501) + "\""));
  refusal(with(R"("memo":7)"));
}

TEST_CASE("a cost is a whole number from 0 to 2^53 - 1") {
  CHECK(with(R"("cost":0)")->cost == 0);
  CHECK(with(R"("cost":9007199254740991)")->cost == 9007199254740991);
  CHECK(with(R"("cost":"9007199254740991")")->cost == 9007199254740991);
  for (const auto* cost :
       {"-1", "1.5", "9007199254740992", "9007199254740990.7", "9007199254740991.3",
        R"("many")", R"("")", "true", "{}", R"("1 000")", "99999999999999999999"})
    refusal(with(std::string{R"("cost":)"} + cost));
}

TEST_CASE("the classes of a service are read in English and Korean") {
  CHECK(with(R"("parcelType":"over10kg")")->wanted == domain::service_class::over10kg);
  CHECK(with(R"("택배유형":"10kg이상")")->wanted == domain::service_class::over10kg);
  CHECK(with(R"("택배유형":"10kg이하")")->wanted == domain::service_class::under10kg);
}

TEST_CASE("an unknown class, or one of the other service, is refused") {
  refusal(with(R"("parcelType":"elephant")"));
  refusal(with(R"("parcelType":"van")"));
  refusal(taxi_call(R"({"tel":"01012345678","taxiClass":"under10kg"})"));
}

TEST_CASE("unknown fields are ignored, and null is the same as absent") {
  CHECK(with(R"("colour":{"deep":[1,2,3]},"cost":null,"memo":null,"location":null)"));
}

TEST_CASE("the last of duplicated keys wins") {
  CHECK(with(R"("cost":1,"cost":2)")->cost == 2);
  CHECK(with(R"("cost":1,"예상요금":3)")->cost == 3);
  CHECK_FALSE(with(R"("cost":1,"cost":null)")->cost);
}

TEST_CASE("what is not JSON is refused, saying where") {
  CHECK(refusal(pickup_call("")).find("byte 0") != std::string::npos);
  CHECK(refusal(pickup_call("{\"tel\" 5}")).find("byte 7") != std::string::npos);
  refusal(pickup_call("tel=01012345678"));
  refusal(pickup_call(R"({"tel":"01012345678"} x)"));
  refusal(pickup_call(R"({"tel":"01012345678",})"));
}

TEST_CASE("JSON that is no object is refused") {
  for (const auto* body : {"[]", "1", "\"tel\"", "null"})
    CHECK(refusal(pickup_call(body)) == "read body: must be a JSON object");
}

TEST_CASE("text that is not UTF-8, lone surrogates and NUL are refused") {
  for (const auto* memo :
       {"\xff", "\xed\xa0\x80", "\\ud800", "\\ud800\\u0041", "\\udc00", "\\u0000", "\x01"})
    refusal(with(std::string{R"("memo":")"} + memo + "\""));
}

TEST_CASE("JSON nested a hundred levels deep is refused") {
  CHECK(refusal(with(R"("x":)" + repeated("[", 100) + repeated("]", 100)))
        == "read body: nested deeper than 64");
}

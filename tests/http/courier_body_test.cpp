#include "http/courier_body.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace pickup;
using namespace pickup::http;

namespace {

// A new courier with name, telephone number and `more`.
domain::result<courier_order> courier_with(const std::string& more) {
  return read_new_courier(R"({"name":"택배기사 1호","tel":"01012345678")" + more + "}");
}

} // namespace

TEST_CASE("a courier needs a name and a telephone number; the rest has defaults") {
  const auto order = courier_with("");
  REQUIRE(order);
  CHECK(order->record.name == "택배기사 1호");
  CHECK(order->record.service == domain::service::pickup);
  CHECK(order->record.classes == domain::class_set::all_of(domain::service::pickup));
  CHECK(order->record.capacity == 20);
  CHECK(order->record.on_shift);
  CHECK_FALSE(order->where);
  CHECK_FALSE(read_new_courier(R"({"name":"x"})"));
  CHECK_FALSE(read_new_courier(R"({"tel":"01012345678"})"));
  CHECK_FALSE(read_new_courier(R"({"name":"","tel":"01012345678"})"));
}

TEST_CASE("a taxi carries one call at a time unless told otherwise") {
  CHECK(courier_with(R"(,"service":"taxi")")->record.capacity == 1);
  CHECK(courier_with(R"(,"service":"taxi","capacity":"3")")->record.capacity == 3);
}

TEST_CASE("an unknown service is refused") {
  CHECK_FALSE(courier_with(R"(,"service":"drone")"));
}

TEST_CASE("classes must be known ones of the courier's service, and some") {
  CHECK(courier_with(R"(,"classes":["over10kg"])")->record.classes.items()
        == std::vector{domain::service_class::over10kg});
  for (const auto* classes : {"[]", R"(["van"])", R"(["elephant"])", R"("over10kg")", "[1]"})
    CHECK_FALSE(courier_with(std::string{R"(,"classes":)"} + classes));
}

TEST_CASE("a capacity is a whole number from 1 to 1,000,000") {
  CHECK(courier_with(R"(,"capacity":1000000)"));
  for (const auto* capacity : {"0", "1000001", "1.5", R"("x")"})
    CHECK_FALSE(courier_with(std::string{R"(,"capacity":)"} + capacity));
}

TEST_CASE("names and vehicles have a limited length") {
  CHECK_FALSE(courier_with(R"(,"name":")" + std::string(101, 'x') + "\""));
  CHECK(courier_with(R"(,"vehicle":")" + std::string(50, 'x') + "\""));
  CHECK_FALSE(courier_with(R"(,"vehicle":")" + std::string(51, 'x') + "\""));
}

TEST_CASE("being on shift is true or false") {
  CHECK_FALSE(courier_with(R"(,"onShift":false)")->record.on_shift);
  CHECK_FALSE(courier_with(R"(,"onShift":"false")")->record.on_shift);
  CHECK_FALSE(courier_with(R"(,"onShift":"maybe")"));
}

TEST_CASE("a courier's coordinates come together") {
  CHECK(courier_with(R"(,"lat":37.5,"lng":127)")->where == domain::position::at(37.5, 127));
  CHECK_FALSE(courier_with(R"(,"lat":37.5)"));
}

TEST_CASE("an edit changes only what it names") {
  const auto edit = read_courier_edit(R"({"capacity":5})", domain::service::pickup);
  REQUIRE(edit);
  CHECK(edit->change.capacity == 5U);
  CHECK_FALSE(edit->change.name);
  CHECK_FALSE(edit->change.on_shift);
  CHECK(edit->changes_record());
  CHECK_FALSE(read_courier_edit("{}", domain::service::pickup)->changes_record());
}

TEST_CASE("a courier's service cannot be changed") {
  CHECK(read_courier_edit(R"({"service":"taxi"})", domain::service::taxi));
  CHECK_FALSE(read_courier_edit(R"({"service":"taxi"})", domain::service::pickup));
}

TEST_CASE("a location needs both coordinates") {
  CHECK(*read_location(R"({"lat":"37.5","lng":127})") == *domain::position::at(37.5, 127));
  CHECK_FALSE(read_location("{}"));
  CHECK_FALSE(read_location(R"({"lat":1})"));
}

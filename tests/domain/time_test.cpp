#include "domain/time.hpp"

#include <catch2/catch.hpp>

using namespace pickup::domain;
using namespace std::chrono_literals;
using std::chrono::sys_days;

namespace {

timestamp on(std::chrono::year_month_day day, duration time = 0ms) {
  return sys_days{day} + time;
}

} // namespace

TEST_CASE("an instant is written in RFC 3339, UTC, with milliseconds") {
  CHECK(to_rfc3339(on(2026y / 11 / 22, 9h + 30min + 250ms)) == "2026-11-22T09:30:00.250Z");
  CHECK(to_rfc3339(on(2026y / 1 / 2, 3h + 4min + 5s + 6ms)) == "2026-01-02T03:04:05.006Z");
}

TEST_CASE("the epoch is the first moment of 1970") {
  CHECK(to_rfc3339(timestamp{}) == "1970-01-01T00:00:00.000Z");
}

TEST_CASE("the moment before the epoch belongs to 1969") {
  CHECK(to_rfc3339(timestamp{-1ms}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("a day ends one millisecond before the next begins") {
  CHECK(to_rfc3339(on(2026y / 12 / 31, 24h - 1ms)) == "2026-12-31T23:59:59.999Z");
  CHECK(to_rfc3339(on(2026y / 12 / 31, 24h)) == "2027-01-01T00:00:00.000Z");
}

TEST_CASE("leap years have a 29th of February, centuries only every fourth") {
  CHECK(to_rfc3339(on(2028y / 2 / 28, 24h)) == "2028-02-29T00:00:00.000Z");
  CHECK(to_rfc3339(on(2000y / 2 / 28, 24h)) == "2000-02-29T00:00:00.000Z");
  CHECK(to_rfc3339(on(2027y / 2 / 28, 24h)) == "2027-03-01T00:00:00.000Z");
  CHECK(to_rfc3339(on(2100y / 2 / 28, 24h)) == "2100-03-01T00:00:00.000Z");
}

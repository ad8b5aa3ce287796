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

TEST_CASE("an instant is read as it is written") {
  for (auto t : {on(2026y / 11 / 22, 9h + 30min + 250ms), on(2028y / 2 / 29), timestamp{},
                 timestamp{-1ms}})
    CHECK(parse_rfc3339(to_rfc3339(t)) == t);
}

TEST_CASE("an instant is read with any offset, in either case, to the millisecond") {
  const auto morning = on(2026y / 11 / 23, 30min);
  CHECK(parse_rfc3339("2026-11-23T09:30:00+09:00") == morning);
  CHECK(parse_rfc3339("2026-11-22T19:30:00-05:00") == morning);
  CHECK(parse_rfc3339("2026-11-23t00:30:00z") == morning);
  CHECK(parse_rfc3339("2026-11-23T06:15:00+05:45") == morning);
  CHECK(parse_rfc3339("2026-11-23T00:30:00-00:00") == morning);
  CHECK(parse_rfc3339("2026-11-23T00:30:00.5Z") == morning + 500ms);
  CHECK(parse_rfc3339("2026-11-23T00:30:00.1239999Z") == morning + 123ms);
}

TEST_CASE("a leap second is the first moment of the next minute") {
  CHECK(parse_rfc3339("2016-12-31T23:59:60.7Z") == on(2017y / 1 / 1));
}

TEST_CASE("what is no instant of RFC 3339 is not read") {
  for (const auto* text : {"",
                           "now",
                           "1763859000",
                           "2026-11-23",
                           "2026-11-23T09:30:00",
                           "2026-11-23T09:30Z",
                           "2026-11-23 09:30:00Z",
                           "2026-02-29T09:30:00Z",
                           "2026-13-01T09:30:00Z",
                           "2026-00-10T09:30:00Z",
                           "2026-11-31T09:30:00Z",
                           "2026-11-23T24:00:00Z",
                           "2026-11-23T09:60:00Z",
                           "2026-11-23T09:30:61Z",
                           "2026-11-23T09:30:00.Z",
                           "2026-11-23T09:30:00+9:00",
                           "2026-11-23T09:30:00+09",
                           "2026-11-23T09:30:00+24:00",
                           "2026-11-23T09:30:00+09:60",
                           "2026-11-23T09:30:00+0900",
                           "2026-11-23T09:30:00Z ",
                           " 2026-11-23T09:30:00Z",
                           "26-11-23T09:30:00Z",
                           "2026-1-23T09:30:00Z",
                           "-026-11-23T09:30:00Z",
                           "2026-11-23T09:30:00Zulu",
                           "2026-11-23T+9:30:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text));
  }
}

TEST_CASE("leap years have a 29th of February, centuries only every fourth") {
  CHECK(to_rfc3339(on(2028y / 2 / 28, 24h)) == "2028-02-29T00:00:00.000Z");
  CHECK(to_rfc3339(on(2000y / 2 / 28, 24h)) == "2000-02-29T00:00:00.000Z");
  CHECK(to_rfc3339(on(2027y / 2 / 28, 24h)) == "2027-03-01T00:00:00.000Z");
  CHECK(to_rfc3339(on(2100y / 2 / 28, 24h)) == "2100-03-01T00:00:00.000Z");
}

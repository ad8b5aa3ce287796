#include "domain/options.hpp"

#include <catch2/catch.hpp>

using namespace pickup::domain;
using namespace std::chrono_literals;

TEST_CASE("a length of time is written in the largest unit that loses nothing") {
  CHECK(to_text(0ms) == "0s");
  CHECK(to_text(100ms) == "100ms");
  CHECK(to_text(1500ms) == "1500ms");
  CHECK(to_text(-3s) == "-3s");
  CHECK(to_text(90s) == "90s");
  CHECK(to_text(120s) == "2min");
  CHECK(to_text(24h) == "24h");
}

TEST_CASE("a length of time is read back as it was written") {
  for (const duration d : {0ms, 1ms, 1500ms, -3000ms, duration{90s}, duration{24h}})
    CHECK(parse_duration(to_text(d)) == d);
}

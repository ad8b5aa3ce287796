#include "supervision/restart_window.hpp"

#include <catch2/catch.hpp>

using pickup::supervision::restart_window;
using namespace std::chrono_literals;

namespace {

constexpr restart_window::clock::time_point first{};

} // namespace

TEST_CASE("as many restarts as the intensity are admitted, one more is not") {
  restart_window window{3, 5s};
  CHECK(window.admit(first));
  CHECK(window.admit(first + 1s));
  CHECK(window.admit(first + 2s));
  CHECK_FALSE(window.admit(first + 3s));
}

TEST_CASE("an intensity of zero admits nothing") {
  restart_window window{0, 5s};
  CHECK_FALSE(window.admit(first));
  CHECK(window.recent(first) == 0);
}

TEST_CASE("a restart counts until just before the period is over") {
  restart_window window{1, 5s};
  REQUIRE(window.admit(first));
  CHECK(window.recent(first + 5s - 1ns) == 1);
  CHECK_FALSE(window.admit(first + 5s - 1ns));
}

TEST_CASE("a restart is forgotten exactly when the period is over") {
  restart_window window{1, 5s};
  REQUIRE(window.admit(first));
  CHECK(window.recent(first + 5s) == 0);
  CHECK(window.admit(first + 5s));
}

TEST_CASE("the window slides: each restart is forgotten at its own time") {
  restart_window window{2, 10s};
  REQUIRE(window.admit(first));
  REQUIRE(window.admit(first + 6s));
  CHECK_FALSE(window.admit(first + 9s));
  CHECK(window.admit(first + 10s));
  CHECK_FALSE(window.admit(first + 15s));
  CHECK(window.admit(first + 16s));
}

TEST_CASE("a refused restart does not count") {
  restart_window window{1, 5s};
  REQUIRE(window.admit(first));
  REQUIRE_FALSE(window.admit(first + 4s));
  CHECK(window.recent(first + 4s) == 1);
  CHECK(window.admit(first + 5s));
}

TEST_CASE("restarts at the same instant count one by one") {
  restart_window window{2, 1ns};
  CHECK(window.admit(first));
  CHECK(window.admit(first));
  CHECK_FALSE(window.admit(first));
  CHECK(window.admit(first + 1ns));
}

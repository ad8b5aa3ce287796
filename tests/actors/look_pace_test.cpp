#include "actors/look_pace.hpp"

#include <catch2/catch.hpp>

using pickup::actors::look_pace;
using namespace std::chrono_literals;

TEST_CASE("who looks for the first time need not wait") {
  look_pace pace;
  const auto now = look_pace::clock::now();
  CHECK(pace.turn(now) == now);
}

TEST_CASE("the next look waits until the one before is a small part of the time") {
  look_pace pace;
  const auto now = look_pace::clock::now();
  pace.turn(now);
  pace.took(20ms);
  CHECK(pace.turn(now + 30ms) == now + 20ms * look_pace::one_in);
  pace.took(10ms);
  CHECK(pace.turn(now + 5s) == now + 5s);
}

TEST_CASE("those who look at once take turns, and nobody waits longer than a bound") {
  look_pace pace;
  const auto now = look_pace::clock::now();
  pace.turn(now);
  pace.took(80ms);
  const auto turn = 80ms * look_pace::one_in;
  CHECK(pace.turn(now) == now + turn);
  CHECK(pace.turn(now) == now + 2 * turn);
  CHECK(pace.turn(now) == now + look_pace::longest);
}

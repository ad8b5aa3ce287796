#include "app/pickupctl/load/city.hpp"

#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

namespace ctl = pickup::ctl;
namespace domain = pickup::domain;

TEST_CASE("a day's demand is 1 on the average, quiet at night and high in the evening") {
  double sum = 0;
  constexpr int steps = 24 * 60;
  for (int i = 0; i < steps; ++i)
    sum += ctl::demand(static_cast<double>(i) / steps);
  CHECK(sum / steps == Approx(1).epsilon(0.001));
  CHECK(ctl::demand(3.0 / 24) < 0.3);
  CHECK(ctl::demand(18.5 / 24) > 1.8);
}

TEST_CASE("demand knows no jumps, not at midnight either") {
  for (int i = 0; i < 24 * 60; ++i) {
    const auto minute = static_cast<double>(i) / (24 * 60);
    CHECK(std::abs(ctl::demand(minute) - ctl::demand(minute + 1.0 / (24 * 60))) < 0.02);
  }
  CHECK(ctl::demand(0.25) == Approx(ctl::demand(7.25)));
}

TEST_CASE("on the way one comes nearer by what one drives, and stops at the goal") {
  pickup::testing::seeded random;
  INFO(random.show());
  ctl::chance c{random.number(0, UINT32_MAX)};
  for (int i = 0; i < 100; ++i) {
    const auto from = ctl::somewhere(c);
    const auto goal = ctl::somewhere(c);
    const auto all = domain::distance(from, goal).value();
    const auto half = ctl::on_the_way(from, goal, domain::metres{all / 2});
    CHECK(domain::distance(from, half).value() == Approx(all / 2).epsilon(0.01));
    CHECK(domain::distance(half, goal).value() == Approx(all / 2).epsilon(0.01));
    CHECK(ctl::on_the_way(from, goal, domain::metres{all + 1}) == goal);
  }
}

TEST_CASE("who is at the goal stays there") {
  const auto here = *domain::position::at(37.5, 127);
  CHECK(ctl::on_the_way(here, here, domain::metres{10}) == here);
}

#include "app/pickupctl/load/driver.hpp"

#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace ctl = pickup::ctl;
namespace domain = pickup::domain;
using domain::job_step;

namespace {

const auto city_hall = *domain::position::at(37.5657, 126.9769);
const auto isu = *domain::position::at(37.4863, 126.982);
constexpr ctl::stretch minute{1, 60};

// What a driver reports until there is nothing more to do.
std::vector<job_step> reports(ctl::driver& d, ctl::chance& c) {
  std::vector<job_step> all;
  for (int i = 0; i < 10'000 && d.has_job(); ++i) {
    d.live(minute, c);
    if (const auto news = d.news()) {
      all.push_back(news->step);
      d.told(c);
    }
  }
  return all;
}

} // namespace

TEST_CASE("a driver without whims does a job in its order and then the next") {
  pickup::testing::seeded random;
  INFO(random.show());
  ctl::chance c{random.number(0, UINT32_MAX)};
  ctl::driver d{city_hall, false};
  d.take({1, isu}, c);
  d.take({2, city_hall}, c);
  using enum job_step;
  CHECK(reports(d, c)
        == std::vector{arrived, picked_up, completed, arrived, picked_up, completed});
}

TEST_CASE("an arrival is reported at the place, not before") {
  ctl::chance c{1};
  ctl::driver d{city_hall, false};
  d.take({1, isu}, c);
  d.live({1, 1}, c);
  CHECK(!d.news());
  while (!d.news())
    d.live(minute, c);
  CHECK(d.where() == isu);
}

TEST_CASE("what was not told is reported again, what is gone is not") {
  ctl::chance c{1};
  ctl::driver d{isu, false};
  d.take({1, isu}, c);
  d.take({2, isu}, c);
  d.live(minute, c);
  REQUIRE(d.news());
  CHECK(d.news()->call == 1);
  d.live(minute, c);
  CHECK(d.news()->call == 1);
  d.drop(1);
  d.live(minute, c);
  REQUIRE(d.news());
  CHECK(d.news()->call == 2);
  d.drop(2);
  CHECK(!d.has_job());
}

TEST_CASE("in a hurry all that is under way is done without time going on") {
  ctl::chance c{1};
  ctl::driver d{city_hall, true};
  for (std::uint64_t call = 1; call <= 3; ++call)
    d.take({call, isu}, c);
  d.hurry();
  int told = 0;
  while (d.news()) {
    d.told(c);
    ++told;
  }
  CHECK(told == 9);
  CHECK(!d.has_job());
}

TEST_CASE("over a long time some decline, fall silent, and end a shift and begin another") {
  ctl::chance c{7};
  ctl::driver d{city_hall, true};
  bool declined = false;
  bool silent = false;
  bool off = false;
  bool on_again = false;
  for (std::uint64_t i = 1; i < 100'000; ++i) {
    if (!d.has_job() && d.wants_shift() && i % 40 == 0)
      d.take({i, isu}, c);
    d.live(minute, c);
    silent = silent || d.is_silent();
    on_again = on_again || (off && d.wants_shift());
    off = off || !d.wants_shift();
    CHECK_FALSE((d.has_job() && !d.wants_shift()));
    if (const auto news = d.news()) {
      declined = declined || news->step == job_step::decline;
      d.told(c);
    }
  }
  CHECK(declined);
  CHECK(silent);
  CHECK(on_again);
}

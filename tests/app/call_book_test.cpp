#include "app/pickupctl/load/call_book.hpp"
#include "app/pickupctl/load/options.hpp"
#include "app/pickupctl/load/time_sketch.hpp"

#include <catch2/catch.hpp>

namespace ctl = pickup::ctl;
namespace domain = pickup::domain;
using namespace std::chrono_literals;

namespace {

const ctl::call_book::moment begun{};
const auto somewhere = *domain::position::at(37.5, 127);

} // namespace

TEST_CASE("a percentile is a value that so many do not exceed") {
  CHECK(ctl::percentile({}, 0.5) == 0);
  CHECK(ctl::percentile({7}, 0.99) == 7);
  CHECK(ctl::percentile({3, 1, 2, 4}, 0.5) == 2);
  std::vector<double> hundred;
  for (int i = 100; i > 0; --i)
    hundred.push_back(i);
  CHECK(ctl::percentile(hundred, 0.99) == 99);
  CHECK(ctl::percentile(hundred, 1) == 100);
}

TEST_CASE("a sketch of times tells percentiles within a hundredth, whatever their size") {
  CHECK(ctl::time_sketch{}.percentile(0.5) == 0);
  for (const auto unit : {0.05, 1.0, 700.0}) {
    ctl::time_sketch times;
    for (int i = 100; i > 0; --i)
      times.add(unit * i);
    CAPTURE(unit);
    CHECK(times.percentile(0.5) == Approx(unit * 50).epsilon(0.01));
    CHECK(times.percentile(0.99) == Approx(unit * 99).epsilon(0.01));
    CHECK(times.percentile(1) == Approx(unit * 100).epsilon(0.01));
  }
  ctl::time_sketch extreme;
  extreme.add(0);
  extreme.add(1e12);
  CHECK(extreme.percentile(0.5) < 0.02);
  CHECK(extreme.percentile(1) > 75'000);
}

TEST_CASE("an open call of which nothing is heard is asked about, again after a while") {
  const ctl::call_name one{domain::service::pickup, 1};
  const ctl::call_name two{domain::service::pickup, 2};
  using calls = std::vector<ctl::call_name>;
  ctl::call_book book;
  book.made(one, somewhere, false, begun);
  book.made(two, somewhere, false, begun);
  CHECK(book.unheard_of(begun - 1s, begun, 9).empty());
  CHECK(book.unheard_of(begun, begun + 60s, 1) == calls{one});
  CHECK(book.unheard_of(begun, begun + 60s, 1) == calls{two});
  CHECK(book.unheard_of(begun, begun + 60s, 1).empty());
  book.assigned(one, begun + 90s);
  CHECK(book.unheard_of(begun + 60s, begun + 120s, 9) == calls{two});
  book.ended_otherwise(two);
  book.ended_otherwise(two);
  CHECK(book.open() == calls{one});
  CHECK(book.counts().ended_otherwise == 1);
  CHECK(book.counts().open == 1);
}

TEST_CASE("every call is counted once, whatever is heard of it how often") {
  const ctl::call_name call{domain::service::taxi, 1};
  ctl::call_book book;
  book.made(call, somewhere, false, begun);
  CHECK(book.open() == std::vector{call});
  CHECK(book.assigned(call, begun) == somewhere);
  CHECK(book.assigned(call, begun) == somewhere);
  book.completed(call);
  book.completed(call);
  book.canceled(call);
  CHECK(!book.assigned(call, begun));
  const auto counts = book.counts();
  CHECK(counts.made == 1);
  CHECK(counts.confirmed == 1);
  CHECK(counts.completed == 1);
  CHECK(counts.canceled == 0);
  CHECK(counts.open == 0);
}

TEST_CASE("times are taken once") {
  ctl::call_book book;
  book.answered_within(1.5);
  CHECK(book.take_times() == std::vector{1.5});
  CHECK(book.take_times().empty());
}

TEST_CASE("a rate is a number a second or a minute") {
  CHECK(*ctl::parse_rate("5") == 5);
  CHECK(*ctl::parse_rate("0.5/s") == 0.5);
  CHECK(*ctl::parse_rate("90/min") == 1.5);
  for (const auto* text : {"", "/s", "0", "-1/s", "5/h", "x", "nan", "1e9"}) {
    CAPTURE(text);
    CHECK(!ctl::parse_rate(text));
  }
}

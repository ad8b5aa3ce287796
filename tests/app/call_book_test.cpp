#include "app/pickupctl/load/call_book.hpp"
#include "app/pickupctl/load/options.hpp"

#include <catch2/catch.hpp>

namespace ctl = pickup::ctl;
namespace domain = pickup::domain;

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

TEST_CASE("every call is counted once, whatever is heard of it how often") {
  const ctl::call_name call{domain::service::taxi, 1};
  const auto where = *domain::position::at(37.5, 127);
  ctl::call_book book;
  book.made(call, where, false);
  CHECK(book.open() == std::vector{call});
  CHECK(book.assigned(call) == where);
  CHECK(book.assigned(call) == where);
  book.completed(call);
  book.completed(call);
  book.canceled(call);
  CHECK(!book.assigned(call));
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

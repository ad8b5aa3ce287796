#include "supervision/duration_histogram.hpp"

#include <catch2/catch.hpp>

using namespace pickup::supervision;
using namespace std::chrono_literals;

TEST_CASE("the bounds go from a microsecond to ten seconds, in steps of 1, 2.5 and 5") {
  const auto& bounds = duration_figures::bounds;
  CHECK(bounds[0] == 1us);
  CHECK(bounds[1] == 2500ns);
  CHECK(bounds[2] == 5us);
  CHECK(bounds[3] == 10us);
  CHECK(bounds.back() == 10s);
}

TEST_CASE("a duration counts in the first bucket whose bound it does not exceed") {
  duration_histogram h;
  h.add(1us);
  h.add(1001ns);
  h.add(11s);
  const auto f = h.read();
  CHECK(f.counts[0] == 1);
  CHECK(f.counts[1] == 1);
  CHECK(f.counts.back() == 1);
  CHECK(f.total == 11s + 2001ns);
}

TEST_CASE("a quantile lies within its bucket, as if that were filled evenly") {
  duration_histogram h;
  CHECK(h.read().quantile(0.5) == 0ns);
  for (int i = 0; i < 10; ++i)
    h.add(70us);
  CHECK(h.read().quantile(0.5) == 75us);
  CHECK(h.read().quantile(1) == 100us);
  h.add(1h);
  CHECK(h.read().quantile(1) == 10s);
}

TEST_CASE("what came since an earlier reading is the difference") {
  duration_histogram h;
  h.add(70us);
  const auto before = h.read();
  h.add(3ms);
  CHECK(h.read().since(before).count() == 1);
  CHECK(h.read().since(before).total == 3ms);
}

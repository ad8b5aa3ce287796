#include "http/budget.hpp"

#include <catch2/catch.hpp>

using pickup::http::budget;

TEST_CASE("a budget has so many places at once, and no more") {
  budget places{1};
  {
    const auto first = places.take();
    CHECK(first);
    CHECK(places.is_spent());
    CHECK_FALSE(places.take());
  }
  CHECK_FALSE(places.is_spent());
  CHECK(places.take());
}

TEST_CASE("a place that is lent serves another meanwhile") {
  budget places{1};
  const auto own = places.take();
  {
    const budget::loan lent{places};
    CHECK(places.take());
  }
  CHECK_FALSE(places.take());
}

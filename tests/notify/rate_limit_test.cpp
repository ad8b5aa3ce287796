#include "notify/rate_limit.hpp"
#include "tests/notify/letters.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::testing;

TEST_CASE("no more requests are made a second than the provider allows") {
  notify::rate_limit limit{100};
  auto now = noon;
  int taken = 0;
  for (; now < noon + 3s; now += 1ms)
    taken += limit.take(now) ? 1 : 0;
  CHECK(taken >= 308); // ten were saved up
  CHECK(taken <= 310);
}

TEST_CASE("the limit says when the next request may be made") {
  notify::rate_limit limit{10};
  while (limit.take(noon))
    ;
  CHECK(limit.next(noon) == noon + 100ms);
  CHECK(limit.take(limit.next(noon)));
}

TEST_CASE("a provider that asks for a rest gets it") {
  notify::rate_limit limit{10};
  limit.pause(noon, 5s);
  CHECK(limit.next(noon) == noon + 5s);
  CHECK_FALSE(limit.take(noon + 4s));
  CHECK(limit.take(noon + 5s));
}

TEST_CASE("a clock that is set back stops nothing") {
  notify::rate_limit limit{10};
  limit.pause(noon, 5s);
  CHECK(limit.next(noon - 24h) <= noon - 24h + 100ms);
}

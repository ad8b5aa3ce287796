#include "supervision/backoff.hpp"

#include <catch2/catch.hpp>

using pickup::supervision::backoff;
using namespace std::chrono_literals;

namespace {

constexpr backoff::clock::time_point origin{};

} // namespace

TEST_CASE("without a first wait there is none ever") {
  backoff b{{}};
  CHECK(b.next(origin, 0) == 0ms);
  CHECK(b.next(origin, 0.9) == 0ms);
}

TEST_CASE("each wait is twice the one before, up to the longest") {
  backoff b{{.first = 100ms, .most = 350ms}};
  CHECK(b.next(origin, 0) == 100ms);
  CHECK(b.next(origin + 100ms, 0) == 200ms);
  CHECK(b.next(origin + 300ms, 0) == 350ms);
  CHECK(b.next(origin + 650ms, 0) == 350ms);
}

TEST_CASE("after a quiet time the wait is the first again, and waiting is not quiet") {
  backoff b{{.first = 1s, .most = 8s, .reset_after = 5s}};
  REQUIRE(b.next(origin, 0) == 1s);
  CHECK(b.next(origin + 6s - 1ns, 0) == 2s);
  CHECK(b.next(origin + 13s - 1ns, 0) == 1s);
}

TEST_CASE("jitter takes off up to its share, and does not slow the doubling") {
  backoff b{{.first = 100ms, .most = 1s, .jitter = 0.5}};
  CHECK(b.next(origin, 0.5) == 75ms);
  CHECK(b.next(origin, 0) == 200ms);
}

#include "supervision/breaker.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <vector>

using namespace pickup::supervision;
using namespace std::chrono_literals;

namespace {

constexpr auto good = call_outcome::success;
constexpr auto bad = call_outcome::failure;
constexpr auto neither = call_outcome::ignored;

// Judged by the last four calls; two trial calls.
breaker_options small() {
  breaker_options o;
  o.window = count_based{4};
  o.minimum_number_of_calls = 4;
  o.permitted_calls_in_half_open = 2;
  return o;
}

// A breaker and a clock that stands still.
struct tried {
  explicit tried(const breaker_options& o = small()) : it(o, now) {}

  auto admit() { return it.admit(now); }
  void record(const breaker::permit& p, call_outcome outcome) { it.record(p, now, outcome); }
  auto look() { return it.snapshot(now); }
  breaker_state state() { return look().state; }

  /// Makes one call; false when it is refused.
  bool call(call_outcome outcome, breaker::clock::duration taking = 0ns) {
    const auto p = admit();
    now += taking;
    if (p)
      record(*p, outcome);
    return p.has_value();
  }

  void calls(const std::vector<call_outcome>& outcomes) {
    for (const auto outcome : outcomes)
      REQUIRE(call(outcome));
  }

  /// From closed.
  void open() {
    calls({bad, bad, bad, bad});
    REQUIRE(state() == breaker_state::open);
  }

  /// Lets the wait in open pass; answers how long it was.
  breaker::clock::duration wait() {
    const auto left = it.retry_after(now);
    now += left;
    return left;
  }

  breaker::clock::time_point now{};
  breaker it;
};

} // namespace

// -- closed

TEST_CASE("a breaker starts closed") {
  tried b;
  CHECK(b.state() == breaker_state::closed);
  CHECK(b.it.retry_after(b.now) == 0ns);
  CHECK(b.look().transitions == 0);
}

TEST_CASE("it opens when the failure rate reaches the threshold") {
  tried b;
  b.calls({good, bad, good});
  CHECK(b.state() == breaker_state::closed);
  b.calls({bad});
  CHECK(b.state() == breaker_state::open);
  CHECK(b.look().counts == call_counts{4, 2, 0});
}

TEST_CASE("it stays closed below the threshold") {
  tried b;
  b.calls({good, good, good, bad, good, good, good, bad, good});
  CHECK(b.state() == breaker_state::closed);
  CHECK(b.look().counts.failure_rate() == 0.25);
}

TEST_CASE("fewer calls than the minimum are not judged") {
  tried b;
  b.calls({bad, bad, bad});
  CHECK(b.state() == breaker_state::closed);
}

TEST_CASE("calls that left the window by count do not matter any more") {
  tried b;
  b.calls({bad, good, good, good, bad, good, good, good, bad});
  CHECK(b.state() == breaker_state::closed);
  b.calls({bad});
  CHECK(b.state() == breaker_state::open);
}

TEST_CASE("calls that left the window by time do not matter any more") {
  auto o = small();
  o.window = time_based{10s, 10};
  tried b{o};
  b.calls({bad, bad, bad});
  b.now += 9s;
  CHECK(b.look().counts.calls == 3);
  b.now += 1s;
  CHECK(b.look().counts.calls == 0);
  b.calls({bad, bad, bad});
  CHECK(b.state() == breaker_state::closed);
  b.now += 9s;
  b.calls({bad});
  CHECK(b.state() == breaker_state::open);
}

TEST_CASE("a window by time is empty after a long silence") {
  auto o = small();
  o.window = time_based{10s, 10};
  tried b{o};
  b.calls({bad, bad, bad});
  b.now += 24h;
  CHECK(b.look().counts == call_counts{});
  b.calls({good});
  CHECK(b.look().counts == call_counts{1, 0, 0});
}

TEST_CASE("it opens when the slow call rate reaches the threshold, though no call failed") {
  auto o = small();
  o.slow_call_rate_threshold = 0.5;
  tried b{o};
  b.call(good, 611ms);
  b.call(good, 1ms);
  b.call(good, 1ms);
  CHECK(b.state() == breaker_state::closed);
  b.call(good, 611ms);
  CHECK(b.state() == breaker_state::open);
  CHECK(b.look().counts == call_counts{4, 0, 2});
}

TEST_CASE("a call is slow when it takes longer than the limit, not as long") {
  tried b;
  b.call(good, 610ms);
  CHECK(b.look().counts.slow == 0);
  b.call(good, 610ms + 1ns);
  CHECK(b.look().counts.slow == 1);
}

TEST_CASE("a call that fails slowly is both") {
  tried b;
  b.call(bad, 1s);
  CHECK(b.look().counts == call_counts{1, 1, 1});
}

TEST_CASE("an ignored call does not count") {
  tried b;
  b.calls({bad, bad, bad, neither, neither});
  CHECK(b.state() == breaker_state::closed);
  CHECK(b.look().counts.calls == 3);
}

TEST_CASE("a threshold that no fraction of two can hold exactly is reached all the same") {
  auto o = small();
  o.window = count_based{30};
  o.minimum_number_of_calls = 30;
  o.failure_rate_threshold = 0.1;
  tried b{o};
  b.calls(std::vector(27, good));
  b.calls({bad, bad});
  CHECK(b.state() == breaker_state::closed);
  b.calls({bad});
  CHECK(b.state() == breaker_state::open);
}

// -- open

TEST_CASE("while it is open every call is refused, and told when to ask again") {
  tried b;
  b.open();
  CHECK_FALSE(b.admit());
  CHECK(b.it.retry_after(b.now) == 1s);
  b.now += 400ms;
  CHECK_FALSE(b.admit());
  CHECK(b.it.retry_after(b.now) == 600ms);
  CHECK(b.look().rejected == 2);
}

TEST_CASE("the first call after the wait is a trial call") {
  tried b;
  b.open();
  b.now += 1s - 1ns;
  CHECK_FALSE(b.admit());
  b.now += 1ns;
  CHECK(b.state() == breaker_state::open);
  CHECK(b.admit());
  CHECK(b.state() == breaker_state::half_open);
  CHECK(b.look().since == b.now);
}

TEST_CASE(
    "a result of a call that began before it opened counts neither then nor in half-open") {
  tried b;
  const auto first = b.admit();
  const auto second = b.admit();
  b.open();
  b.record(*first, bad);
  CHECK(b.look().counts.calls == 4);
  b.wait();
  REQUIRE(b.call(good));
  b.record(*second, bad);
  CHECK(b.look().counts == call_counts{1, 0, 0});
  CHECK(b.look().late == 2);
}

// -- half-open

TEST_CASE("half-open admits as many calls as are permitted, and refuses the next") {
  tried b;
  b.open();
  b.wait();
  CHECK(b.admit());
  CHECK(b.admit());
  CHECK_FALSE(b.admit());
  CHECK(b.it.retry_after(b.now) == 610ms);
}

TEST_CASE("a trial call that ended does not make room for another") {
  tried b;
  b.open();
  b.wait();
  const auto first = b.admit();
  const auto second = b.admit();
  b.record(*first, good);
  CHECK_FALSE(b.admit());
  CHECK(b.state() == breaker_state::half_open);
  b.record(*second, good);
  CHECK(b.admit());
}

TEST_CASE("half-open closes only when all trial calls have ended well") {
  tried b;
  b.open();
  b.wait();
  b.calls({good});
  CHECK(b.state() == breaker_state::half_open);
  b.calls({good});
  CHECK(b.state() == breaker_state::closed);
  CHECK(b.look().counts == call_counts{});
}

TEST_CASE("half-open does not open before all trial calls have ended") {
  tried b;
  b.open();
  b.wait();
  b.calls({bad});
  CHECK(b.state() == breaker_state::half_open);
  b.calls({good});
  CHECK(b.state() == breaker_state::open);
}

TEST_CASE("slow trial calls open it again") {
  tried b;
  b.open();
  b.wait();
  b.call(good, 1s);
  b.call(good, 1s);
  CHECK(b.state() == breaker_state::open);
  CHECK(b.look().counts == call_counts{2, 0, 2});
}

TEST_CASE("an ignored trial call gives its place to another") {
  tried b;
  b.open();
  b.wait();
  const auto first = b.admit();
  REQUIRE(b.admit());
  REQUIRE_FALSE(b.admit());
  b.record(*first, neither);
  CHECK(b.admit());
  CHECK(b.state() == breaker_state::half_open);
}

TEST_CASE("trial calls that never end open it again when the time of half-open is over") {
  tried b;
  b.open();
  b.wait();
  const auto stuck = b.admit();
  b.now += 30s - 1ns;
  CHECK(b.state() == breaker_state::half_open);
  b.now += 1ns;
  CHECK(b.state() == breaker_state::open);
  b.record(*stuck, good);
  CHECK(b.look().late == 1);
}

TEST_CASE("the time of half-open is over when it is over, however late that is found out") {
  tried b;
  b.open();
  b.wait();
  REQUIRE(b.admit());
  // 30 s of half-open, then 2 s of open.
  b.now += 31s;
  CHECK(b.it.retry_after(b.now) == 1s);
  b.now += 1s;
  CHECK(b.admit());
}

TEST_CASE("without a limit half-open waits for its trial calls") {
  auto o = small();
  o.max_duration_in_half_open = 0ms;
  tried b{o};
  b.open();
  b.wait();
  REQUIRE(b.admit());
  b.now += 1000h;
  CHECK(b.state() == breaker_state::half_open);
}

// -- the wait

TEST_CASE("the wait doubles with each opening, up to the maximum") {
  auto o = small();
  o.max_wait_in_open = 5s;
  tried b{o};
  b.open();
  std::vector<breaker::clock::duration> waits;
  for (int i = 0; i < 5; ++i) {
    waits.push_back(b.wait());
    b.calls({bad, bad});
  }
  CHECK(waits == std::vector<breaker::clock::duration>{1s, 2s, 4s, 5s, 5s});
}

TEST_CASE("the wait goes on doubling when it fails again soon after it closed") {
  tried b;
  b.open();
  CHECK(b.wait() == 1s);
  b.calls({good, good});
  b.now += 60s - 1ns;
  b.open();
  CHECK(b.wait() == 2s);
}

TEST_CASE("the wait starts anew once it has stayed closed") {
  tried b;
  b.open();
  CHECK(b.wait() == 1s);
  b.calls({good, good});
  b.now += 60s;
  b.open();
  CHECK(b.wait() == 1s);
}

// -- commands

TEST_CASE("forced open it refuses everything until it is reset") {
  tried b;
  b.it.force_open(b.now);
  CHECK_FALSE(b.admit());
  CHECK(b.it.retry_after(b.now) == 60s);
  b.now += 24h;
  CHECK_FALSE(b.admit());
  CHECK(b.state() == breaker_state::forced_open);
  b.it.reset(b.now);
  CHECK(b.admit());
}

TEST_CASE("disabled it admits everything and judges nothing") {
  tried b;
  b.it.disable(b.now);
  b.calls(std::vector(20, bad));
  CHECK(b.state() == breaker_state::disabled);
  CHECK(b.look().counts == call_counts{});
}

TEST_CASE("a reset closes it and forgets the window and the waits") {
  tried b;
  b.open();
  b.wait();
  b.calls({bad, bad});
  b.it.reset(b.now);
  CHECK(b.state() == breaker_state::closed);
  CHECK(b.look().counts == call_counts{});
  b.open();
  CHECK(b.wait() == 1s);
}

TEST_CASE("what began before a command does not count after it") {
  tried b;
  const auto before = b.admit();
  b.it.reset(b.now);
  b.record(*before, bad);
  CHECK(b.look().counts == call_counts{});
  CHECK(b.look().late == 1);
}

TEST_CASE("a command for the state it is in changes nothing") {
  tried b;
  b.it.force_open(b.now);
  const auto since = b.now;
  b.now += 1s;
  b.it.force_open(b.now);
  CHECK(b.look().since == since);
  CHECK(b.look().transitions == 1);
  b.it.disable(b.now);
  b.it.disable(b.now);
  CHECK(b.look().transitions == 2);
}

// -- what it shows

TEST_CASE("a snapshot tells the state, since when, and what was admitted and refused") {
  tried b;
  b.calls({good, good});
  b.now += 1s;
  b.calls({bad, bad});
  CHECK_FALSE(b.call(good));
  const auto seen = b.look();
  CHECK(seen.state == breaker_state::open);
  CHECK(seen.since == b.now);
  CHECK(seen.counts == call_counts{4, 2, 0});
  CHECK(seen.retry_after == 1s);
  CHECK(seen.admitted == 4);
  CHECK(seen.rejected == 1);
  CHECK(seen.transitions == 1);
}

TEST_CASE("every state has a name") {
  CHECK(name(breaker_state::closed) == "closed");
  CHECK(name(breaker_state::open) == "open");
  CHECK(name(breaker_state::half_open) == "half_open");
  CHECK(name(breaker_state::forced_open) == "forced_open");
  CHECK(name(breaker_state::disabled) == "disabled");
}

// -- options

TEST_CASE("the default options can work") {
  CHECK_FALSE(validate(breaker_options{}));
  CHECK(breaker_options{}.slow_call_duration == 610ms);
}

TEST_CASE("options that cannot work are refused by name") {
  const auto refusal = [](auto change) {
    auto o = small();
    change(o);
    CHECK_THROWS_AS((breaker{o, {}}), std::invalid_argument);
    return validate(o).value_or("none");
  };
  using o = breaker_options;
  CHECK(refusal([](o& x) { x.window = count_based{0}; }) == "window.calls: must be positive");
  CHECK(refusal([](o& x) {
          x.window = time_based{1s, 0};
        })
        == "window.buckets: must be positive");
  CHECK(refusal([](o& x) {
          x.window = time_based{5ns, 6};
        })
        == "window.period: must be at least a tick of the clock for each bucket");
  CHECK(refusal([](o& x) { x.minimum_number_of_calls = 0; })
        == "minimum_number_of_calls: must be positive");
  CHECK(refusal([](o& x) { x.minimum_number_of_calls = 5; })
        == "minimum_number_of_calls: must be at most window.calls, 4, got 5");
  CHECK(refusal([](o& x) { x.failure_rate_threshold = 0; })
        == "failure_rate_threshold: must be above 0 and at most 1, got 0.000000");
  CHECK(refusal([](o& x) { x.slow_call_rate_threshold = 50; })
        == "slow_call_rate_threshold: must be above 0 and at most 1, got 50.000000");
  CHECK(refusal([](o& x) { x.slow_call_duration = 0ms; })
        == "slow_call_duration: must be positive");
  CHECK(refusal([](o& x) { x.permitted_calls_in_half_open = 0; })
        == "permitted_calls_in_half_open: must be positive");
  CHECK(refusal([](o& x) { x.max_duration_in_half_open = -1ms; })
        == "max_duration_in_half_open: must not be negative");
  CHECK(refusal([](o& x) { x.wait_in_open = 0ms; }) == "wait_in_open: must be positive");
  CHECK(refusal([](o& x) { x.max_wait_in_open = 999ms; })
        == "max_wait_in_open: must be at least wait_in_open");
  CHECK(refusal([](o& x) { x.wait_reset_after = -1ms; })
        == "wait_reset_after: must not be negative");
}

#include "supervision/shared_breaker.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace pickup::supervision;
using namespace std::chrono_literals;

namespace {

breaker_options small() {
  breaker_options o;
  o.window = count_based{4};
  o.minimum_number_of_calls = 4;
  o.permitted_calls_in_half_open = 2;
  return o;
}

// A breaker whose clock a test moves.
struct tried {
  explicit tried(const breaker_options& o = small())
      : it(o, [this] { return shared_breaker::clock::time_point{1ms * now_ms.load()}; }) {}

  void calls(int n, call_outcome outcome) {
    for (; n > 0; --n) {
      auto p = it.admit();
      REQUIRE(p);
      p->record(outcome);
    }
  }

  breaker_state state() { return it.snapshot().state; }

  std::atomic<std::int64_t> now_ms = 0;
  shared_breaker it;
};

void on_threads(int n, const std::function<void(int)>& what) {
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i)
    threads.emplace_back(what, i);
  for (auto& t : threads)
    t.join();
}

} // namespace

TEST_CASE("a shared breaker opens, waits by its clock, and closes") {
  tried b;
  b.calls(4, call_outcome::failure);
  CHECK_FALSE(b.it.admit());
  CHECK(b.it.retry_after() == 1s);
  b.now_ms = 1000;
  b.calls(2, call_outcome::success);
  CHECK(b.state() == breaker_state::closed);
}

TEST_CASE("a call's duration is taken from the clock") {
  tried b;
  auto p = b.it.admit();
  b.now_ms = 611;
  p->record(call_outcome::success);
  CHECK(b.it.snapshot().counts == call_counts{1, 0, 1});
}

TEST_CASE("a permit that is dropped gives its trial place to another") {
  tried b;
  b.calls(4, call_outcome::failure);
  b.now_ms = 1000;
  auto first = b.it.admit();
  auto second = b.it.admit();
  CHECK_FALSE(b.it.admit());
  first.reset();
  CHECK(b.it.admit());
  CHECK(b.it.snapshot().counts == call_counts{});
}

TEST_CASE("a permit counts once, by its first record") {
  tried b;
  {
    auto p = b.it.admit();
    p->record(call_outcome::failure);
    p->record(call_outcome::failure);
  }
  CHECK(b.it.snapshot().counts == call_counts{1, 1, 0});
}

TEST_CASE("a permit that is moved is one permit") {
  tried b;
  {
    auto first = b.it.admit();
    auto second = std::move(*first);
    first.reset();
    auto third = b.it.admit();
    *third = std::move(second);
    third->record(call_outcome::success);
  }
  CHECK(b.it.snapshot().counts == call_counts{1, 0, 0});
  CHECK(b.it.snapshot().admitted == 2);
}

TEST_CASE("a shared breaker obeys the operator") {
  tried b;
  b.it.force_open();
  CHECK_FALSE(b.it.admit());
  b.it.disable();
  CHECK(b.it.admit());
  b.it.reset();
  CHECK(b.state() == breaker_state::closed);
}

TEST_CASE("however many threads ask, half-open gives as many permits as are permitted") {
  tried b;
  b.calls(4, call_outcome::failure);
  b.now_ms = 1000;
  std::vector<std::optional<shared_breaker::permit>> given(8);
  on_threads(8, [&](int i) { given[static_cast<std::size_t>(i)] = b.it.admit(); });
  CHECK(std::ranges::count_if(given, [](const auto& p) { return p.has_value(); }) == 2);
  CHECK(b.it.snapshot().rejected == 6);
}

TEST_CASE("with calls, commands and looks from many threads no trial place is lost") {
  tried b;
  std::atomic<std::uint64_t> admitted = 0;
  std::atomic<std::uint64_t> refused = 0;
  on_threads(4, [&](int i) {
    for (int n = 0; n < 2000; ++n) {
      if (auto p = b.it.admit()) {
        ++admitted;
        if (n % 5 != 0)
          p->record(n % 3 == i % 3 ? call_outcome::failure : call_outcome::success);
      } else {
        ++refused;
        b.now_ms += 10;
      }
      if (n % 500 == 0)
        i % 2 == 0 ? b.it.force_open() : b.it.disable();
      if (n % 500 == 5)
        b.it.reset();
      b.it.snapshot();
    }
  });
  const auto seen = b.it.snapshot();
  CHECK(seen.admitted == admitted);
  CHECK(seen.rejected == refused);
  b.it.reset();
  b.calls(4, call_outcome::failure);
  b.now_ms += 1000;
  b.calls(2, call_outcome::success);
  CHECK(b.state() == breaker_state::closed);
}

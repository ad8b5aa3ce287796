#include "supervision/mailbox_counters.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>
#include <vector>

using namespace pickup::supervision;
using namespace std::chrono_literals;
using answer = mailbox_gate::answer;

namespace {

void in_threads(int count, const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back(work, i);
  for (auto& t : threads)
    t.join();
}

} // namespace

TEST_CASE("a gate lets in as many as its capacity, and tells each how many wait") {
  mailbox_gate gate;
  CHECK(gate.enter(2).depth == 1);
  CHECK(gate.enter(2).depth == 2);
  CHECK(gate.enter(2).what == answer::full);
  CHECK(gate.depth() == 2);
  REQUIRE(gate.leave());
  CHECK(gate.enter(2).what == answer::entered);
}

TEST_CASE("nobody leaves an empty mailbox") {
  mailbox_gate gate;
  CHECK_FALSE(gate.leave());
  CHECK(gate.depth() == 0);
}

TEST_CASE("a closed gate tells once who was left, and lets nobody in") {
  mailbox_gate gate;
  gate.enter(5);
  gate.enter(5);
  CHECK(gate.close() == 2);
  CHECK(gate.close() == 0);
  CHECK(gate.enter(5).what == answer::closed);
  CHECK(gate.depth() == 0);
}

TEST_CASE("a measured message is known when as many have left as were ahead of it") {
  mailbox_gate gate;
  gate.enter(5);
  gate.enter(5);
  gate.measure(gate.enter(5).depth, 77);
  gate.enter(5);
  for (int ahead = 0; ahead < 2; ++ahead) {
    CHECK_FALSE(gate.begin());
    gate.leave();
  }
  CHECK(gate.begin() == 77);
  gate.leave();
  CHECK_FALSE(gate.begin());
}

TEST_CASE("one message at a time is measured") {
  mailbox_gate gate;
  gate.measure(gate.enter(5).depth, 1);
  gate.measure(gate.enter(5).depth, 2);
  CHECK(gate.begin() == 1);
}

TEST_CASE("the last of a mailbox is the measured one, even if more were thought ahead") {
  mailbox_gate gate;
  gate.enter(5);
  gate.measure(3, 9);
  CHECK(gate.begin() == 9);
}

TEST_CASE("producers at the same moment never push the depth past the capacity") {
  constexpr std::uint32_t capacity = 100;
  constexpr int producers = 8;
  constexpr int messages = 20'000;
  mailbox_gate gate;
  mailbox_counters counters;
  std::atomic<int> busy = producers;
  std::atomic<std::uint64_t> entered = 0;
  std::uint64_t left = 0;
  std::uint32_t deepest = 0;
  std::thread consumer{[&] {
    while (busy > 0 || gate.depth() > 0) {
      deepest = std::max(deepest, gate.depth());
      gate.begin();
      if (gate.leave()) {
        counters.left();
        ++left;
      }
    }
  }};
  in_threads(producers, [&](int) {
    for (int i = 0; i < messages; ++i) {
      const auto e = gate.enter(capacity);
      if (e.what == answer::entered) {
        counters.entered(e.depth);
        gate.measure(e.depth, 1);
        ++entered;
      } else {
        counters.rejected();
      }
    }
    --busy;
  });
  consumer.join();
  const auto figures = counters.read();
  CHECK(deepest <= capacity + producers);
  CHECK(figures.high_water <= capacity + producers);
  CHECK(left == entered);
  CHECK(figures.depth == 0);
  CHECK(figures.rejected + entered == std::uint64_t{producers} * messages);
}

TEST_CASE("whoever enters while a gate closes is counted once") {
  for (int round = 0; round < 200; ++round) {
    mailbox_gate gate;
    mailbox_counters counters;
    in_threads(3, [&](int who) {
      if (who == 0)
        counters.left(gate.close());
      else
        for (int i = 0; i < 20; ++i)
          if (const auto e = gate.enter(1000); e.what == answer::entered)
            counters.entered(e.depth);
    });
    REQUIRE(counters.read().depth == 0);
  }
}

TEST_CASE("counters tell the depth of all mailboxes and the high water of one") {
  mailbox_counters counters;
  counters.entered(1);
  counters.entered(1);
  counters.entered(2);
  counters.left();
  CHECK(counters.read().depth == 2);
  CHECK(counters.read().high_water == 2);
}

TEST_CASE("counters keep the number, the sum and the longest of the waiting times") {
  mailbox_counters counters;
  counters.waited(2ms);
  counters.waited(7ms);
  counters.waited(1ms);
  const auto seen = counters.read();
  CHECK(seen.waits.count() == 3);
  CHECK(seen.waits.total == 10ms);
  CHECK(seen.longest_wait == 7ms);
}

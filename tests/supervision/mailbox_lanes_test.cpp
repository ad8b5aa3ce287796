#include "supervision/mailbox_lanes.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace pickup::supervision;

namespace {

using places = conflating_lane<int, std::string>;
using latest = dropping_lane<int>;

constexpr std::size_t no_end = 1'000'000;

} // namespace

// -- conflating

TEST_CASE("the newest of a key takes the older one's place") {
  places lane{no_end};
  CHECK(lane.put(1, "a").what == lane_outcome::appended);
  CHECK(lane.put(2, "b").what == lane_outcome::appended);
  const auto result = lane.put(1, "A");
  CHECK(result.what == lane_outcome::replaced);
  CHECK(result.left_over == "a");
  CHECK(lane.take() == "A");
  CHECK(lane.take() == "b");
  CHECK_FALSE(lane.take());
}

TEST_CASE("what was taken is no longer replaced") {
  places lane{no_end};
  lane.put(1, "a");
  lane.take();
  CHECK(lane.put(1, "b").what == lane_outcome::appended);
  CHECK(lane.size() == 1);
}

TEST_CASE("more keys than may wait are given back, known ones still conflate") {
  places lane{2};
  lane.put(1, "a");
  lane.put(2, "b");
  const auto result = lane.put(3, "c");
  CHECK(result.what == lane_outcome::full);
  CHECK(result.left_over == "c");
  CHECK(lane.put(2, "B").what == lane_outcome::replaced);
}

TEST_CASE("what comes after a fence does not replace what came before it") {
  places lane{no_end};
  lane.put(1, "a");
  lane.put(2, "b");
  lane.fence(1);
  CHECK(lane.put(1, "A").what == lane_outcome::appended);
  CHECK(lane.put(1, "AA").left_over == "A");
  CHECK(lane.put(2, "B").what == lane_outcome::replaced);
  CHECK(lane.take() == "a");
  CHECK(lane.put(1, "AAA").left_over == "AA");
  CHECK(lane.take() == "B");
  CHECK(lane.take() == "AAA");
}

TEST_CASE("what is put back is the next again, and is not replaced") {
  places lane{no_end};
  lane.put(1, "a");
  lane.put(2, "b");
  lane.put_back(1, *lane.take());
  CHECK(lane.put(1, "A").what == lane_outcome::appended);
  CHECK(lane.take() == "a");
  CHECK(lane.take() == "b");
  CHECK(lane.take() == "A");
}

TEST_CASE("a closed conflating lane gives back what waited, and all that comes") {
  places lane{no_end};
  lane.put(1, "a");
  lane.put(2, "b");
  CHECK(lane.close() == std::vector<std::string>{"a", "b"});
  const auto result = lane.put(1, "c");
  CHECK(result.what == lane_outcome::closed);
  CHECK(result.left_over == "c");
  CHECK(lane.size() == 0);
}

// -- dropping the oldest

TEST_CASE("the oldest makes room for the latest") {
  latest lane{2};
  CHECK(lane.put(1).what == lane_outcome::appended);
  CHECK(lane.put(2).what == lane_outcome::appended);
  const auto result = lane.put(3);
  CHECK(result.what == lane_outcome::replaced);
  CHECK(result.left_over == 1);
  CHECK(lane.size() == 2);
  CHECK(lane.take() == 2);
  CHECK(lane.take() == 3);
  CHECK_FALSE(lane.take());
}

TEST_CASE("a closed dropping lane gives back what waited, and all that comes") {
  latest lane{2};
  lane.put(1);
  CHECK(lane.close() == std::vector<int>{1});
  CHECK(lane.put(2).left_over == 2);
}

// -- many threads

TEST_CASE("every value of many producers is taken or given back, once") {
  constexpr int producers = 6;
  constexpr int values = 5'000;
  constexpr int keys = 10;
  conflating_lane<int, std::unique_ptr<int>> by_key{keys / 2};
  dropping_lane<std::unique_ptr<int>> by_age{7};
  std::atomic<int> tokens = 0, back = 0, busy = producers;
  int taken = 0;
  const auto count = [&](const auto& result) {
    result.left_over ? ++back : 0;
    if (result.what == lane_outcome::appended)
      ++tokens;
  };
  std::thread consumer{[&] {
    while (busy > 0 || tokens > 0) {
      if (tokens == 0)
        continue;
      --tokens;
      // A token comes for either; each lane has at most as many values as tokens were sent.
      if (by_key.take() || by_age.take())
        ++taken;
    }
    while (by_key.take() || by_age.take())
      ++taken;
  }};
  std::vector<std::thread> threads;
  for (int p = 0; p < producers; ++p)
    threads.emplace_back([&, p] {
      for (int i = 0; i < values; ++i) {
        count(by_key.put((p + i) % keys, std::make_unique<int>(i)));
        count(by_age.put(std::make_unique<int>(i)));
        if (i % 100 == 0)
          by_key.fence(p);
      }
      --busy;
    });
  for (auto& t : threads)
    t.join();
  consumer.join();
  CHECK(taken + back == 2 * producers * values);
  CHECK(by_key.size() + by_age.size() == 0);
}

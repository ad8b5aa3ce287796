#include "domain/board.hpp"
#include "tests/domain/dispatch_scene.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <vector>

using namespace pickup::domain;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

class_set only(service_class c) {
  class_set set;
  set.insert(c);
  return set;
}

struct company {
  board b{reach};

  void add(const courier& c, double km) {
    b.put(c, noon);
    b.move(c.id, north(km));
  }

  /// Whom the next match promises to which call: {call, courier}; {0, 0} for nothing.
  std::pair<std::uint64_t, std::uint64_t> match(timestamp now = noon) {
    const auto made = b.next_match(now);
    return made ? std::pair{made->call.n(), made->courier.value()}
                : std::pair{std::uint64_t{0}, std::uint64_t{0}};
  }

  /// The courier who gets a call that comes now; 0 for nobody.
  std::uint64_t courier_for(ticket t) {
    b.enter(std::move(t), noon);
    return match().second;
  }
};

using pair = std::pair<std::uint64_t, std::uint64_t>;
const pair nothing{0, 0};

} // namespace

// -- the nearest who can --

TEST_CASE("a call gets the nearest courier, and hears how far they are") {
  company c;
  c.add(record(1), 5);
  c.add(record(2), 2);
  c.add(record(3), 9);
  c.b.enter(asking(1), noon);
  const auto made = c.b.next_match(noon);
  REQUIRE(made);
  CHECK(made->courier == courier_id{2});
  CHECK(made->distance == distance(north(2), north(0)));
}

TEST_CASE("a courier who is promised takes no other call when full") {
  company c;
  c.add(record(1), 1);
  CHECK(c.courier_for(asking(1)) == 1);
  CHECK(c.courier_for(asking(2)) == 0);
  CHECK(c.b.waits(call_no(2)));
  CHECK(c.b.load(courier_id{1}) == 1);
  CHECK(c.b.reserved() == 1);
}

TEST_CASE("a courier takes as many calls as their capacity") {
  company c;
  c.add(record(1, 3), 1);
  for (std::uint64_t n = 1; n <= 3; ++n)
    CHECK(c.courier_for(asking(n)) == 1);
  CHECK(c.courier_for(asking(4)) == 0);
  CHECK(c.b.jobs(courier_id{1}) == std::vector{call_no(1), call_no(2), call_no(3)});
}

TEST_CASE("a courier takes only classes they can do") {
  company c;
  auto bike = record(1, 5);
  bike.classes = only(light);
  c.add(bike, 1);
  c.add(record(2, 5), 9);
  CHECK(c.courier_for(asking(1, heavy)) == 2);
  CHECK(c.courier_for(asking(2, light)) == 1);
  CHECK(c.b.job_classes(courier_id{2}) == std::vector{heavy});
}

TEST_CASE("a courier excluded for a call does not get it, even as the only one") {
  company c;
  c.add(record(1, 5), 1);
  auto t = asking(1);
  t.excluded = {courier_id{1}};
  CHECK(c.courier_for(t) == 0);
  CHECK(c.courier_for(asking(2)) == 1);
}

TEST_CASE("a courier off shift gets no call until they are back") {
  company c;
  auto kim = record(1);
  kim.on_shift = false;
  c.add(kim, 1);
  CHECK(c.courier_for(asking(1)) == 0);
  kim.on_shift = true;
  c.b.put(kim, noon);
  CHECK(c.match() == pair{1, 1});
}

TEST_CASE("a courier without a place gets no call until their first location") {
  company c;
  c.b.put(record(1), noon);
  CHECK(c.courier_for(asking(1)) == 0);
  c.b.move(courier_id{1}, north(1));
  CHECK(c.match() == pair{1, 1});
}

TEST_CASE("a courier beyond reach gets no call until they come nearer") {
  company c;
  c.add(record(1), 21);
  CHECK(c.courier_for(asking(1)) == 0);
  c.b.move(courier_id{1}, north(19));
  CHECK(c.match() == pair{1, 1});
}

TEST_CASE("a courier exactly at the limit of reach is near enough") {
  const auto edge = distance(north(7), north(0));
  board b{edge};
  b.put(record(1), noon);
  b.move(courier_id{1}, north(7));
  b.enter(asking(1), noon);
  CHECK(b.next_match(noon));
}

TEST_CASE("a lost courier gets no call until heard of") {
  company c;
  c.add(record(1, 5), 1);
  c.b.lose(courier_id{1});
  CHECK(c.courier_for(asking(1)) == 0);
  c.b.hear(courier_id{1});
  CHECK(c.match() == pair{1, 1});
  c.b.lose(courier_id{1});
  CHECK(c.courier_for(asking(2)) == 0);
  c.b.move(courier_id{1}, north(2));
  CHECK(c.match() == pair{2, 1});
}

TEST_CASE(
    "the jobs of a lost courier are known until the calls let go or the courier is heard of") {
  company c;
  c.add(record(1, 5), 1);
  CHECK(c.courier_for(asking(1)) == 1);
  CHECK(c.courier_for(asking(2)) == 1);
  CHECK(c.b.lost_jobs().empty());
  c.b.lose(courier_id{1});
  CHECK(c.b.lost_jobs().size() == 2);
  c.b.leave(asking(1).call, noon);
  CHECK(c.b.lost_jobs() == std::vector{std::pair{courier_id{1}, asking(2).call}});
  c.b.hear(courier_id{1});
  CHECK(c.b.lost_jobs().empty());
}

TEST_CASE("a lost courier stays lost when their record changes") {
  company c;
  c.add(record(1), 1);
  c.b.lose(courier_id{1});
  c.b.put(record(1, 7), noon);
  CHECK(c.courier_for(asking(1)) == 0);
}

TEST_CASE("a courier whose record is being stored gets no call until it is") {
  company c;
  c.add(record(1), 1);
  c.b.hold(courier_id{1});
  CHECK(c.courier_for(asking(1)) == 0);
  c.b.move(courier_id{1}, north(2));
  c.b.hear(courier_id{1});
  CHECK(c.match() == nothing);
  c.b.put(record(1), noon);
  CHECK(c.match() == pair{1, 1});
}

TEST_CASE("a courier who was taken out gets no call") {
  company c;
  c.add(record(1), 1);
  c.b.erase(courier_id{1});
  CHECK(c.courier_for(asking(1)) == 0);
  CHECK(c.b.couriers() == 0);
  CHECK(c.b.jobs(courier_id{1}).empty());
}

TEST_CASE("a courier who learns a class is offered what waited for it") {
  company c;
  auto bike = record(1);
  bike.classes = only(light);
  c.add(bike, 1);
  CHECK(c.courier_for(asking(1, heavy)) == 0);
  c.b.put(record(1), noon);
  CHECK(c.match() == pair{1, 1});
}

TEST_CASE("a courier who may carry more is offered what waited") {
  company c;
  c.add(record(1, 1), 1);
  CHECK(c.courier_for(asking(1)) == 1);
  CHECK(c.courier_for(asking(2)) == 0);
  c.b.put(record(1, 2), noon);
  CHECK(c.match() == pair{2, 1});
  CHECK(c.b.load(courier_id{1}) == 2);
}

TEST_CASE("news of couriers nobody knows are ignored") {
  company c;
  c.b.move(courier_id{9}, north(1));
  c.b.hear(courier_id{9});
  c.b.lose(courier_id{9});
  c.b.hold(courier_id{9});
  c.b.erase(courier_id{9});
  CHECK(c.b.couriers() == 0);
  CHECK(c.courier_for(asking(1)) == 0);
}

// -- ties --

TEST_CASE("of couriers at the same place the one with the lower load is asked") {
  company c;
  c.add(record(1, 5), 1);
  c.add(record(2, 5), 1);
  CHECK(c.courier_for(asking(1)) == 1);
  CHECK(c.courier_for(asking(2)) == 2);
  CHECK(c.courier_for(asking(3)) == 1);
}

TEST_CASE("with the same load the one who is idle longer is asked") {
  company c;
  c.b.put(record(1), noon + 10s);
  c.b.put(record(2), noon);
  for (auto id : {courier_id{1}, courier_id{2}})
    c.b.move(id, north(1));
  CHECK(c.courier_for(asking(1)) == 2);
}

TEST_CASE("a courier counts as idle from the end of the last job") {
  company c;
  c.add(record(1, 5), 1);
  c.add(record(2, 5), 1);
  CHECK(c.courier_for(asking(1)) == 1);
  c.b.leave(call_no(1), noon + 1min);
  CHECK(c.courier_for(asking(2)) == 2);
  c.b.leave(call_no(2), noon + 2min);
  CHECK(c.courier_for(asking(3)) == 1);
}

TEST_CASE("with the same idle time the lower id is asked") {
  company c;
  c.add(record(7), 1);
  c.add(record(3), 1);
  c.add(record(5), 1);
  CHECK(c.courier_for(asking(1)) == 3);
}

TEST_CASE("distance comes before load") {
  company c;
  c.add(record(1, 5), 1);
  c.add(record(2, 5), 1.001);
  for (std::uint64_t n = 1; n <= 5; ++n)
    CHECK(c.courier_for(asking(n)) == 1);
  CHECK(c.courier_for(asking(6)) == 2);
}

TEST_CASE("ties are decided across combinations of classes too") {
  company c;
  auto bike = record(2);
  bike.classes = only(light);
  c.add(record(3), 1);
  c.add(bike, 1);
  CHECK(c.courier_for(asking(1)) == 2);
}

// -- the oldest who waits --

TEST_CASE("new calls are served by age, not in order of arrival") {
  company c;
  c.add(record(1), 1);
  c.b.enter(asking(5), noon);
  c.b.enter(asking(3), noon);
  CHECK(c.match() == pair{3, 1});
  CHECK(c.match() == nothing);
}

TEST_CASE("a freed courier takes the oldest waiting call") {
  company c;
  c.add(record(1), 1);
  CHECK(c.courier_for(asking(1)) == 1);
  for (std::uint64_t n : {4, 2, 3})
    CHECK(c.courier_for(asking(n)) == 0);
  for (std::uint64_t n = 1; n <= 3; ++n) {
    c.b.leave(call_no(n), noon);
    CHECK(c.match() == pair{n + 1, 1});
  }
}

TEST_CASE("of calls made at the same moment the lower id is served first") {
  company c;
  for (std::uint64_t n : {9, 8}) {
    auto t = asking(n);
    t.created_at = noon;
    CHECK(c.courier_for(t) == 0);
  }
  c.add(record(1), 1);
  CHECK(c.match() == pair{8, 1});
}

TEST_CASE("a freed courier passes over calls they cannot serve") {
  company c;
  auto bike = record(1);
  bike.classes = only(light);
  auto far_away = asking(2);
  far_away.where = north(50);
  auto not_again = asking(3);
  not_again.excluded = {courier_id{1}};
  for (const auto& t : {asking(1, heavy), far_away, not_again, asking(4), asking(5)})
    CHECK(c.courier_for(t) == 0);
  c.add(bike, 1);
  CHECK(c.match() == pair{4, 1});
}

TEST_CASE("a call sent back to the dispatcher keeps its age") {
  company c;
  c.add(record(1), 1);
  CHECK(c.courier_for(asking(1)) == 1);
  CHECK(c.courier_for(asking(2)) == 0);
  auto again = asking(1);
  again.version = version_no{2};
  again.excluded = {courier_id{1}};
  c.b.enter(again, noon + 1h);
  CHECK(c.match() == pair{2, 1});
  CHECK(c.courier_for(asking(3)) == 0);
  c.add(record(2), 1);
  CHECK(c.match() == pair{1, 2});
}

TEST_CASE("a courier with room is offered one waiting call after the other") {
  company c;
  for (std::uint64_t n = 1; n <= 4; ++n)
    CHECK(c.courier_for(asking(n)) == 0);
  c.add(record(1, 3), 1);
  CHECK(c.match() == pair{1, 1});
  CHECK(c.match() == pair{2, 1});
  CHECK(c.match() == pair{3, 1});
  CHECK(c.match() == nothing);
  CHECK(c.b.waiting() == 1);
}

// -- entering and leaving --

TEST_CASE("a call that enters again frees the courier it had") {
  company c;
  c.add(record(1), 1);
  c.add(record(2), 2);
  CHECK(c.courier_for(asking(1)) == 1);
  auto again = asking(1);
  again.version = version_no{2};
  again.excluded = {courier_id{1}};
  CHECK(c.courier_for(again) == 2);
  CHECK(c.b.load(courier_id{1}) == 0);
  CHECK(c.b.reserved() == 1);
}

TEST_CASE("old news of a call that has a courier is ignored") {
  company c;
  c.add(record(1), 1);
  auto newer = asking(1);
  newer.version = version_no{5};
  CHECK(c.courier_for(newer) == 1);
  c.b.enter(asking(1), noon);
  CHECK_FALSE(c.b.waits(call_no(1)));
  CHECK(c.b.load(courier_id{1}) == 1);
}

TEST_CASE("old news of a call that waits is ignored") {
  company c;
  auto newer = asking(1);
  newer.version = version_no{5};
  newer.excluded = {courier_id{1}};
  CHECK(c.courier_for(newer) == 0);
  c.add(record(1), 1);
  CHECK(c.courier_for(asking(1)) == 0);
}

TEST_CASE("a call that leaves frees its courier") {
  company c;
  c.add(record(1), 1);
  CHECK(c.courier_for(asking(1)) == 1);
  c.b.leave(call_no(1), noon);
  CHECK(c.b.load(courier_id{1}) == 0);
  CHECK(c.b.reserved() == 0);
  CHECK(c.courier_for(asking(2)) == 1);
}

TEST_CASE("a call that leaves while it waits is not served") {
  company c;
  CHECK(c.courier_for(asking(1)) == 0);
  c.b.enter(asking(2), noon);
  c.b.leave(call_no(1), noon);
  c.b.leave(call_no(2), noon);
  CHECK(c.b.waiting() == 0);
  c.add(record(1), 1);
  CHECK(c.match() == nothing);
}

TEST_CASE("leaving twice, or without having come, does nothing") {
  company c;
  c.add(record(1), 1);
  c.b.leave(call_no(1), noon);
  CHECK(c.courier_for(asking(1)) == 1);
  c.b.leave(call_no(1), noon);
  c.b.leave(call_no(1), noon);
  CHECK(c.b.load(courier_id{1}) == 0);
}

TEST_CASE("a job outlives a courier who was taken out, and can still leave") {
  company c;
  c.add(record(1), 1);
  CHECK(c.courier_for(asking(1)) == 1);
  c.b.erase(courier_id{1});
  c.b.leave(call_no(1), noon);
  CHECK(c.b.reserved() == 0);
}

TEST_CASE("going off shift keeps live jobs") {
  company c;
  auto kim = record(1, 5);
  c.add(kim, 1);
  CHECK(c.courier_for(asking(1)) == 1);
  kim.on_shift = false;
  c.b.put(kim, noon);
  CHECK(c.b.load(courier_id{1}) == 1);
  CHECK(c.b.jobs(courier_id{1}) == std::vector{call_no(1)});
}

// -- starting anew --

TEST_CASE("a restored job takes capacity") {
  company c;
  c.add(record(1), 1);
  c.b.restore(asking(1), courier_id{1}, noon);
  CHECK(c.b.load(courier_id{1}) == 1);
  CHECK(c.courier_for(asking(2)) == 0);
  c.b.leave(call_no(1), noon);
  CHECK(c.match() == pair{2, 1});
}

TEST_CASE("a restored job takes its call out of the queue") {
  company c;
  c.b.put(record(1), noon);
  CHECK(c.courier_for(asking(1)) == 0);
  c.b.restore(asking(1), courier_id{1}, noon);
  CHECK_FALSE(c.b.waits(call_no(1)));
}

TEST_CASE("a restored job of a courier nobody knows is ignored") {
  company c;
  c.b.restore(asking(1), courier_id{9}, noon);
  CHECK(c.b.reserved() == 0);
}

TEST_CASE("jobs restored in any order give the same next match") {
  const auto next_after = [](const std::vector<std::uint64_t>& order) {
    company c;
    for (std::uint64_t id = 1; id <= 3; ++id)
      c.add(record(id, 9), 1);
    for (auto n : order)
      c.b.restore(asking(n), courier_id{n % 3 + 1}, noon + std::chrono::seconds{n});
    return c.courier_for(asking(100));
  };
  CHECK(next_after({1, 2, 3, 6}) == 2);
  CHECK(next_after({3, 1, 2, 6}) == 2);
  CHECK(next_after({2, 1, 3, 6}) == 2);
}

TEST_CASE("looking at all waiting calls afresh gives each the nearest, the oldest first") {
  company c;
  CHECK(c.courier_for(asking(2)) == 0);
  CHECK(c.courier_for(asking(1)) == 0);
  c.add(record(1), 9);
  c.add(record(2), 1);
  c.b.retry_all();
  CHECK(c.match() == pair{1, 2});
  CHECK(c.match() == pair{2, 1});
}

// -- waiting too long --

TEST_CASE("overdue calls come the longest overdue first") {
  company c;
  for (std::uint64_t n : {3, 1, 2})
    CHECK(c.courier_for(asking(n)) == 0);
  CHECK(c.b.overdue(noon + 30min).empty());
  CHECK(c.b.overdue(noon + 30min + 2s) == std::vector{call_no(1), call_no(2)});
  c.b.leave(call_no(1), noon);
  CHECK(c.b.overdue(noon + 1h) == std::vector{call_no(2), call_no(3)});
}

TEST_CASE("when the clock goes back, calls wait no longer than they would have") {
  company c;
  for (std::uint64_t n : {1, 2, 3})
    CHECK(c.courier_for(asking(n)) == 0);
  const auto back = noon + 2s - 24h;
  c.b.turn_back(back);
  CHECK(c.b.overdue(back + 30min - 1ms).empty());
  CHECK(c.b.overdue(back + 30min) == std::vector{call_no(1), call_no(2), call_no(3)});
  // Still the oldest first.
  c.add(record(1), 1);
  CHECK(c.match() == pair{1, 1});
  c.b.leave(call_no(2), back);
  c.b.leave(call_no(3), back);
  CHECK(c.b.waiting() == 0);
  CHECK(c.b.settled());
}

TEST_CASE("a ticket from the past stays as it is") {
  const auto t = asking(1);
  CHECK(as_of(noon + 1s, t) == t);
  CHECK(as_of(noon, t).wait_until == noon + 30min);
}

TEST_CASE("a call that has a courier is not overdue") {
  company c;
  c.add(record(1), 1);
  CHECK(c.courier_for(asking(1)) == 1);
  CHECK(c.b.overdue(noon + 1h).empty());
}

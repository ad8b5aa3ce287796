// Couriers: their record, their place and their heartbeat.
#include "actors/hearing.hpp"
#include "actors/messages.hpp"
#include "tests/actors/test_node.hpp"

#include <caf/send.hpp>

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::testing;
using domain::errc;
using domain::job_step;
using domain::phase;

namespace {

actors::options losing_after(domain::duration limit) {
  actors::options o;
  o.dispatch.courier_lost_after = limit;
  return o;
}

domain::courier_change renamed(std::string name) {
  domain::courier_change c;
  c.name = std::move(name);
  return c;
}

domain::courier_change with_capacity(std::uint32_t capacity) {
  domain::courier_change c;
  c.capacity = capacity;
  return c;
}

domain::courier_change removed() {
  domain::courier_change c;
  c.remove = true;
  return c;
}

domain::courier record_of(test_node& node, domain::courier_id id) {
  return node.journal().view().find(id)->courier;
}

} // namespace

// -- place

TEST_CASE("a courier without a place gets no call until they tell one") {
  test_node node;
  const auto courier = node.hire(std::nullopt);
  const auto id = node.order();
  CHECK(node.phase(id) == phase::dispatching);
  node.move(courier, here());
  CHECK(node.courier(id) == courier);
}

TEST_CASE("a call posted right after a location goes by that location") {
  test_node node;
  const auto moving = node.hire(north(5));
  const auto other = node.hire(north(2));
  CHECK(node.locate(moving, north(1)));
  auto posted = node.post();
  node.run();
  CHECK(node.courier(posted.id) == moving);
  CHECK(node.load(other) == 0);
}

TEST_CASE("a location brings a waiting call within reach") {
  test_node node;
  const auto courier = node.hire(north(50));
  const auto id = node.order();
  CHECK(node.phase(id) == phase::dispatching);
  node.move(courier, north(19));
  CHECK(node.courier(id) == courier);
}

TEST_CASE("of many places told at once each is taken or refused on its own") {
  test_node node;
  const auto near = node.hire(north(50));
  const auto gone = node.hire(north(50));
  const auto crashed = node.hire(north(50));
  auto deleted = node.change(gone, removed());
  node.run();
  REQUIRE(value(deleted) == gone);
  kill(node.actor(crashed));
  REQUIRE(node.system().step());
  const std::vector<actors::located> places{{near, north(10)},
                                            {domain::courier_id{99}, north(1)},
                                            {gone, north(1)},
                                            {crashed, north(1)},
                                            {near, north(2)}};
  const auto refused = actors::hear(*node, places);
  REQUIRE(refused.size() == 3);
  CHECK(refused[0].index == 1);
  CHECK(refused[0].why.code == errc::not_found);
  CHECK(refused[1].index == 2);
  CHECK(refused[1].why.code == errc::not_found);
  CHECK(refused[2].index == 3);
  CHECK(refused[2].why.code == errc::unavailable);
  CHECK(node.journal().view().find(near)->seen.where == north(2));
  node.run();
  CHECK(node.courier(node.order()) == near);
}

TEST_CASE("thousands of places told at once are all seen by the next match and every list") {
  test_node node;
  std::vector<actors::located> places;
  for (int i = 0; i < 1000; ++i)
    places.push_back({node.hire(north(50)), north(1 + i * 0.001)});
  CHECK(actors::hear(*node, places).empty());
  for (const auto& p : places)
    REQUIRE(node.journal().view().find(p.courier)->seen.where == p.where);
  for (int i = 0; i < 3; ++i) {
    auto posted = node.post();
    node.run();
    CHECK(node.courier(posted.id) == places.at(static_cast<std::size_t>(i)).courier);
  }
}

TEST_CASE("who would come is who comes") {
  test_node node;
  const auto would_come = [&] {
    const auto found = node.journal().view().nearest(domain::service_class::standard, here(),
                                                     domain::metres{20'000}, 1);
    return found.empty() ? std::nullopt : std::optional{found.front().courier.courier.id};
  };
  CHECK_FALSE(would_come());
  for (int i = 0; i < 5; ++i)
    node.hire(north(i % 2), 2);
  node.hire(north(21));
  for (int i = 0; i < 10; ++i) {
    const auto expected = would_come();
    REQUIRE(expected);
    CHECK(node.courier(node.order()) == expected);
    node.pass(1s);
  }
  CHECK_FALSE(would_come());
  node.restart();
  CHECK_FALSE(would_come());
}

// -- heartbeat

TEST_CASE("the heartbeat's clock stands still until the first sign of life") {
  test_node node{losing_after(10s)};
  const auto courier = node.hire();
  node.pass(1min, 1s);
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE(
    "a courier who falls silent loses the job before arriving, and it is dispatched again") {
  test_node node{losing_after(10s)};
  const auto silent = node.hire(north(1));
  const auto id = node.order();
  node.move(silent, north(1));
  const auto other = node.hire(north(2));
  node.pass(9900ms);
  CHECK(node.courier(id) == silent);
  node.pass(200ms);
  CHECK(node.courier(id) == other);
  CHECK(node.load(silent) == 0);
  CHECK(node.intents().back().ends_with("REASSIGNED"));
}

TEST_CASE("a courier who falls silent after arriving keeps the job") {
  test_node node{losing_after(10s)};
  const auto silent = node.hire();
  const auto id = node.order();
  node.do_job(id, silent, job_step::arrived);
  node.pass(1min, 1s);
  CHECK(node.courier(id) == silent);
}

TEST_CASE("no courier is lost because the clock is set, and none is kept for it") {
  test_node node{losing_after(10s)};
  const auto courier = node.hire();
  node.move(courier, here());
  node.pass(5s);
  node.set_clock(GENERATE(24h, -24h));
  node.pass(4s);
  const auto id = node.order();
  CHECK(node.courier(id) == courier);
  node.pass(2s);
  CHECK(node.phase(id) == phase::dispatching);
}

TEST_CASE("a lost courier gets no call until heard of again") {
  test_node node{losing_after(10s)};
  const auto courier = node.hire();
  node.move(courier, here());
  node.pass(11s);
  const auto id = node.order();
  CHECK(node.phase(id) == phase::dispatching);
  SECTION("by a location") {
    node.move(courier, here());
  }
  SECTION("by any job call") {
    actors::hear(*node, courier);
    node.run();
  }
  CHECK(node.courier(id) == courier);
}

TEST_CASE("a lost courier is not among those who would come until heard of again") {
  test_node node{losing_after(10s)};
  const auto courier = node.hire();
  node.move(courier, here());
  const auto would_come = [&] {
    return node.journal()
        .view()
        .nearest(domain::service_class::standard, here(), domain::metres{20'000}, 1)
        .size();
  };
  CHECK(would_come() == 1);
  node.pass(11s);
  CHECK(would_come() == 0);
  SECTION("by a location") {
    node.move(courier, here());
  }
  SECTION("by any job call") {
    actors::hear(*node, courier);
    node.run();
  }
  SECTION("or their actor begins anew") {
    kill(node.actor(courier));
    node.run();
  }
  CHECK(would_come() == 1);
  node.pass(11s);
  CHECK(would_come() == 0);
}

TEST_CASE("a courier heard of at the last moment is not lost, whoever is told first") {
  test_node node{losing_after(10s)};
  const auto courier = node.hire();
  const auto id = node.order();
  node.move(courier, here());
  node.pass(9s);
  node.tick(1s); // the clock has run out, and nobody has looked at it yet
  CHECK(node.locate(courier, here()));
  node.run();
  CHECK(node.courier(id) == courier);
  node.pass(9s);
  CHECK(node.courier(id) == courier);
  node.pass(2s);
  CHECK(node.courier(id) != courier);
}

TEST_CASE("a change of a lost courier's record is no sign of life") {
  test_node node{losing_after(10s)};
  const auto courier = node.hire();
  node.move(courier, here());
  node.pass(11s);
  auto changed = node.change(courier, renamed("새 이름"));
  node.run();
  REQUIRE(value(changed) == courier);
  const auto id = node.order();
  CHECK(node.phase(id) == phase::dispatching);
  node.move(courier, here());
  CHECK(node.courier(id) == courier);
}

TEST_CASE("regular heartbeats keep a courier") {
  test_node node{losing_after(10s)};
  const auto courier = node.hire();
  const auto id = node.order();
  for (int i = 0; i < 10; ++i) {
    node.move(courier, here());
    node.pass(9s);
  }
  CHECK(node.courier(id) == courier);
}

TEST_CASE("a call lost by its courier does not come back to them") {
  test_node node{losing_after(10s)};
  const auto courier = node.hire();
  const auto id = node.order();
  node.move(courier, here());
  node.pass(11s);
  CHECK(node.phase(id) == phase::dispatching);
  node.move(courier, here());
  CHECK(node.phase(id) == phase::dispatching);
}

TEST_CASE("a demo courier is never lost") {
  test_node node{losing_after(10s)};
  auto record = taxi_driver();
  record.demo = true;
  auto enlisted = node.enlist(record, here());
  node.run();
  const auto demo = value(enlisted);
  const auto id = node.order();
  node.move(demo, here());
  node.pass(1min, 1s);
  CHECK(node.courier(id) == demo);
  // Not even one heard of while being restarted.
  node.journal().hold();
  kill(node.actor(demo));
  node.run();
  REQUIRE(node.locate(demo, here()));
  node.run();
  node.journal().release();
  node.pass(1min, 1s);
  CHECK(node.courier(id) == demo);
}

// -- the record

TEST_CASE("a courier gets no call while a change of their record is being stored") {
  test_node node;
  const auto courier = node.hire(here(), 2);
  node.journal().hold();
  auto changed = node.change(courier, with_capacity(1));
  node.run();
  auto first = node.post();
  auto second = node.post();
  node.run();
  CHECK(node->dispatcher_state.at(node->shard_of(domain::service::taxi)).reserved == 0);
  node.journal().release();
  node.run();
  CHECK(value(changed) == courier);
  CHECK(node.courier(first.id) == courier);
  CHECK(node.phase(second.id) == phase::dispatching);
  CHECK(node.violations().empty());
}

TEST_CASE("a change below the live jobs is refused, and the courier goes on") {
  test_node node;
  const auto courier = node.hire(here(), 3);
  node.order();
  node.order();
  auto changed = node.change(courier, with_capacity(1));
  node.run();
  CHECK(refusal(changed) == errc::conflict);
  CHECK(record_of(node, courier).capacity == 3);
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a change is judged by reservations too, not only by what is stored") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  auto posted = node.post();
  node.run();
  auto deleted = node.change(courier, removed());
  node.run();
  CHECK(refusal(deleted) == errc::conflict);
  node.journal().release();
  node.run();
  CHECK(node.courier(posted.id) == courier);
}

TEST_CASE("a courier with a live job is not deleted, one without is, for good") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  auto refused = node.change(courier, removed());
  node.run();
  CHECK(refusal(refused) == errc::conflict);
  node.cancel_now(id);
  auto deleted = node.change(courier, removed());
  node.run();
  CHECK(value(deleted) == courier);
  CHECK(record_of(node, courier).deleted);
  CHECK_FALSE(node.actor(courier));
  CHECK(node.phase(node.order()) == phase::dispatching);
  node.restart();
  CHECK_FALSE(node.actor(courier));
  CHECK(node.hire() != courier);
}

TEST_CASE("a live job's class cannot be taken from its courier") {
  test_node node;
  const auto courier = node.hire();
  node.order(here(), domain::service_class::van);
  domain::courier_change change;
  change.classes.emplace().insert(domain::service_class::standard);
  auto answer = node.change(courier, change);
  node.run();
  CHECK(refusal(answer) == errc::conflict);
}

TEST_CASE("off shift, a courier keeps the live job and gets no other") {
  test_node node;
  const auto courier = node.hire(here(), 2);
  const auto kept = node.order();
  domain::courier_change change;
  change.on_shift = false;
  auto off = node.change(courier, change);
  node.run();
  CHECK(value(off) == courier);
  CHECK(node.courier(kept) == courier);
  const auto waiting = node.order();
  CHECK(node.phase(waiting) == phase::dispatching);
  change.on_shift = true;
  auto on = node.change(courier, change);
  node.run();
  CHECK(node.courier(waiting) == courier);
}

TEST_CASE("changes of one courier are stored one at a time, and each gets its own answer") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  node.journal().hold();
  auto first = node.change(courier, renamed("첫째"));
  auto refused = node.change(courier, removed());
  auto last = node.change(courier, renamed("셋째"));
  node.run();
  CHECK_FALSE(given(first));
  node.journal().release();
  node.run();
  CHECK(value(first) == courier);
  CHECK(refusal(refused) == errc::conflict);
  CHECK(value(last) == courier);
  CHECK(record_of(node, courier).name == "셋째");
  CHECK(node.courier(id) == courier);
}

TEST_CASE("changes that wait behind a deletion are refused") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  auto deleted = node.change(courier, removed());
  auto late = node.change(courier, renamed("누구"));
  node.run();
  node.journal().release();
  node.run();
  CHECK(value(deleted) == courier);
  CHECK(refusal(late));
  CHECK(record_of(node, courier).deleted);
  CHECK_FALSE(node.actor(courier));
}

// -- crashes

TEST_CASE("a courier actor killed while its change is being stored is not held afterwards") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  auto changed = node.change(courier, renamed("새 이름"));
  node.run();
  kill(node.actor(courier));
  node.run();
  CHECK(refusal(changed) == errc::unavailable);
  node.journal().release();
  node.run();
  CHECK(record_of(node, courier).name == "새 이름");
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a courier actor killed between proposal and verdict is not held afterwards") {
  test_node node;
  const auto courier = node.hire();
  auto changed = node.change(courier, renamed("새 이름"));
  // The courier proposes; the dispatcher has yet to judge.
  REQUIRE(node.system().step());
  kill(node.actor(courier));
  node.run();
  CHECK(refusal(changed) == errc::unavailable);
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a proposal whose courier actor is gone when it is judged holds nobody") {
  test_node node;
  const auto courier = node.hire();
  const auto predecessor = node.actor(courier);
  kill(predecessor);
  node.run();
  REQUIRE(node.actor(courier) != predecessor);
  caf::anon_send(node.dispatcher(),
                 actors::propose_change{record_of(node, courier), predecessor.address()});
  node.run();
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a courier actor that crashed goes on with record, place and job") {
  test_node node;
  const auto courier = node.hire(north(1));
  const auto id = node.order();
  node.move(courier, north(2));
  kill(node.actor(courier));
  node.run();
  REQUIRE(node.actor(courier));
  CHECK(node.courier(id) == courier);
  node.do_job(id, courier, job_step::decline);
  const auto next = node.order();
  CHECK(node.courier(next) == courier);
  CHECK(node.find(next)->assigned->distance.value() == Approx(2000).epsilon(0.01));
}

TEST_CASE("a courier whose registration is being stored when their actor is killed exists") {
  test_node node;
  node.journal().hold();
  auto enlisted = node.enlist(taxi_driver(), here());
  node.run();
  kill(node.actor(domain::courier_id{1}));
  node.run();
  CHECK(refusal(enlisted) == errc::unavailable);
  node.journal().release();
  node.run();
  CHECK(node.courier(node.order()) == domain::courier_id{1});
}

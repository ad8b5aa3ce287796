// Crashes between deciding and storing: nothing is promised twice, nothing leaks.
#include "actors/messages.hpp"
#include "tests/actors/test_node.hpp"

#include <caf/send.hpp>

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::testing;
using domain::errc;
using domain::event;
using domain::job_step;
using domain::phase;

namespace {

std::size_t times(const std::vector<event>& all, event e) {
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), e));
}

// Every live assignment takes one unit of capacity, and nothing else does.
void check_nothing_leaks(test_node& node) {
  CHECK(node.places_found() == node.places_left());
  CHECK(node.violations().empty());
}

} // namespace

// -- a dispatcher that crashes

TEST_CASE("a promise of a dead dispatcher is refused, and the call is assigned once") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  auto waiting = node.post();
  // The call is told of its courier; its commit is not submitted yet.
  while (node->counters.reservations == 0)
    REQUIRE(node.system().step());
  kill(node.dispatcher());
  // The new dispatcher opens its epoch before the call's commit gets to the journal.
  node.system().run_all_but(node.actor(waiting.id));
  node.run();
  node.journal().release();
  node.run();
  CHECK(node->counters.stale_commits == 1);
  CHECK(value(waiting.answer).phase == phase::confirmed);
  CHECK(times(node.history(waiting.id), event::assigned) == 1);
  CHECK(node.load(courier) == 1);
  check_nothing_leaks(node);
}

TEST_CASE("a commit under way when its dispatcher dies stands, and the courier is taken") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  auto first = node.post();
  node.run();
  kill(node.dispatcher());
  node.run();
  auto second = node.post();
  node.run();
  node.journal().release();
  node.run();
  CHECK(value(first.answer).assigned->courier == courier);
  CHECK(value(second.answer).phase == phase::dispatching);
  CHECK(node->counters.stale_commits == 0);
  node.cancel_now(first.id);
  CHECK(node.courier(second.id) == courier);
  check_nothing_leaks(node);
}

TEST_CASE("the dispatcher's crash on purpose, between reserve and commit, loses nothing") {
  actors::options o;
  o.faults.crash_dispatcher_every = 2;
  o.supervision.intensity = 1000;
  test_node node{o};
  const auto courier = node.hire(here(), 100);
  std::vector<domain::call_id> calls;
  for (int i = 0; i < 20; ++i) {
    auto posted = node.post();
    node.run();
    calls.push_back(posted.id);
    CHECK(value(posted.answer).phase == phase::confirmed);
  }
  CHECK(node->counters.restarts >= 10);
  CHECK(node.load(courier) == calls.size());
  CHECK(node.violations().empty());
}

TEST_CASE("calls that wait are found by the next dispatcher") {
  test_node node;
  const auto first = node.order();
  const auto second = node.order();
  kill(node.dispatcher());
  node.run();
  const auto courier = node.hire();
  CHECK(node.courier(first) == courier);
  CHECK(node.phase(second) == phase::dispatching);
  node.cancel_now(first);
  CHECK(node.courier(second) == courier);
}

TEST_CASE("what calls say before the new dispatcher's board is rebuilt is not lost") {
  test_node node;
  const auto courier = node.hire(here(), 3);
  const auto declined = node.order();
  const auto canceled = node.order();
  const auto kept = node.order();
  // The epoch is not open yet: the board is not rebuilt.
  node.journal().hold();
  kill(node.dispatcher());
  node.run();
  auto decline = node.report(declined, courier, job_step::decline);
  auto cancel = node.cancel(canceled);
  auto posted = node.post();
  node.run();
  node.journal().release();
  node.run();
  CHECK(value(decline).phase == phase::dispatching);
  CHECK(value(cancel).phase == phase::canceled);
  CHECK(value(posted.answer).assigned->courier == courier);
  CHECK(node.phase(declined) == phase::dispatching);
  CHECK(node.courier(kept) == courier);
  CHECK(node.load(courier) == 2);
  const auto other = node.hire(north(1));
  CHECK(node.courier(declined) == other);
  check_nothing_leaks(node);
}

TEST_CASE("a call that is dispatched again while there is no dispatcher finds the next one") {
  test_node node;
  const auto courier = node.hire();
  const auto other = node.hire(north(1));
  const auto id = node.order();
  const auto dispatcher = node.dispatcher();
  auto decline = node.report(id, courier, job_step::decline);
  // The decline is stored; the dispatcher dies before it hears of it.
  while (node.phase(id) != phase::dispatching)
    REQUIRE(node.system().step());
  kill(dispatcher);
  node.run();
  CHECK(given(decline));
  CHECK(node.courier(id) == other);
  check_nothing_leaks(node);
}

TEST_CASE("a cancellation the dispatcher did not live to hear frees the courier all the same") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  auto cancel = node.cancel(id);
  while (node.phase(id) != phase::canceled)
    REQUIRE(node.system().step());
  kill(node.dispatcher());
  node.run();
  CHECK(value(cancel).phase == phase::canceled);
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a request of a call that has made a newer one is not answered twice") {
  test_node node;
  // Waiting calls that the new dispatcher matches before it hears from them.
  std::vector<domain::call_id> calls;
  for (int i = 0; i < 10; ++i)
    calls.push_back(node.order());
  const auto courier = node.hire(north(50), 100);
  node.move(courier, north(51));
  node.journal().hold();
  kill(node.dispatcher());
  node.run();
  node.journal().release();
  for (auto id : calls)
    kill(node.actor(id));
  CHECK_FALSE(node.locate(courier, north(1))); // whose actor is not back yet
  node.run();
  CHECK(node.load(courier) == 0);
  node.move(courier, north(1));
  for (auto id : calls)
    CHECK(node.courier(id) == courier);
  CHECK(node.load(courier) == calls.size());
  CHECK(node.violations().empty());
}

TEST_CASE("what is sent to a dispatcher that just died does not hang") {
  test_node node;
  const auto dispatcher = node.dispatcher();
  kill(dispatcher);
  node.run();
  REQUIRE(node.dispatcher() != dispatcher);
  auto [promise, answer] = actors::reply<domain::courier_id>::make();
  caf::anon_send(dispatcher, actors::register_courier{{}, here(), "test", std::move(promise)});
  node.run();
  CHECK(refusal(answer) == errc::unavailable);
}

TEST_CASE("a call posted while the dispatcher restarts is confirmed by the next one") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  kill(node.dispatcher());
  node.run();
  auto posted = node.post();
  node.run();
  CHECK_FALSE(given(posted.answer));
  node.journal().release();
  node.run();
  CHECK(value(posted.answer).assigned->courier == courier);
}

TEST_CASE("the couriers of a dead dispatcher end, and the new one has its own") {
  test_node node;
  const auto courier = node.hire();
  const auto before = node.actor(courier);
  kill(node.dispatcher());
  node.run();
  CHECK(node.actor(courier));
  CHECK(node.actor(courier) != before);
  CHECK(node->couriers.size() == 1);
}

// -- a call that crashes

TEST_CASE("a call that dies before it is stored never was, and its courier is free") {
  test_node node;
  node.hire();
  auto posted = node.post();
  while (node->counters.reservations == 0)
    REQUIRE(node.system().step());
  kill(node.actor(posted.id));
  node.run();
  CHECK(refusal(posted.answer) == errc::unavailable);
  CHECK_FALSE(node.find(posted.id));
  CHECK(node->calls.size() == 0);
  CHECK(node.intents().empty());
  check_nothing_leaks(node);
}

TEST_CASE("a call that dies while its commit is under way comes back as what was stored") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  auto posted = node.post();
  node.run();
  kill(node.actor(posted.id));
  node.run();
  CHECK(refusal(posted.answer) == errc::unavailable);
  auto decline = node.report(posted.id, courier, job_step::arrived);
  node.run();
  node.journal().release();
  node.run();
  CHECK(value(decline).phase == phase::arrived);
  CHECK(node.load(courier) == 1);
  const auto other = node.order();
  CHECK(node.phase(other) == phase::dispatching);
  node.cancel_now(posted.id);
  CHECK(node.courier(other) == courier);
  CHECK(node.violations().empty());
}

TEST_CASE("a call that dies between commit and answer is true") {
  test_node node;
  const auto courier = node.hire();
  auto posted = node.post();
  while (!node.find(posted.id))
    REQUIRE(node.system().step());
  kill(node.actor(posted.id));
  node.run();
  CHECK(refusal(posted.answer) == errc::unavailable);
  CHECK(node.courier(posted.id) == courier);
  CHECK(node.intents().size() == 1);
  node.cancel_now(posted.id);
  check_nothing_leaks(node);
}

TEST_CASE("a waiting call that dies waits on, and keeps its turn") {
  test_node node;
  const auto first = node.order();
  const auto second = node.order();
  kill(node.actor(first));
  node.run();
  REQUIRE(node.actor(first));
  const auto courier = node.hire();
  CHECK(node.courier(first) == courier);
  CHECK(node.phase(second) == phase::dispatching);
}

TEST_CASE("a call that dies with a courier reserved for it asks again") {
  test_node node;
  const auto id = node.order();
  const auto before = node->counters.reservations.load();
  auto hired = node.enlist(taxi_driver(), here());
  while (node->counters.reservations == before)
    REQUIRE(node.system().step());
  kill(node.actor(id));
  node.run();
  CHECK(node.courier(id) == value(hired));
  node.cancel_now(id);
  check_nothing_leaks(node);
}

TEST_CASE("a call cancelled in its last moment is cancelled after its crash") {
  test_node node;
  node.hire();
  const auto id = node.order();
  node.journal().hold();
  auto cancel = node.cancel(id);
  node.run();
  kill(node.actor(id));
  node.run();
  node.journal().release();
  node.run();
  CHECK(node.phase(id) == phase::canceled);
  CHECK(node->calls.size() == 0);
  check_nothing_leaks(node);
}

TEST_CASE("the call's crash on purpose, between reserve and commit, leaks no courier") {
  actors::options o;
  o.faults.crash_call_every = 2;
  test_node node{o};
  const auto courier = node.hire();
  int refused = 0;
  for (int i = 0; i < 20; ++i) {
    auto posted = node.post();
    node.run();
    if (refusal(posted.answer)) {
      ++refused;
      CHECK_FALSE(node.find(posted.id));
      continue;
    }
    CHECK(value(posted.answer).assigned->courier == courier);
    node.cancel_now(posted.id);
  }
  CHECK(refused == 10);
  CHECK(node.load(courier) == 0);
  CHECK(node.violations().empty());
}

TEST_CASE("a call that keeps crashing is given up, and its live job still counts") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  while (node->counters.quarantined_calls == 0) {
    kill(node.actor(id));
    node.run();
  }
  CHECK(node.courier(id) == courier);
  const auto next = node.order();
  CHECK(node.phase(next) == phase::dispatching);
  CHECK(node.violations().empty());
}

TEST_CASE("a waiting call in quarantine gets no courier, not from the next dispatcher either") {
  test_node node;
  const auto crashing = node.order();
  while (node->counters.quarantined_calls == 0) {
    kill(node.actor(crashing));
    node.run();
  }
  kill(node.dispatcher());
  node.run();
  const auto courier = node.hire();
  CHECK(node.phase(crashing) == phase::dispatching);
  CHECK(node.courier(node.order()) == courier);
  CHECK(node.violations().empty());
}

TEST_CASE("as many crashes as the configuration says put a call in quarantine") {
  actors::options o;
  o.supervision.child_intensity = 1;
  test_node node{o};
  const auto id = node.order();
  kill(node.actor(id));
  node.run();
  CHECK(node->counters.quarantined_calls == 0);
  kill(node.actor(id));
  node.run();
  CHECK(node->counters.quarantined_calls == 1);
}

TEST_CASE("a courier in quarantine counts as lost: their call goes to another") {
  test_node node;
  const auto crashing = node.hire();
  const auto id = node.order();
  const auto other = node.hire(north(1));
  REQUIRE(node.courier(id) == crashing);
  while (node->counters.quarantined_couriers == 0) {
    kill(node.actor(crashing));
    node.run();
  }
  node.pass(1s);
  CHECK(node.courier(id) == other);
  CHECK(node.violations().empty());
}

TEST_CASE("a call given up while its commit is under way keeps the courier it gets") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  auto posted = node.post();
  node.run();
  while (node->counters.quarantined_calls == 0) {
    kill(node.actor(posted.id));
    node.run();
  }
  auto next = node.post();
  node.run();
  node.journal().release();
  node.run();
  CHECK(node.courier(posted.id) == courier);
  CHECK(value(next.answer).phase == phase::dispatching);
  CHECK(node.violations().empty());
}

// -- the supervisor of calls

TEST_CASE("when the supervisor of calls dies every live call comes back") {
  test_node node;
  const auto courier = node.hire();
  const auto assigned = node.order();
  const auto waiting = node.order();
  kill(node->call_supervisors.find(node->shard_of(domain::service::taxi)));
  node.run();
  CHECK(node->calls.size() == 2);
  node.cancel_now(assigned);
  CHECK(node.courier(waiting) == courier);
}

TEST_CASE(
    "a call that was never stored leaves nothing behind when the supervisor of calls dies") {
  test_node node;
  const auto courier = node.hire();
  // The dispatcher knows the call; the call has not heard of it yet.
  auto posted = node.post();
  while (node->counters.reservations == 0)
    REQUIRE(node.system().step());
  kill(node->call_supervisors.find(node->shard_of(domain::service::taxi)));
  kill(node.actor(posted.id));
  node.run();
  CHECK(refusal(posted.answer) == errc::unavailable);
  CHECK(node.courier(node.order()) == courier);
  CHECK(node.violations().empty());
}

TEST_CASE("a call being stored when the supervisor of calls dies comes back too") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  auto posted = node.post();
  node.run();
  kill(node->call_supervisors.find(node->shard_of(domain::service::taxi)));
  node.run();
  CHECK(refusal(posted.answer) == errc::unavailable);
  node.journal().release();
  node.run();
  REQUIRE(node.courier(posted.id) == courier);
  REQUIRE(node.actor(posted.id));
  node.cancel_now(posted.id);
  check_nothing_leaks(node);
}

TEST_CASE("a call whose end is stored as the supervisor of calls dies leaves nothing behind") {
  test_node node;
  const auto id = node.order();
  node.journal().hold();
  auto canceled = node.cancel(id);
  node.run();
  kill(node->call_supervisors.find(node->shard_of(domain::service::taxi)));
  kill(node.actor(id));
  node.journal().release();
  node.run();
  CHECK(refusal(canceled) == errc::unavailable);
  CHECK(node.phase(id) == phase::canceled);
  const auto courier = node.hire();
  CHECK(node.courier(node.order()) == courier);
}

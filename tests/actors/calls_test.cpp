// What becomes of a call, step by step, when nothing fails.
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

using strings = std::vector<std::string>;

} // namespace

// -- asking for a courier

TEST_CASE("a call that nobody waits for any more never begins") {
  actors::begin_or_give_up given_up;
  CHECK(given_up.give_up());
  CHECK_FALSE(given_up.begin());
  actors::begin_or_give_up begun;
  CHECK(begun.begin());
  CHECK(begun.begin()); // its next incarnation
  CHECK_FALSE(begun.give_up());
}

TEST_CASE("a call that finds a free courier is confirmed in one commit with one message") {
  test_node node;
  const auto courier = node.hire(north(1));
  const auto before = node.journal().stats().commits;
  auto posted = node.post();
  node.run();
  const auto call = value(posted.answer);
  CHECK(call.id == posted.id);
  CHECK(call.phase == phase::confirmed);
  CHECK(call.assigned->courier == courier);
  CHECK(call.assigned->distance.value() == Approx(1000).epsilon(0.01));
  CHECK(node.journal().stats().commits == before + 1);
  CHECK(node.history(call.id) == std::vector{event::called, event::managed, event::assigned});
  CHECK(node.intents() == strings{"taxi/0:2 CONFIRMED"});
  CHECK(node.messages() == node.intents());
  CHECK(node.load(courier) == 1);
}

TEST_CASE("a call that finds nobody is accepted and waits") {
  test_node node;
  auto posted = node.post();
  node.run();
  CHECK(value(posted.answer).phase == phase::dispatching);
  CHECK(node.history(posted.id) == std::vector{event::called, event::managed});
  CHECK(node.messages() == strings{"taxi/0:1 RECEIVED"});
}

TEST_CASE("the nearest courier gets the call") {
  test_node node;
  node.hire(north(3));
  const auto nearest = node.hire(north(-1));
  node.hire(north(2));
  CHECK(node.courier(node.order()) == nearest);
}

TEST_CASE("a call that an operator takes from its courier goes to another one") {
  test_node node;
  const auto first = node.hire(north(1));
  const auto second = node.hire(north(2));
  const auto id = node.order();
  REQUIRE(node.courier(id) == first);
  node.do_job(id, first, job_step::arrived);
  CHECK(node.reassign_now(id).phase == phase::dispatching);
  CHECK(node.courier(id) == second);
  CHECK(node.load(first) == 0);
  // Nobody is left who was not asked.
  CHECK(node.reassign_now(id).phase == phase::dispatching);
  CHECK(node.phase(id) == phase::dispatching);
  auto again = node.reassign(id);
  node.run();
  REQUIRE(given(again));
  CHECK(given(again)->error().code == errc::conflict);
  const auto report = node.verified();
  CHECK(report.violations.empty());
  CHECK(report.explanations == 2);
}

TEST_CASE("services do not share couriers") {
  test_node node;
  node.hire();
  const auto id = node.order(here(), domain::service_class::under10kg);
  CHECK(id.service() == domain::service::pickup);
  CHECK(node.phase(id) == phase::dispatching);
}

TEST_CASE("a waiting call is taken when a courier appears, the oldest first") {
  test_node node;
  const auto first = node.order();
  node.pass(1s);
  const auto second = node.order();
  const auto courier = node.hire();
  CHECK(node.courier(first) == courier);
  CHECK(node.phase(second) == phase::dispatching);
  node.cancel_now(first);
  CHECK(node.courier(second) == courier);
  CHECK(node.messages()
        == strings{"taxi/0:1 RECEIVED", "taxi/0:2 RECEIVED", "taxi/0:4 CONFIRMED",
                   "taxi/0:5 CANCELED", "taxi/0:6 CONFIRMED"});
}

TEST_CASE("who waits for a courier is told when there is one, and at once when there is") {
  test_node node;
  const auto id = node.order();
  auto early = node.watch(id);
  node.run();
  CHECK_FALSE(given(early));
  node.hire();
  CHECK(value(early).phase == phase::confirmed);
  auto late = node.watch(id);
  node.run();
  CHECK(value(late).phase == phase::confirmed);
}

TEST_CASE("who waits for a courier is told when the call ends without one") {
  test_node node;
  const auto id = node.order();
  auto watched = node.watch(id);
  node.cancel_now(id);
  CHECK(value(watched).phase == phase::canceled);
}

// -- cancelling

TEST_CASE("cancelling frees the courier, and the next call gets them") {
  test_node node;
  const auto courier = node.hire();
  const auto first = node.order();
  CHECK(node.cancel_now(first).phase == phase::canceled);
  CHECK(node.load(courier) == 0);
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a call cancelled while its assignment is being stored ends cancelled") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  auto posted = node.post();
  node.run();
  auto canceled = node.cancel(posted.id);
  node.run();
  CHECK_FALSE(given(posted.answer));
  CHECK_FALSE(given(canceled));
  node.journal().release();
  node.run();
  CHECK(value(posted.answer).phase == phase::confirmed);
  CHECK(value(canceled).phase == phase::canceled);
  CHECK(node.history(posted.id)
        == std::vector{event::called, event::managed, event::assigned, event::call_canceled,
                       event::assign_canceled});
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a courier found while the cancellation is being stored stays free") {
  test_node node;
  const auto id = node.order();
  node.journal().hold();
  auto canceled = node.cancel(id);
  node.run();
  auto hired = node.enlist(taxi_driver(), here());
  node.run();
  node.journal().release();
  node.run();
  CHECK(value(canceled).phase == phase::canceled);
  CHECK(node.history(id) == std::vector{event::called, event::managed, event::call_canceled});
  CHECK(node.courier(node.order()) == value(hired));
}

TEST_CASE("cancelling twice changes nothing the second time") {
  test_node node;
  node.hire();
  const auto id = node.order();
  node.journal().hold();
  auto first = node.cancel(id);
  auto second = node.cancel(id);
  node.run();
  node.journal().release();
  node.run();
  CHECK(value(first).phase == phase::canceled);
  CHECK(value(second).version == value(first).version);
}

TEST_CASE("a call that was picked up is not cancelled any more") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  node.do_job(id, courier, job_step::arrived);
  node.do_job(id, courier, job_step::picked_up);
  auto answer = node.cancel(id);
  node.run();
  CHECK(refusal(answer) == errc::conflict);
  CHECK(node.phase(id) == phase::picked_up);
}

// -- the courier's side

TEST_CASE("a job is done step by step, then the courier is free") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  CHECK(node.do_job(id, courier, job_step::arrived).phase == phase::arrived);
  CHECK(node.do_job(id, courier, job_step::picked_up).phase == phase::picked_up);
  CHECK(node.do_job(id, courier, job_step::completed).phase == phase::completed);
  CHECK(node.messages()
        == strings{"taxi/0:2 CONFIRMED", "taxi/0:3 ARRIVED", "taxi/0:4 PICKED_UP",
                   "taxi/0:5 COMPLETED"});
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a failed pickup ends the call and frees the courier") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  CHECK(node.do_job(id, courier, job_step::failed).phase == phase::pickup_failed);
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a declined call goes to another courier") {
  test_node node;
  const auto nearest = node.hire(north(1));
  const auto other = node.hire(north(2));
  const auto id = node.order();
  REQUIRE(node.courier(id) == nearest);
  CHECK(node.do_job(id, nearest, job_step::decline).phase == phase::dispatching);
  CHECK(node.courier(id) == other);
  CHECK(node.intents().back() == "taxi/0:5 REASSIGNED");
}

TEST_CASE("a courier who declined is not asked again for that call") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  node.do_job(id, courier, job_step::decline);
  CHECK(node.phase(id) == phase::dispatching);
  node.move(courier, north(0.1));
  CHECK(node.phase(id) == phase::dispatching);
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a report by another courier is refused") {
  test_node node;
  const auto courier = node.hire(north(1));
  const auto other = node.hire(north(2));
  const auto id = node.order();
  auto answer = node.report(id, other, job_step::arrived);
  node.run();
  CHECK(refusal(answer) == errc::not_found);
  CHECK(node.courier(id) == courier);
  CHECK(node.phase(id) == phase::confirmed);
}

TEST_CASE("a courier who declined may not report on that job any more") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  node.do_job(id, courier, job_step::decline);
  auto answer = node.report(id, courier, job_step::arrived);
  node.run();
  CHECK(refusal(answer) == errc::conflict);
}

TEST_CASE("steps of a job out of order are refused with the phase") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  auto answer = node.report(id, courier, job_step::completed);
  node.run();
  REQUIRE(refusal(answer) == errc::conflict);
  CHECK(given(answer)->error().facts == std::vector<domain::fact>{{"phase", "CONFIRMED"}});
}

// -- waiting too long

TEST_CASE("a call that waited too long is unfulfilled, not a moment earlier") {
  actors::options o;
  o.dispatch.max_wait = 10s;
  test_node node{o};
  const auto id = node.order();
  node.pass(9900ms);
  CHECK(node.phase(id) == phase::dispatching);
  node.pass(400ms);
  CHECK(node.phase(id) == phase::unfulfilled);
  CHECK(node.messages() == strings{"taxi/0:1 RECEIVED", "taxi/0:2 UNFULFILLED"});
  node.hire();
  CHECK(node.phase(id) == phase::unfulfilled);
}

TEST_CASE("when the clock goes back, a call does not wait until it is there again") {
  actors::options o;
  o.dispatch.max_wait = 10s;
  test_node node{o};
  const auto id = node.order();
  node.pass(5s);
  node.set_clock(-24h);
  SECTION("nor after a restart") {
    node.restart();
  }
  node.pass(9s);
  CHECK(node.phase(id) == phase::dispatching);
  node.pass(1500ms);
  CHECK(node.phase(id) == phase::unfulfilled);
  CHECK(node.violations().empty());
}

TEST_CASE("a call that has a courier does not expire") {
  actors::options o;
  o.dispatch.max_wait = 10s;
  test_node node{o};
  node.hire();
  const auto id = node.order();
  node.pass(1min, 1s);
  CHECK(node.phase(id) == phase::confirmed);
}

TEST_CASE("an assignment refused as overload is tried again, but not at once") {
  test_node node;
  const auto courier = node.hire(north(50));
  const auto id = node.order();
  node.journal().hold();
  node.journal().limit(0);
  node.move(courier, here());
  node.pass(1s);
  CHECK(node.phase(id) == phase::dispatching);
  CHECK(node->counters.reservations < 10);
  node.journal().release();
  node.journal().limit(1000);
  node.pass(500ms);
  CHECK(node.courier(id) == courier);
}

TEST_CASE(
    "calls are taken while matching is out of order, and none has waited too long after") {
  actors::options o;
  o.dispatch.max_wait = 2s;
  o.faults.fail_matching_for = 10s;
  test_node node{o};
  const auto courier = node.hire();
  const auto id = node.order();
  node.pass(9s);
  CHECK(node.phase(id) == phase::dispatching);
  node.pass(15s);
  CHECK(node.courier(id) == courier);
}

TEST_CASE("a call dispatched again keeps its place in the queue and its time to wait") {
  actors::options o;
  o.dispatch.max_wait = 10s;
  test_node node{o};
  const auto courier = node.hire();
  const auto id = node.order();
  node.pass(6s);
  node.do_job(id, courier, job_step::decline);
  const auto younger = node.order();
  REQUIRE(node.courier(younger) == courier);
  const auto youngest = node.order();
  const auto other = node.hire();
  CHECK(node.courier(id) == other);
  node.do_job(id, other, job_step::decline);
  CHECK(node.courier(youngest) == other);
  node.pass(5s);
  CHECK(node.phase(id) == phase::unfulfilled);
}

// -- one at a time

TEST_CASE("commands to a call are decided one at a time, in order") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  node.journal().hold();
  auto arrived = node.report(id, courier, job_step::arrived);
  auto picked_up = node.report(id, courier, job_step::picked_up);
  auto canceled = node.cancel(id);
  node.run();
  CHECK_FALSE(given(arrived));
  node.journal().release();
  node.run();
  CHECK(value(arrived).phase == phase::arrived);
  CHECK(value(picked_up).phase == phase::picked_up);
  CHECK(refusal(canceled) == errc::conflict);
}

TEST_CASE("a call takes no more commands than may wait, and goes on with those") {
  actors::options o;
  o.limits.call_queue = 2;
  test_node node{o};
  const auto courier = node.hire();
  const auto id = node.order();
  node.journal().hold();
  auto committing = node.report(id, courier, job_step::arrived);
  auto second = node.cancel(id);
  auto third = node.cancel(id);
  auto refused = node.cancel(id);
  node.run();
  CHECK(refusal(refused) == errc::overloaded);
  node.journal().release();
  node.run();
  CHECK(value(committing).phase == phase::arrived);
  CHECK(value(second).phase == phase::canceled);
  CHECK(value(third).phase == phase::canceled);
}

TEST_CASE("calls that ended leave the directory, their supervisor and memory") {
  test_node node;
  const auto courier = node.hire();
  const auto completed = node.order();
  for (auto step : {job_step::arrived, job_step::picked_up, job_step::completed})
    node.do_job(completed, courier, step);
  const auto canceled = node.order();
  const auto ended = caf::actor_cast<caf::weak_actor_ptr>(node.actor(canceled));
  REQUIRE(ended.lock() != nullptr);
  node.cancel_now(canceled);
  const auto live = node.order();
  CHECK(node->calls.size() == 1);
  CHECK(node.actor(live));
  CHECK(ended.lock() == nullptr);
}

// -- no dispatcher

TEST_CASE("a call whose dispatcher does not answer in time is refused and leaves nothing") {
  test_node node;
  const auto courier = node.hire();
  node.journal().hold();
  kill(node.dispatcher());
  node.run();
  auto posted = node.post();
  node.run();
  CHECK_FALSE(given(posted.answer));
  caf::anon_send(node.actor(posted.id), actors::give_up{});
  node.run();
  CHECK(refusal(posted.answer) == errc::unavailable);
  CHECK(node->calls.size() == 0);
  node.journal().release();
  node.run();
  CHECK_FALSE(node.find(posted.id));
  CHECK(node.intents().empty());
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("giving up comes too late once the call is being stored") {
  test_node node;
  node.hire();
  node.journal().hold();
  auto posted = node.post();
  node.run();
  caf::anon_send(node.actor(posted.id), actors::give_up{});
  node.run();
  node.journal().release();
  node.run();
  CHECK(value(posted.answer).phase == phase::confirmed);
}

TEST_CASE("a call without any dispatcher is refused at once") {
  test_node node;
  node->dispatchers.clear();
  auto posted = node.post();
  node.run();
  CHECK(refusal(posted.answer) == errc::unavailable);
  CHECK_FALSE(node.find(posted.id));
}

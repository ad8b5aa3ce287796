// A node that starts over what an earlier one stored.
#include "actors/messages.hpp"
#include "tests/actors/test_node.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::testing;
using domain::errc;
using domain::job_step;
using domain::phase;

namespace {

actors::options waiting_at_most(domain::duration limit) {
  actors::options o;
  o.dispatch.max_wait = limit;
  return o;
}

} // namespace

TEST_CASE("after a restart calls, couriers, places and loads are what they were") {
  test_node node;
  const auto near = node.hire(north(1));
  const auto far = node.hire(north(2), 2);
  node.move(far, north(3));
  const auto arrived = node.order();
  node.do_job(arrived, near, job_step::arrived);
  const auto confirmed = node.order();
  const auto canceled = node.order();
  node.cancel_now(canceled);
  node.restart();
  CHECK(node->calls.size() == 2);
  CHECK(node->couriers.size() == 2);
  CHECK(node.phase(arrived) == phase::arrived);
  CHECK(node.courier(confirmed) == far);
  CHECK(node.phase(canceled) == phase::canceled);
  CHECK(node.do_job(arrived, near, job_step::picked_up).phase == phase::picked_up);
  const auto next = node.order();
  CHECK(node.courier(next) == far);
  CHECK(node.find(next)->assigned->distance.value() == Approx(3000).epsilon(0.01));
  CHECK(next.number() == canceled.number() + 1);
  CHECK(node.phase(node.order()) == phase::dispatching);
}

TEST_CASE("after a crash every answered call is there, and none that was never stored") {
  test_node node;
  const auto courier = node.hire();
  const auto kept = node.order();
  node.journal().hold();
  auto lost = node.post();
  node.run();
  node.crash();
  CHECK(refusal(lost.answer) == errc::unavailable);
  node.start();
  CHECK(node.courier(kept) == courier);
  CHECK_FALSE(node.find(lost.id));
  CHECK(node->calls.size() == 1);
}

TEST_CASE("a courier is not promised to a call before it has its actor") {
  test_node node;
  const auto waiting = node.order();
  node->assign_paused = true;
  const auto courier = node.hire();
  node.crash();
  node.start(test_node::turns::calls_last);
  CHECK(node.courier(waiting) == courier);
}

TEST_CASE(
    "a call found at a start is read when something happens to it, and asks for nothing") {
  test_node node;
  const auto courier = node.hire();
  const auto confirmed = node.order();
  const auto waiting = node.order();
  node.restart();
  CHECK(node->last_attempt == 0);
  auto watched = node.watch(confirmed);
  node.run();
  CHECK(value(watched).assigned->courier == courier);
  node.do_job(confirmed, courier, job_step::arrived);
  node.do_job(confirmed, courier, job_step::picked_up);
  node.do_job(confirmed, courier, job_step::completed);
  CHECK(node.courier(waiting) == courier);
  CHECK(node->last_attempt == 0);
  CHECK(node.violations().empty());
}

TEST_CASE("a call found at a start that crashes says what is true") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  node.restart();
  kill(node.actor(id));
  node.run();
  CHECK(node.courier(id) == courier);
  node.cancel_now(id);
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("who declined before a restart is not asked after it") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  node.do_job(id, courier, job_step::decline);
  node.restart();
  CHECK(node.phase(id) == phase::dispatching);
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("calls that waited go on waiting after a restart, oldest first") {
  test_node node;
  const auto first = node.order();
  node.pass(1s);
  const auto second = node.order();
  node.restart();
  const auto courier = node.hire();
  CHECK(node.courier(first) == courier);
  CHECK(node.phase(second) == phase::dispatching);
}

TEST_CASE("the time a call may wait goes on while the node is down") {
  test_node node{waiting_at_most(10min)};
  const auto id = node.order();
  node.pass(6min, 10s);
  node.restart();
  node.pass(3min, 10s);
  CHECK(node.phase(id) == phase::dispatching);
  node.pass(70s, 10s);
  CHECK(node.phase(id) == phase::unfulfilled);
}

TEST_CASE("an overdue call is matched before it can expire") {
  test_node node{waiting_at_most(10s)};
  const auto id = node.order();
  // The courier becomes known at the very end, and the node dies before they are matched.
  node.journal().hold();
  auto enlisted = node.enlist(taxi_driver(), here());
  node.run();
  kill(node.dispatcher());
  node.pass(15s);
  CHECK(node.phase(id) == phase::dispatching);
  node.journal().release();
  node.pass(1s);
  CHECK(node.phase(id) == phase::confirmed);
}

TEST_CASE("a call that became overdue while the node was down expires if nobody is free") {
  test_node node{waiting_at_most(10s)};
  const auto id = node.order();
  node.crash();
  node.start();
  node.pass(11s);
  CHECK(node.phase(id) == phase::unfulfilled);
}

TEST_CASE("the heartbeat's clock starts anew with a restart, for those ever heard of") {
  actors::options o;
  o.dispatch.courier_lost_after = 10s;
  test_node node{o};
  const auto heard = node.hire();
  const auto silent = node.hire(north(1));
  node.move(heard, here());
  const auto first = node.order();
  const auto second = node.order();
  REQUIRE(node.courier(first) == heard);
  node.pass(9s);
  node.restart();
  node.pass(9s);
  CHECK(node.courier(first) == heard);
  node.pass(2s);
  CHECK(node.phase(first) == phase::dispatching);
  CHECK(node.courier(second) == silent);
}

TEST_CASE("a location is found again after a restart") {
  test_node node;
  const auto courier = node.hire(north(100));
  node.move(courier, here());
  node.pass(2s);
  node.crash();
  node.start();
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a node can be restarted again and again") {
  test_node node;
  const auto courier = node.hire();
  for (int i = 0; i < 5; ++i) {
    const auto id = node.order();
    CHECK(node.courier(id) == courier);
    node.restart();
    node.cancel_now(id);
  }
  CHECK(node.messages() == node.intents());
  CHECK(node.messages().size() == 10);
  CHECK(node.violations().empty());
}

TEST_CASE("when the journal takes nothing more, requests hear so and no actor crashes") {
  test_node node;
  const auto courier = node.hire(here(), 2);
  const auto kept = node.order();
  node.fail_disk(true);
  auto posted = node.post();
  node.run();
  CHECK(refusal(posted.answer) == errc::unknown_outcome);
  // Not tried, also when the disk is well again: only another journal knows what is true.
  node.fail_disk(false);
  auto refused = node.post();
  auto canceled = node.cancel(kept);
  domain::courier_change off;
  off.on_shift = false;
  auto changed = node.change(courier, off);
  node.run();
  CHECK(refusal(refused.answer) == errc::unavailable);
  CHECK(refusal(canceled) == errc::unavailable);
  CHECK(refusal(changed) == errc::unavailable);
  node.pass(10min, 1s);
  CHECK_FALSE(node.ended());
  CHECK(node->counters.restarts == 0);
  CHECK(node.phase(kept) == phase::confirmed);
  node.restart();
  CHECK(node.courier(kept) == courier);
  node.cancel_now(kept);
  CHECK(node.violations().empty());
}

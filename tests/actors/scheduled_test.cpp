// Calls that ask for a time of pickup, dispatch.lead_time (15 minutes) before which they are
// dispatched.
#include "actors/messages.hpp"
#include "supervision/management.hpp"
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

constexpr auto lead = 15min;

std::uint64_t scheduled(test_node& node) {
  return node.journal().view().scheduled_calls(node->shard_of(domain::service::taxi));
}

} // namespace

TEST_CASE("a call for later is accepted and durable at once, and takes nobody") {
  test_node node;
  const auto courier = node.hire();
  auto posted = node.post(here(), domain::service_class::standard, {}, node.now() + 2h);
  node.run();
  const auto call = value(posted.answer);
  CHECK(call.phase == phase::scheduled);
  CHECK(call.dispatch_at == node.now() + 2h - lead);
  CHECK(call.wait_until == node.now() + 2h + 30min);
  CHECK(node.find(call.id) == call);
  CHECK(node.history(call.id) == std::vector{event::called, event::scheduled});
  CHECK(node.messages().empty());
  CHECK(node.load(courier) == 0);
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a call for soon is dispatched at once, and waits until its time and longer") {
  test_node node;
  const auto id = node.book(lead);
  CHECK(node.phase(id) == phase::dispatching);
  CHECK_FALSE(node.find(id)->dispatch_at);
  CHECK(node.find(id)->wait_until == node.now() + lead + 30min);
}

TEST_CASE("a scheduled call has no actor until it is due") {
  test_node node;
  const auto id = node.book(1h);
  CHECK(node->calls.size() == 0);
  node.pass(44min, 1min);
  CHECK(node->calls.size() == 0);
  CHECK(node.phase(id) == phase::scheduled);
}

TEST_CASE("a scheduled call is dispatched the lead before its time, not earlier") {
  test_node node;
  const auto courier = node.hire(north(1));
  const auto id = node.book(1h);
  node.pass(45min - 1s, 1s);
  CHECK(node.phase(id) == phase::scheduled);
  const auto before = node.journal().stats().commits;
  node.pass(1200ms);
  CHECK(node.courier(id) == courier);
  CHECK(node.journal().stats().commits == before + 1);
  CHECK(node.history(id)
        == std::vector{event::called, event::scheduled, event::managed, event::assigned});
  CHECK(node.messages() == strings{"taxi/0:3 CONFIRMED"});
  CHECK(node.do_job(id, courier, job_step::arrived).phase == phase::arrived);
  CHECK(scheduled(node) == 0);
}

TEST_CASE("a scheduled call that finds nobody waits until long after its time") {
  test_node node;
  const auto id = node.book(1h);
  node.pass(46min, 10s);
  CHECK(node.phase(id) == phase::dispatching);
  CHECK(node.messages() == strings{"taxi/0:2 RECEIVED"});
  node.pass(43min, 10s);
  CHECK(node.phase(id) == phase::dispatching);
  node.pass(2min, 10s);
  CHECK(node.phase(id) == phase::unfulfilled);
}

TEST_CASE("a scheduled call does not overtake calls that wait since before it was due") {
  test_node node;
  const auto booked = node.book(20min);
  node.pass(4min, 10s);
  const auto waiting = node.order();
  node.pass(2min, 10s);
  REQUIRE(node.phase(booked) == phase::dispatching);
  const auto later = node.order();
  const auto courier = node.hire();
  CHECK(node.courier(waiting) == courier);
  CHECK(node.courier(booked) == std::nullopt);
  CHECK(node.courier(later) == std::nullopt);
  node.hire();
  CHECK(node.courier(booked));
}

TEST_CASE("a scheduled call is canceled with a message, and is never dispatched") {
  test_node node;
  node.hire();
  const auto id = node.book(1h);
  auto answer = node.cancel(id);
  node.run();
  CHECK(value(answer).phase == phase::canceled);
  CHECK(node->calls.size() == 0);
  CHECK(scheduled(node) == 0);
  node.pass(50min, 10s);
  CHECK(node.phase(id) == phase::canceled);
  CHECK(node.messages() == strings{"taxi/0:3 CANCELED"});
  CHECK(node.violations().empty());
}

TEST_CASE(
    "a call that is told too late that it falls due, as it is canceled, leaves no actor") {
  test_node node;
  const auto id = node.book(1h);
  node.crash();
  node.start();
  node.cancel(id);
  node.run();
  caf::anon_send(node->call_supervisors.find(id.shard()),
                 supervision::start_child{
                     id.packed(), caf::make_message(actors::fall_due{domain::epoch_no{1}})});
  node.run();
  CHECK(node->calls.size() == 0);
  CHECK(node.phase(id) == phase::canceled);
}

TEST_CASE(
    "a scheduled call whose cancellation is refused as overload is dispatched all the same") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.book(1h);
  auto answer = node.cancel(id);
  node.journal().limit(0);
  node.run();
  CHECK(refusal(answer) == errc::overloaded);
  CHECK(node->calls.size() == 0);
  node.journal().limit(1000);
  node.pass(46min, 10s);
  CHECK(node.courier(id) == courier);
}

TEST_CASE("a report on a scheduled call finds no job, and leaves no actor behind") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.book(1h);
  auto answer = node.report(id, courier, job_step::arrived);
  node.run();
  CHECK(refusal(answer) == errc::not_found);
  CHECK(node->calls.size() == 0);
}

TEST_CASE("a scheduled call is found again after a crash, also when it fell due meanwhile") {
  test_node node;
  const auto courier = node.hire(here(), 2);
  const auto soon = node.book(20min);
  const auto late = node.book(2h);
  node.crash();
  node.start();
  CHECK(node->calls.size() == 0);
  node.pass(4min, 10s);
  CHECK(node.phase(soon) == phase::scheduled);
  node.crash();
  // Time goes by without the node.
  node.start();
  node.tick(10min);
  node.run();
  CHECK(node.courier(soon) == courier);
  CHECK(node.phase(late) == phase::scheduled);
  CHECK(node.messages() == node.intents());
}

TEST_CASE("a call whose actor dies when it has just fallen due is dispatched all the same") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.book(20min);
  node.pass(5min - 1s, 1s);
  node.journal().hold();
  node.pass(2s);
  REQUIRE(node.actor(id));
  kill(node.actor(id));
  node.pass(1s);
  CHECK(node.phase(id) == phase::scheduled);
  node.journal().release();
  node.pass(1s);
  CHECK(node.courier(id) == courier);
  CHECK(node.load(courier) == 1);
  CHECK(node.violations().empty());
}

TEST_CASE("a dispatcher that dies with a call that fell due is followed by one that takes it") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.book(20min);
  node.pass(5min - 1s, 1s);
  node.journal().hold();
  node.pass(2s);
  kill(node.dispatcher());
  node.pass(1s);
  node.journal().release();
  node.pass(1s);
  CHECK(node.courier(id) == courier);
  CHECK(node.places_found() == 0);
  CHECK(node.violations().empty());
}

TEST_CASE("a call that falls due while it is being canceled is canceled") {
  test_node node;
  node.hire();
  const auto id = node.book(20min);
  node.pass(5min - 1s, 1s);
  node.journal().hold();
  auto answer = node.cancel(id);
  node.pass(2s);
  node.journal().release();
  node.pass(1s);
  CHECK(value(answer).phase == phase::canceled);
  CHECK(node.places_found() == 1);
}

TEST_CASE("a cancellation that comes while the call is being dispatched frees the courier") {
  test_node node;
  node.hire();
  const auto id = node.book(20min);
  node.pass(5min - 1s, 1s);
  node.journal().hold();
  node.pass(2s);
  auto answer = node.cancel(id);
  node.run();
  node.journal().release();
  node.pass(1s);
  CHECK(value(answer).phase == phase::canceled);
  CHECK(node.places_found() == 1);
  CHECK(node.messages() == node.intents());
}

TEST_CASE("a call that keeps crashing when it is due takes no other call's place") {
  actors::options o;
  o.faults.crash_call_every = 1;
  o.supervision.call_intensity = 1'000'000;
  test_node node{o};
  node.hire();
  const auto id = node.book(20min);
  node.pass(6min, 1s);
  CHECK(node.phase(id) == phase::scheduled);
  CHECK(node->quarantined_calls.holds(id));
  CHECK(node->calls.size() == 0);
  CHECK(node->counters.quarantined_calls == 1);
  auto answer = node.cancel(id); // asking for it gives it another chance
  node.run();
  CHECK(value(answer).phase == phase::canceled);
}

TEST_CASE("while assignment is paused it is shown all the same who waits and who is free") {
  test_node node;
  const auto courier = node.hire(north(1));
  const auto& gauges = node->dispatcher_state.at(node->shard_of(domain::service::taxi));
  node->assign_paused = true;
  node.order();
  node.order();
  CHECK(gauges.waiting == 2);
  CHECK(gauges.free == 1);
  node->assign_paused = false;
  node.pass(1s);
  CHECK(gauges.waiting < 2);
  CHECK(node.load(courier) > 0);
}

TEST_CASE("while assignment is paused a call that falls due is taken in all the same") {
  test_node node;
  const auto courier = node.hire();
  node->assign_paused = true;
  const auto id = node.book(20min);
  node.pass(6min, 1s);
  CHECK(node.phase(id) == phase::dispatching);
  node->assign_paused = false;
  node.pass(1s);
  CHECK(node.courier(id) == courier);
}

TEST_CASE("a scheduled call is refused like any other when no dispatcher confirms it") {
  test_node node;
  node.journal().hold();
  kill(node.dispatcher());
  node.run();
  auto posted = node.post(here(), domain::service_class::standard, {}, node.now() + 2h);
  node.run();
  CHECK_FALSE(given(posted.answer));
  caf::anon_send(node.actor(posted.id), actors::give_up{});
  node.run();
  CHECK(refusal(posted.answer) == errc::unavailable);
  node.journal().release();
  node.pass(1s);
  CHECK_FALSE(node.find(posted.id));
  CHECK(node->calls.size() == 0);
}

TEST_CASE("when the clock jumps ahead calls are dispatched early, and none is lost") {
  test_node node;
  node.hire(here(), 10);
  std::vector<domain::call_id> ids;
  for (int i = 0; i < 5; ++i)
    ids.push_back(node.book(1h + i * 24h));
  node.tick(7 * 24h);
  node.pass(1s);
  for (auto id : ids)
    CHECK(node.phase(id) == phase::confirmed);
}

TEST_CASE("many that fall due together are dispatched in turns, never all at once") {
  test_node node;
  node.hire(here(), 5000);
  for (int i = 0; i < 2500; ++i)
    node.book(1h);
  node.journal().hold();
  node.tick(1h);
  node.run();
  CHECK(node->calls.size() == 1000);
  node.journal().release();
  node.pass(2s);
  CHECK(scheduled(node) == 0);
  CHECK(node.places_left() == 2500);
}

TEST_CASE("who waits for a courier of a scheduled call is answered at once") {
  test_node node;
  const auto id = node.book(20min);
  node.pass(5min - 1s, 1s);
  node.journal().hold();
  node.pass(2s);
  auto watched = node.watch(id);
  node.run();
  node.journal().release();
  node.pass(1s);
  CHECK(value(watched).phase == phase::scheduled);
}

// What operators see of actors, without disturbing them.
#include "actors/actor_names.hpp"
#include "actors/node_inspection.hpp"
#include "actors/node_operation.hpp"
#include "supervision/bounded.hpp"
#include "tests/actors/test_node.hpp"

#include <boost/fiber/fiber.hpp>
#include <boost/fiber/operations.hpp>
#include <catch2/catch.hpp>

#include <algorithm>

using namespace pickup;
using namespace pickup::testing;
using namespace std::chrono_literals;
using actors::actor_order;
using actors::actor_view;

namespace {

actors::actor_list list(test_node& node, const std::string& kind,
                        std::optional<actor_order> by = {}, std::size_t most = 100) {
  return actors::node_inspection{*node}.list({kind, by, most, 0ms});
}

const actors::actor_figures& find(const actors::actor_list& in, const actor_view& who) {
  const auto found = std::ranges::find(in.actors, who, &actors::actor_figures::who);
  if (found == in.actors.end())
    throw std::runtime_error{who.kind + ' ' + who.id + " is not listed"};
  return *found;
}

void crash(test_node& node, const actor_view& who) {
  REQUIRE(actors::disturb(*node, who, actors::fault::crash, 0ms, {"kim", "c-1"}));
}

std::vector<std::string> messages_in(const actors::trace_view& t) {
  std::vector<std::string> all;
  for (const auto& m : t.messages)
    all.push_back(m.actor.kind + ' ' + m.message + (m.failed ? " failed" : ""));
  return all;
}

} // namespace

TEST_CASE("every actor is listed with its state, and how many there are") {
  test_node node;
  const auto courier = node.hire(north(1));
  const auto call = node.order();
  const auto all = list(node, "");
  CHECK(find(all, actors::name_of(call)).state == "CONFIRMED");
  CHECK(find(all, actors::name_of(courier)).state == "full");
  CHECK(find(all, {"dispatcher", "taxi"}).state == "ready");
  CHECK(find(all, {"ledger", "node"}).state == "running");
  CHECK(find(all, {"notifier", "log"}).state == "running");
  CHECK(all.total == all.actors.size());
  CHECK(list(node, "courier").total == 1);
}

TEST_CASE("an actor has one name only") {
  test_node node;
  const auto courier = node.hire(north(1));
  const auto call = node.order();
  actors::node_inspection inspection{*node};
  CHECK(actors::call_of({"call", "taxi:" + std::to_string(call.number())}) == call);
  CHECK(actors::courier_of({"courier", std::to_string(courier.value())}) == courier);
  for (const auto& other : {actor_view{"call", "taxi:01"},
                            {"call", "taxi:001"},
                            {"call", "taxi:"},
                            {"courier", "01"},
                            {"courier", ""}}) {
    CHECK_FALSE(actors::find_actor(*node, other));
    CHECK(inspection.start_trace({other, 10, 1s}).error().code == domain::errc::not_found);
    CHECK(actors::disturb(*node, other, actors::fault::crash, 0ms, {"kim", "c-1"}).error().code
          == domain::errc::not_found);
  }
}

TEST_CASE("from when they are looked at, actors are measured") {
  test_node node;
  node.hire(north(1));
  CHECK(find(list(node, "dispatcher"), {"dispatcher", "taxi"}).messages == 0);
  const auto call = node.order();
  const auto top = list(node, "", actor_order::messages, 2);
  REQUIRE(top.actors.size() == 2);
  CHECK(top.actors[0].messages >= top.actors[1].messages);
  const auto listed = list(node, "call");
  const auto& seen = find(listed, actors::name_of(call));
  CHECK(seen.messages == 3); // begin_call, dispatched, commit_done
  CHECK(seen.handling);
  CHECK_FALSE(seen.running);
}

TEST_CASE("the newest calls are on the map, everywhere or in a box, and all are counted") {
  test_node node;
  for (int i = 0; i < 250; ++i)
    node.order(i % 2 == 0 ? here() : north(50));
  node.cancel_now(node.order());
  actors::node_inspection inspection{*node};
  const auto taxis = domain::service::taxi;
  const domain::box around{*domain::position::at(here().lat() - 0.1, here().lng() - 0.1),
                           *domain::position::at(here().lat() + 0.1, here().lng() + 0.1)};
  const auto drawn = [&](const std::optional<domain::box>& within, std::size_t most) {
    auto found = inspection.calls_under_way(taxis, within, most);
    REQUIRE(found);
    return std::move(*found);
  };
  const auto all = drawn({}, 250);
  REQUIRE(all.newest.size() == 250);
  CHECK(all.newest.front().id.number() == 250);
  CHECK(all.newest.back().id.number() == 1);
  CHECK(all.total == 250);
  CHECK_FALSE(all.truncated);
  const auto some = drawn({}, 120);
  REQUIRE(some.newest.size() == 120);
  CHECK(some.newest.back().id.number() == 131);
  CHECK(some.total == 250);
  CHECK(some.truncated);
  const auto inside = drawn(around, 250);
  CHECK(inside.newest.size() == 125);
  CHECK(inside.total == 125);
  CHECK_FALSE(inside.truncated);
  const auto looked_at = drawn(around, 100);
  CHECK(looked_at.newest.size() == 50);
  CHECK(looked_at.total == 250);
  CHECK(looked_at.truncated);
  CHECK(inspection.calls_under_way(domain::service::pickup, {}, 100)->total == 0);
}

TEST_CASE("while a map is drawn, others of the thread have their turns") {
  test_node node;
  for (int i = 0; i < 250; ++i)
    node.order();
  int turns = 0;
  bool done = false;
  boost::fibers::fiber other{[&] {
    for (; !done; ++turns)
      boost::this_fiber::yield();
  }};
  REQUIRE(actors::node_inspection{*node}.calls_under_way(domain::service::taxi, {}, 250));
  done = true;
  other.join();
  CHECK(turns >= 2);
}

TEST_CASE("a restart is told with what was handled, by whom it was wanted and what followed") {
  test_node node;
  const auto courier = node.hire(north(1));
  crash(node, actors::name_of(courier));
  node.run();
  auto change = node.change(courier, {});
  node.run();
  const auto told = node->restarts.list(0, 10);
  REQUIRE(told.size() == 1);
  CHECK(told[0].actor == actors::name_of(courier));
  CHECK(told[0].message == "change_courier");
  CHECK(told[0].by == "kim");
  CHECK(told[0].story
        == "courier 1 was ended by kim: fault: told to crash. Its supervisor couriers "
           "taxi/0 starts it again.");
  const auto listed = list(node, "courier");
  const auto& seen = find(listed, actors::name_of(courier));
  CHECK(seen.restarts == 1);
  CHECK(seen.last_exit == "fault: told to crash");
}

TEST_CASE("a supervisor that gives up is named as the cause of what follows") {
  actors::restart_log log;
  supervision::restart_report call;
  call.supervisor = "calls pickup/0";
  call.child = "1";
  call.reason = caf::make_error(caf::sec::runtime_error, std::string{"no such row"});
  call.outcome = supervision::verdict::escalates;
  log.note(call, actor_view{"call", "pickup:1"}, domain::timestamp{1s});
  supervision::restart_report calls;
  calls.supervisor = "root";
  calls.child = "calls pickup/0";
  calls.reason = caf::make_error(caf::sec::runtime_error, std::string{"too many restarts"});
  const auto soon = log.note(calls, std::nullopt, domain::timestamp{2s});
  CHECK(soon.caused_by == 1);
  CHECK(soon.by.empty());
  CHECK(soon.story
        == "calls pickup/0 ended: too many restarts. It followed from no. 1 (call pickup:1: no "
           "such row). Its supervisor root starts it again.");
  CHECK_FALSE(log.note(calls, std::nullopt, domain::timestamp{1h}).caused_by);
}

TEST_CASE("who ordered an end is named in its own story, not in a later one") {
  actors::restart_log log;
  const actor_view dispatcher{"dispatcher", "taxi"};
  log.expect(dispatcher, "killed", "kim");
  supervision::restart_report other;
  other.supervisor = "root";
  other.reason = caf::make_error(caf::sec::runtime_error, std::string{"too many restarts"});
  CHECK(log.note(other, dispatcher, domain::timestamp{1s}).story
        == "dispatcher taxi ended: too many restarts. Its supervisor root starts it again.");
  auto ordered = other;
  ordered.reason = caf::exit_reason::kill;
  CHECK(log.note(ordered, dispatcher, domain::timestamp{2s}).story
        == "dispatcher taxi was ended by kim: killed. Its supervisor root starts it again.");
  CHECK(log.note(ordered, dispatcher, domain::timestamp{3s}).story
        == "dispatcher taxi ended: killed. Its supervisor root starts it again.");
  // What nothing followed, as it had just ended by itself, is forgotten.
  log.expect(dispatcher, "killed", "kim", domain::timestamp{5s});
  CHECK(log.note(ordered, dispatcher, domain::timestamp{6s}).story
        == "dispatcher taxi ended: killed. Its supervisor root starts it again.");
}

TEST_CASE("only so many restarts are kept, the newest first") {
  actors::restart_log log;
  supervision::restart_report r;
  for (int i = 0; i < 1100; ++i)
    log.note(r, std::nullopt, domain::timestamp{});
  const auto all = log.list(0, 2000);
  CHECK(all.size() == 1000);
  CHECK(all.front().n == 1100);
  CHECK(log.list(1098, 10).size() == 2);
}

TEST_CASE("a trace shows the messages to a call and about it, wherever they go") {
  test_node node;
  node.hire(north(1));
  const auto begun = actors::node_inspection{*node}.start_trace({{"call", "taxi:1"}, 100, 30s});
  REQUIRE(begun);
  const auto call = node.order();
  node.order(); // another one, of no interest
  CHECK(messages_in(*node->traces.find(begun->n))
        == std::vector<std::string>{"call begin_call", "dispatcher enter_call",
                                    "call dispatched", "call commit_done"});
  crash(node, actors::name_of(call));
  node.run();
  auto lost = node.cancel(call);
  node.run();
  CHECK(messages_in(*node->traces.find(begun->n))[4] == "call cancel_call failed");
}

TEST_CASE("a message that is being handled is in the trace, without a time, until it was") {
  test_node node;
  actors::node_inspection inspector{*node};
  const auto begun = inspector.start_trace({{"dispatcher", "taxi"}, 100, 30s});
  const auto dispatcher = node->dispatchers.find(node->shard_of(domain::service::taxi));
  std::vector<actors::traced_message> meanwhile;
  supervision::arm(caf::actor_cast<caf::actor>(dispatcher),
                   {[&] { meanwhile = inspector.find_trace(begun->n, 0)->messages; }});
  node.order();
  REQUIRE(meanwhile.size() == 1);
  CHECK_FALSE(meanwhile[0].took);
  node.order();
  const auto all = inspector.find_trace(begun->n, 0)->messages;
  REQUIRE(all.size() > 1);
  CHECK(all[0].message == meanwhile[0].message);
  CHECK(all[0].took);
  const auto rest = inspector.find_trace(begun->n, 1)->messages;
  REQUIRE(rest.size() == all.size() - 1);
  CHECK(rest.front() == all[1]);
  CHECK(inspector.find_trace(begun->n, 1000)->messages.empty());
}

TEST_CASE("what several traces have seen about a call is told once, in its order") {
  test_node node;
  node.hire(north(1));
  actors::node_inspection inspector{*node};
  REQUIRE(inspector.start_trace({{"call", "taxi:1"}, 100, 30s}));
  REQUIRE(inspector.start_trace({{"dispatcher", "taxi"}, 100, 30s}));
  const auto call = node.order();
  node.order();
  std::vector<std::string> seen;
  for (const auto& m : inspector.traced_about(call))
    seen.push_back(m.message);
  CHECK(seen
        == std::vector<std::string>{"begin_call", "enter_call", "dispatched", "commit_done"});
  for (const auto& t : inspector.list_traces())
    CHECK(t.messages.empty());
}

TEST_CASE("a trace ends in time though the wall clock is set back") {
  test_node node;
  actors::node_inspection inspector{*node};
  const auto begun = inspector.start_trace({{"dispatcher", "taxi"}, 1000, 1s});
  node.set_clock(-1h);
  node.pass(2s);
  CHECK(inspector.find_trace(begun->n, 0)->done);
}

TEST_CASE("a trace ends when it is full or its time is over") {
  test_node node;
  node.hire(north(1));
  actors::node_inspection inspector{*node};
  const auto small = inspector.start_trace({{"dispatcher", "taxi"}, 2, 1h});
  const auto brief = inspector.start_trace({{"dispatcher", "taxi"}, 1000, 50ms});
  node.pass(1s);
  CHECK(inspector.find_trace(small->n, 0)->truncated);
  CHECK(inspector.find_trace(small->n, 0)->messages.size() == 2);
  CHECK(inspector.find_trace(brief->n, 0)->done);
  CHECK_FALSE(inspector.find_trace(brief->n, 0)->truncated);
  CHECK(node->seen.tracer == nullptr);
}

TEST_CASE("four traces run at a time, and sixteen are kept") {
  test_node node;
  actors::node_inspection inspector{*node};
  const actors::trace_order order{{"ledger", "node"}, 10, 1h};
  for (int i = 0; i < 4; ++i)
    REQUIRE(inspector.start_trace(order));
  const auto refused = inspector.start_trace(order);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == domain::errc::conflict);
  CHECK(inspector.end_trace(1));
  CHECK(inspector.start_trace(order));
  for (int i = 0; i < 30; ++i) {
    REQUIRE(inspector.end_trace(inspector.list_traces().back().n));
    REQUIRE(inspector.start_trace({{"ledger", "node"}, 10, 1ms}));
    node.tick(2ms);
  }
  CHECK(inspector.list_traces().size() <= 16);
  CHECK(inspector.start_trace({{"dispatcher", "nowhere"}, 10, 1s}).error().code
        == domain::errc::not_found);
}

TEST_CASE("new calls that are refused are counted by cause") {
  test_node node;
  node->counters.refuse(actors::refusal_cause::breaker_open);
  node->counters.refuse(actors::refusal_cause::breaker_open);
  const auto all = actors::node_inspection{*node}.rejects();
  REQUIRE(all.calls.size() == 1);
  CHECK(all.calls[0].what == "breaker open");
  CHECK(all.calls[0].count == 2);
}

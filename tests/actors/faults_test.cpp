// Faults made on purpose: they strike at an actor's next message, and who sent it is answered.
#include "actors/node_operation.hpp"
#include "tests/actors/test_node.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::testing;
using actors::fault;
using domain::errc;
using domain::phase;

namespace {

void crash_at_next_message(test_node& node, const actors::actor_view& who) {
  REQUIRE(actors::disturb(*node, who, fault::crash, 0ms, {}));
  node.run();
}

actors::actor_view view_of(domain::call_id id) {
  return {"call", "taxi:" + std::to_string(id.number())};
}

actors::actor_view view_of(domain::courier_id id) {
  return {"courier", std::to_string(id.value())};
}

} // namespace

TEST_CASE("a courier told to crash does at the next change, which is answered") {
  test_node node;
  const auto courier = node.hire(north(50));
  crash_at_next_message(node, view_of(courier));
  CHECK(node->counters.restarts == 0);
  domain::courier_change other_name;
  other_name.name = "새 이름";
  auto lost = node.change(courier, other_name);
  node.run();
  CHECK(refusal(lost) == errc::unavailable);
  CHECK(node->counters.restarts == 1);
  node.move(courier, north(1));
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a call told to crash does at the next command, which is answered, and lives on") {
  test_node node;
  const auto id = node.order();
  crash_at_next_message(node, view_of(id));
  CHECK(node->counters.restarts == 0);
  auto lost = node.cancel(id);
  node.run();
  CHECK(refusal(lost) == errc::unavailable);
  CHECK(node->counters.restarts == 1);
  CHECK(node.phase(id) == phase::dispatching);
  CHECK(node.cancel_now(id).phase == phase::canceled);
}

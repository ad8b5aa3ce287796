// What is over is forgotten when its time has come, behind whoever still needs it.
#include "actors/messages.hpp"
#include "actors/node_metrics.hpp"
#include "tests/actors/test_node.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace pickup;
using namespace pickup::testing;
using domain::job_step;

namespace {

actors::options kept_for(domain::duration time) {
  actors::options o;
  o.retention.ended_calls = time;
  return o;
}

/// A metric's value, all labels together.
double metric(test_node& node, const std::string& name) {
  double sum = 0;
  for (const auto& m : actors::metrics_of(*node))
    sum += m.name == name ? m.value : 0;
  return sum;
}

std::vector<domain::call_id> cancel_some(test_node& node, int count) {
  std::vector<domain::call_id> ids;
  for (int i = 0; i < count; ++i)
    node.cancel_now(ids.emplace_back(node.order()));
  return ids;
}

bool any_known(const test_node& node, const std::vector<domain::call_id>& ids) {
  return std::ranges::any_of(ids, [&](auto id) { return node.find(id).has_value(); });
}

} // namespace

TEST_CASE("an ended call is forgotten when its time is over, a live one is not") {
  test_node node{kept_for(10s)};
  const auto courier = node.hire(here(), 2);
  const auto live = node.order();
  const auto done = node.order();
  for (auto step : {job_step::arrived, job_step::picked_up, job_step::completed})
    node.do_job(done, courier, step);
  node.pass(9s);
  CHECK(node.find(done));
  CHECK(node.history(done).size() == 6);
  CHECK(metric(node, "pickupd_retained_calls") == 2);
  node.pass(3s);
  CHECK_FALSE(node.find(done));
  CHECK(node.history(done).empty());
  CHECK(node.courier(live) == courier);
  CHECK(node.load(courier) == 1);
  CHECK(node.violations().empty());
  CHECK(metric(node, "pickupd_retained_calls") == 1);
  CHECK(metric(node, "pickupd_trimmed_calls_total") == 1);

  node.crash();
  node.start();
  CHECK_FALSE(node.find(done));
  CHECK(node.courier(live) == courier);
  for (auto step : {job_step::arrived, job_step::picked_up, job_step::completed})
    node.do_job(live, courier, step);
  node.pass(13s);
  CHECK_FALSE(node.find(live));
  CHECK(node.places_found() == 2);
}

TEST_CASE("thousands of entries go in one step after the other") {
  test_node node{kept_for(5s)};
  const auto ids = cancel_some(node, 1200);
  node.pass(8s, 10ms);
  CHECK_FALSE(any_known(node, ids));
  CHECK(metric(node, "pickupd_retained_calls") == 0);
  CHECK(metric(node, "pickupd_retention_overdue_seconds") == 0);
  CHECK(node.violations().empty());
}

TEST_CASE("a call's number is not given again, not after a restart either") {
  test_node node{kept_for(1s)};
  const auto ids = cancel_some(node, 3);
  node.pass(5s);
  REQUIRE_FALSE(any_known(node, ids));
  node.restart();
  CHECK(node.order().n() == ids.back().n() + 1);
}

TEST_CASE("what a channel has not told is kept until it has") {
  test_node node{kept_for(2s)};
  std::filesystem::remove(node.message_file());
  std::filesystem::create_directory(node.message_file());
  kill(node.notifier());
  const auto ids = cancel_some(node, 3);
  const auto owed = node.intents();
  node.pass(10s);
  for (auto id : ids)
    CHECK(node.find(id));
  CHECK(metric(node, "pickupd_retention_overdue_seconds") > 5);
  std::filesystem::remove(node.message_file());
  node.pass(40s);
  CHECK(node.messages() == owed);
  CHECK_FALSE(any_known(node, ids));
  CHECK(metric(node, "pickupd_retention_overdue_seconds") == 0);
}

TEST_CASE("with a retention of 0 everything is kept") {
  test_node node{kept_for(0s)};
  const auto ids = cancel_some(node, 3);
  node.pass(24h, 1h);
  for (auto id : ids)
    CHECK(node.find(id));
  CHECK(metric(node, "pickupd_journal_first_position") == 2); // of both services
}

TEST_CASE("idempotency keys leave the disk after their window, calls stay") {
  actors::options o;
  o.dispatch.idempotency_window = 10s;
  test_node node{o};
  auto posted = node.post(here(), domain::service_class::standard, "key");
  node.run();
  const auto id = value(posted.answer).id;
  const auto keys = [&] { return node.journal().view().keys_from({}, 10)->size(); };
  node.pass(9s);
  CHECK(keys() == 1);
  node.pass(4s);
  CHECK(keys() == 0);
  CHECK(metric(node, "pickupd_trimmed_keys_total") == 1);
  CHECK(node.find(id));
}

TEST_CASE("a ledger that is killed goes on forgetting") {
  test_node node{kept_for(2s)};
  const auto ids = cancel_some(node, 20);
  for (int i = 0; i < 3; ++i) {
    node.pass(500ms);
    kill(node->ledgers.find("ledger"));
  }
  node.pass(4s);
  CHECK_FALSE(any_known(node, ids));
  CHECK_FALSE(node.ended());
}

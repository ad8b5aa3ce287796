#include "app/pickupctl/top_view.hpp"

#include <catch2/catch.hpp>

namespace ctl = pickup::ctl;

namespace {

ctl::node_figures figures(const std::string& at, int calls, double looking = 1) {
  const auto text = R"({"at": ")" + at + R"(", "version": "0.1.0", "ready": true, "metrics": [
    {"name": "pickupd_calls_created_total", "labels": {}, "value": )"
                    + std::to_string(calls) + R"(},
    {"name": "pickupd_operator_cpu_seconds_total", "labels": {}, "value": )"
                    + std::to_string(looking) + R"(},
    {"name": "pickupd_calls_waiting", "labels": {"shard": "pickup/0"}, "value": 3},
    {"name": "pickupd_calls_waiting", "labels": {"shard": "taxi/0"}, "value": 1},
    {"name": "pickupd_couriers", "labels": {"shard": "pickup/0"}, "value": 6},
    {"name": "pickupd_couriers_free", "labels": {"shard": "pickup/0"}, "value": 5},
    {"name": "pickupd_breaker_state", "labels": {"breaker": "admission:taxi", "state": "open"}, "value": 1},
    {"name": "pickupd_breaker_state", "labels": {"breaker": "admission:taxi", "state": "closed"}, "value": 0}
  ]})";
  const auto document = ctl::json_document::parse(text);
  REQUIRE(document);
  return ctl::read_figures(*document);
}

} // namespace

TEST_CASE("the header tells the rate of calls between two looks, and sums over the shards") {
  const auto before = figures("2026-11-23T09:00:00.000Z", 100);
  const auto now = figures("2026-11-23T09:00:02.000Z", 125, 1.03);
  CHECK(ctl::header_lines(before, now)
        == std::vector<std::string>{"pickupd 0.1.0, ready, 2026-11-23T09:00:02.000Z, "
                                    "looking on costs 1.5 % of a processor",
                                    "calls 12.5/s, waiting 4, couriers free 5 of 6",
                                    "breakers admission:taxi open"});
}

TEST_CASE("there is no rate before the second look, nor after the counters began anew") {
  const auto before = figures("2026-11-23T09:00:00.000Z", 100);
  const auto again = figures("2026-11-23T09:00:02.000Z", 3);
  CHECK(!ctl::growth_a_second(before, before, &ctl::node_figures::calls_made));
  CHECK(!ctl::growth_a_second(before, again, &ctl::node_figures::calls_made));
  CHECK(ctl::header_lines({}, before)[1].starts_with("calls -/s"));
}

TEST_CASE("the keys go round all sorts and kinds") {
  ctl::top_choice c;
  for (const auto key : ctl::sort_keys) {
    CHECK(c.sort_key() == key);
    c.next_sort();
  }
  CHECK(c.sort_key() == ctl::sort_keys.front());
  c.next_kind();
  CHECK(c.actor_kind() == "call");
}

TEST_CASE("an actor that handles nothing shows dashes") {
  const auto answer = ctl::json_document::parse(
      R"({"actors": [{"kind": "courier", "id": "5", "state": "free", "wait": null, "running": null}]})");
  REQUIRE(answer);
  const auto lines = ctl::actor_lines(*answer, 0);
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].text.starts_with("courier 5  free"));
  CHECK(ctl::actor_lines(*answer, 10)[1] == ctl::view_line{"courier 5…", false});
}

TEST_CASE(
    "an actor that handles one message for a second or longer is marked, however narrow") {
  const auto answer = ctl::json_document::parse(
      R"({"actors": [{"kind": "courier", "id": "5", "running": {"message": "move", "forMs": 999.9}},
                     {"kind": "call", "id": "pickup:1", "running": {"message": "begin_call", "forMs": 1000}}]})");
  REQUIRE(answer);
  const auto lines = ctl::actor_lines(*answer, 18);
  REQUIRE(lines.size() == 3);
  CHECK_FALSE(lines[0].is_alarming);
  CHECK_FALSE(lines[1].is_alarming);
  CHECK(lines[1].text.starts_with("courier 5"));
  CHECK(lines[2] == ctl::view_line{"! call pickup:1  …", true});
}

#include "tests/http/client.hpp"
#include "tests/http/log_capture.hpp"
#include "tests/http/raw_client.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::test;
using namespace std::chrono_literals;

namespace {

http::options for_operators() {
  auto o = small_options();
  o.operator_listen = "127.0.0.1:0";
  o.operator_token = "sesame";
  return o;
}

struct watch_tower {
  running_server server{for_operators()};
  client http{server.operator_port()};

  answer send(const std::string& method, const std::string& target) {
    return http.send(method, target, {{"Authorization", "Bearer sesame"}});
  }
  answer get(const std::string& target) { return send("GET", target); }
};

// A watcher of the feed.
struct watcher {
  explicit watcher(int port) : wire(port) {
    wire.send("GET /admin/feed?interval=100ms HTTP/1.1\r\nHost: localhost\r\n"
              "Authorization: Bearer sesame\r\n\r\n");
  }

  // The data of the next event of that name.
  std::string next(const std::string& event) {
    while (wire.receive_line("\n") != "event: " + event) {
    }
    const auto data = wire.receive_line("\n");
    return data.substr(std::string_view{"data: "}.size());
  }

  raw_client wire;
};

} // namespace

TEST_CASE("actors are listed with what is known of them") {
  watch_tower tower;
  const auto listed = tower.get("/admin/actors").text;
  CHECK(listed.substr(0, listed.find(R"("tookMs")"))
        == R"({"actors":[{"kind":"dispatcher","id":"pickup","state":"ready","depth":3,)"
           R"("highWater":12,"messages":5210,"rejected":1,"wait":{"p50Ms":0.02,"p99Ms":0.5},)"
           R"("handler":{"p50Ms":0.01,"p99Ms":0.2},"restarts":1,"lastExit":"told to crash",)"
           R"("running":{"message":"enter_call","forMs":0.3}},)"
           R"({"kind":"courier","id":"1","state":"free","depth":0,"highWater":0,"messages":0,)"
           R"("rejected":0,"wait":null,"handler":null,"restarts":0,"lastExit":null,)"
           R"("running":null}],"total":3,"truncated":true,"windowMs":0,"measured":0,)");
}

TEST_CASE("a list of actors is of a kind, in an order, over a time") {
  watch_tower tower;
  CHECK(tower.get("/admin/actors?kind=courier&sort=handler&limit=7&window=100ms").status
        == 200);
  const auto asked = tower.server.gateway().inspected.asked();
  CHECK(asked.kind == "courier");
  CHECK(asked.by == actors::actor_order::handling);
  CHECK(asked.most == 7);
  CHECK(asked.window == 100ms);
  for (const auto* wrong : {"kind=cat", "sort=beauty", "limit=0", "limit=1001", "window=1ms",
                            "window=2min", "window=soon"})
    CHECK(tower.get(std::string{"/admin/actors?"} + wrong).status == 400);
}

TEST_CASE("one actor is shown with its state and its stories") {
  watch_tower tower;
  const auto shown = tower.get("/admin/actors/dispatcher/pickup");
  CHECK(shown.json["supervisor"] == "root");
  CHECK(shown.json["snapshot"]["epoch"] == "4");
  CHECK(shown.json["snapshotError"].IsNull());
  CHECK(shown.json["stories"][0]["story"] == "dispatcher pickup crashed.");
  const auto mute = tower.get("/admin/actors/courier/1");
  CHECK(mute.json["snapshot"].IsNull());
  CHECK(mute.json["snapshotError"] == "show courier 1: did not answer");
  CHECK(tower.get("/admin/actors/dispatcher/nowhere").status == 404);
}

TEST_CASE("the tree tells of supervisors what patience they have left") {
  watch_tower tower;
  CHECK(tower.get("/admin/tree").text
        == R"({"root":{"name":"root","type":"supervisor","state":"running","restarts":0,)"
           R"("backoffMs":null,"actor":null,"strategy":"one_for_one","intensity":10,)"
           R"("periodMs":10000,"restartsLeft":9,"counts":{"active":1,"restarting":0,)"
           R"("quarantined":0,"zombies":0},"truncated":false,"children":[{"name":"ledger",)"
           R"("type":"worker","state":"restarting","restarts":2,"backoffMs":250,)"
           R"("actor":{"kind":"ledger","id":"node"},"children":[]}]}})");
}

TEST_CASE("restarts are told newest first") {
  watch_tower tower;
  tower.server.gateway().inspected.crash();
  const auto told = tower.get("/admin/restarts");
  REQUIRE(told.json["restarts"].Size() == 2);
  CHECK(told.json["restarts"][0]["n"].GetInt() == 2);
  CHECK(told.json["restarts"][0]["actor"]["id"] == "pickup");
  CHECK(told.json["restarts"][0]["causedBy"].IsNull());
  CHECK(told.json["restarts"][0]["by"] == "kim");
  CHECK(told.json["restarts"][1]["by"].IsNull());
  CHECK(tower.get("/admin/restarts?limit=1").json["restarts"].Size() == 1);
  const auto older = tower.get("/admin/restarts?before=2&limit=5");
  REQUIRE(older.json["restarts"].Size() == 1);
  CHECK(older.json["restarts"][0]["n"].GetInt() == 1);
  CHECK(tower.get("/admin/restarts?before=1").json["restarts"].Empty());
  for (const auto* wrong : {"before=0", "before=x", "before=-1"})
    CHECK(tower.get(std::string{"/admin/restarts?"} + wrong).status == 400);
}

TEST_CASE("what found no room is counted by cause") {
  watch_tower tower;
  CHECK(tower.get("/admin/rejects").text
        == R"({"mailboxes":[{"actor":"call","message":"cancel_call","rejected":2}],)"
           R"("ended":[{"actor":"call","messages":3}],)"
           R"("calls":[{"cause":"breaker open","count":12}]})");
}

TEST_CASE("each look at the actors counts among what looking on costs") {
  watch_tower tower;
  const auto cost = [&] {
    const auto told = tower.get("/admin/metrics");
    for (const auto& m : told.json["metrics"].GetArray())
      if (m["name"] == "pickupd_operator_cpu_seconds_total")
        return m["value"].GetDouble();
    return -1.0;
  };
  auto known = cost();
  CHECK(known > 0);
  for (int i = 0; i < 3; ++i) {
    tower.get("/admin/actors");
    const auto now = cost();
    CHECK(now > known);
    known = now;
  }
}

TEST_CASE("a trace is begun, shown, listed and ended") {
  watch_tower tower;
  const auto begun =
      tower.send("POST", "/admin/traces?kind=call&id=pickup:17&messages=10&for=5s");
  CHECK(begun.status == 201);
  CHECK(begun.json["n"].GetInt() == 1);
  CHECK(begun.json["messages"][0]["about"][0] == "call pickup:17");
  CHECK(begun.json["messages"][0]["waitMs"].GetDouble() == 0.1);
  CHECK(tower.get("/admin/traces/1").json["id"] == "pickup:17");
  CHECK(tower.get("/admin/traces/1").json["messages"][0]["tookMs"].GetDouble() == 0.04);
  CHECK(tower.get("/admin/traces/1?after=1").json["messages"][0]["tookMs"].IsNull());
  CHECK(tower.get("/admin/traces/1?after=few").status == 400);
  const auto listed = tower.get("/admin/traces");
  REQUIRE(listed.json["traces"].Size() == 1);
  CHECK_FALSE(listed.json["traces"][0].HasMember("messages"));
  CHECK(tower.send("DELETE", "/admin/traces/1").status == 204);
  CHECK(tower.send("DELETE", "/admin/traces/2").status == 404);
  CHECK(tower.send("POST", "/admin/traces?kind=ledger&id=node").status == 404);
  for (const auto* wrong : {"messages=0", "messages=10001", "for=11min"})
    CHECK(
        tower.send("POST", std::string{"/admin/traces?kind=call&id=pickup:17&"} + wrong).status
        == 400);
}

TEST_CASE("while the node has no actors there is nothing to look at") {
  watch_tower tower;
  tower.server.gateway().has_actors = false;
  CHECK(tower.get("/admin/tree").status == 503);
  CHECK(tower.get("/admin/actors").status == 503);
}

TEST_CASE("figures are the samples of /metrics") {
  watch_tower tower;
  tower.server.gateway().own_metrics = {
      {"pickupd_build_info", "", false, R"(version="9.9.9")", 1},
      {"pickupd_start_time_seconds", "", false, "", 1.5},
      {"pickupd_calls_waiting", "", false, R"(shard="pickup/0",more="x")", 3}};
  const auto figures = tower.get("/admin/metrics");
  CHECK(figures.json["version"] == "9.9.9");
  CHECK(figures.json["startedAt"] == "1970-01-01T00:00:01.500Z");
  CHECK(figures.json["ready"].GetBool());
  const auto& waiting = figures.json["metrics"][2];
  CHECK(waiting["name"] == "pickupd_calls_waiting");
  CHECK(waiting["labels"]["shard"] == "pickup/0");
  CHECK(waiting["labels"]["more"] == "x");
  CHECK(waiting["value"].GetDouble() == 3);
}

TEST_CASE("who watches is told figures again and again, and restarts when they happen") {
  watch_tower tower;
  watcher eyes{tower.server.operator_port()};
  eyes.next("figures");
  eyes.next("figures");
  tower.server.gateway().inspected.crash();
  CHECK(eyes.next("restart").find(R"("n":2)") != std::string::npos);
}

TEST_CASE("many watch at a time, with nobody waiting for another") {
  watch_tower tower;
  std::vector<std::unique_ptr<watcher>> all;
  for (int i = 0; i < 32; ++i)
    all.push_back(std::make_unique<watcher>(tower.server.operator_port()));
  for (const auto& one : all)
    one->next("figures");
  CHECK(tower.get("/admin/feed").status == 503);
  CHECK(tower.get("/livez").status == 200);
}

TEST_CASE("a feed ends with its server, in order, whenever its next look is due") {
  const log_capture log;
  for (int i = 0; i < 3; ++i) {
    watch_tower tower;
    std::vector<std::unique_ptr<watcher>> all;
    for (int n = 0; n < 32; ++n) {
      all.push_back(std::make_unique<watcher>(tower.server.operator_port()));
      all.back()->next("figures"); // so that they do not look at one time
    }
    tower.server.drain(0ms);
    tower.server.join();
  }
  CHECK_FALSE(log.has("http.drain_incomplete"));
}

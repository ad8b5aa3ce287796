#include "http/action_api.hpp"
#include "tests/http/client.hpp"
#include "tests/http/fake_gateway.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::test;

namespace {

http::options with_token(std::string token) {
  auto o = small_options();
  o.operator_listen = "127.0.0.1:0";
  o.operator_token = std::move(token);
  return o;
}

// A server and an operator who knows its token.
struct control_room {
  running_server server{with_token("sesame")};
  client http{server.operator_port()};

  answer send(const std::string& method, const std::string& target) {
    return http.send(method, target,
                     {{"Authorization", "bEARER sesame"}}); // its name is in any case
  }
  std::vector<std::string>& did() { return server.gateway().operator_did; }
};

} // namespace

TEST_CASE("without a token there is no /admin") {
  running_server server{with_token("")};
  client http{server.operator_port()};
  CHECK(http.send("POST", "/admin/stages/assign/pause").status == 404);
}

TEST_CASE("who does not show the token may do nothing") {
  control_room room;
  const auto refused = room.http.send("POST", "/admin/stages/assign/pause");
  CHECK(refused.status == 401);
  CHECK(refused.header("WWW-Authenticate") == "Bearer");
  for (const auto* shown : {"Bearer sesam", "Bearer sesame2", "Bearer ", "Basic sesame", ""})
    CHECK(room.http.send("GET", "/admin/actors", {{"Authorization", shown}}).status == 401);
  CHECK(room.did().empty());
}

TEST_CASE("on a loopback address an operator is answered under no name but localhost") {
  control_room room;
  const auto status = [&](const char* path, const char* host) {
    return room.http.send("GET", path, {{"Authorization", "Bearer sesame"}, {"Host", host}})
        .status;
  };
  for (const auto* path : {"/admin/breakers", "/console/"}) {
    for (const auto* host : {"localhost", "LOCALHOST:9090", "127.0.0.1", "192.168.0.7:9090",
                             "[::1]:9090", "[::1]"})
      CHECK(status(path, host) == 200);
    for (const auto* host : {"rebound.example", "rebound.example:9090", "127.0.0.1.example",
                             "localhost.example:9090", ":9090"})
      CHECK(status(path, host) == 421);
  }
  CHECK(status("/livez", "pod.example") == 200);
}

TEST_CASE("customers' port has no /admin") {
  control_room room;
  client http{room.server.port()};
  CHECK(http.send("GET", "/admin/actors", {{"Authorization", "Bearer sesame"}}).status == 404);
}

TEST_CASE("dead letters are listed with their reasons, and all are counted") {
  control_room room;
  CHECK(room.send("GET", "/admin/dead-letters?limit=1").text
        == R"({"deadLetters":[{"intent":"taxi/0:17","service":"taxi","call":3,)"
           R"("kind":"CONFIRMED","tel":"010******78","via":"alimtalk","state":"dead",)"
           R"("code":-3003,"reason":"bad message","at":"1970-01-01T00:00:00.000Z"}],)"
           R"("total":70000})");
  CHECK(room.send("GET", "/admin/dead-letters").json["deadLetters"].Size() == 2);
  for (const auto* wrong : {"0", "1001", "all"})
    CHECK(room.send("GET", std::string{"/admin/dead-letters?limit="} + wrong).status == 400);
}

TEST_CASE("couriers are found by state, id or a part of the name") {
  control_room room;
  client customer{room.server.port()};
  for (const auto* body :
       {R"({"name":"김기사","tel":"01011112222","lat":37.5,"lng":127})",
        R"({"name":"박기사","tel":"01011112222"})",
        R"({"name":"Lee","tel":"01011112222","service":"taxi","lat":37.5,"lng":127})"})
    REQUIRE(customer.post("/couriers", body).status == 201);
  const auto found = [&](const std::string& query) {
    const auto told = room.send("GET", "/admin/couriers?" + query);
    REQUIRE(told.status == 200);
    std::string ids;
    for (const auto& c : told.json["couriers"].GetArray())
      ids += std::to_string(c["id"].GetInt()) + ' ';
    return ids + "of " + std::to_string(told.json["total"].GetInt());
  };
  CHECK(found("") == "1 2 3 of 3");
  CHECK(found("state=free") == "1 3 of 2");
  CHECK(found("state=unplaced") == "2 of 1");
  CHECK(found("q=%EA%B8%B0%EC%82%AC&size=1") == "1 of 2");
  CHECK(found("q=lee") == "3 of 1");
  CHECK(found("q=2&service=pickup") == "2 of 1");
  CHECK(found("q=") == "1 2 3 of 3");
  for (const auto& wrong :
       {std::string{"state=happy"}, std::string{"state="}, "q=" + std::string(65, 'a')})
    CHECK(room.send("GET", "/admin/couriers?" + wrong).status == 400);
}

TEST_CASE("a map shows those with a place and what is under way, in a box if there is one") {
  control_room room;
  client customer{room.server.port()};
  for (const auto* body : {R"({"name":"a","tel":"01011112222"})",
                           R"({"name":"b","tel":"01011112222","lat":37.5,"lng":127})",
                           R"({"name":"c","tel":"01011112222","lat":35.1,"lng":129})"})
    REQUIRE(customer.post("/couriers", body).status == 201);
  CHECK(room.send("GET", "/admin/map").text
        == R"({"couriers":[{"id":2,"lat":37.5,"lng":127.0,"state":"free","load":0},)"
           R"({"id":3,"lat":35.1,"lng":129.0,"state":"free","load":0}],)"
           R"("calls":[{"n":17,"lat":37.5,"lng":127.0,"phase":"ARRIVED","courierId":6}],)"
           R"("courierTotal":2,"callTotal":1,"truncated":false})");
  CHECK(room.send("GET", "/admin/map?south=35&west=128.5&north=36&east=130").text
        == R"({"couriers":[{"id":3,"lat":35.1,"lng":129.0,"state":"free","load":0}],)"
           R"("calls":[],"courierTotal":1,"callTotal":70000,"truncated":true})");
  for (const auto* wrong :
       {"south=35", "south=35&west=128&north=36", "south=36&west=128&north=35&east=130",
        "south=a&west=128&north=36&east=130", "south=35&west=128&north=36&east=181",
        "south=-91&west=128&north=36&east=130", "south=nan&west=128&north=36&east=130"})
    CHECK(room.send("GET", std::string{"/admin/map?"} + wrong).status == 400);
  room.server.gateway().has_actors = false;
  CHECK(room.send("GET", "/admin/map").status == 503);
}

TEST_CASE("an operator is told why a courier was chosen, and why not another") {
  control_room room;
  client customer{room.server.port()};
  REQUIRE(customer.post("/pickupcalls", R"({"tel":"01012345678"})").status == 201);
  domain::considered chosen;
  chosen.courier = domain::courier_id{6};
  chosen.classes = domain::class_set::all_of(domain::service::pickup);
  chosen.capacity = 20;
  chosen.where = *domain::position::at(37.5, 127);
  auto resting = chosen;
  resting.courier = domain::courier_id{9};
  resting.on_shift = false;
  const domain::explanation why{domain::matching::nearest,
                                *domain::position::at(37.5, 127.01),
                                domain::service_class::under10kg,
                                domain::metres{20'000},
                                {chosen, resting}};
  const domain::call_id call{{domain::service::pickup, domain::zone_no{0}}, 1};
  room.server.gateway().explanations[call] = {
      {domain::seq_no{31}, {}, chosen.courier, domain::metres{882.16}, explained(why)}};
  const auto* expected =
      R"({"call":1,"service":"pickup","explanations":[{"assignment":31,)"
      R"("at":"1970-01-01T00:00:00.000Z","courierId":6,"how":"nearest","distance":882.2,)"
      R"("lat":37.5,"lng":127.01,"class":"under10kg","reach":20000.0,"considered":[)"
      R"({"courierId":6,"distance":882.2,"lat":37.5,"lng":127.0,"load":0,"capacity":20,)"
      R"("idleSince":"1970-01-01T00:00:00.000Z","verdict":"chosen",)"
      R"("why":"the nearest who could come"},)"
      R"({"courierId":9,"distance":882.2,"lat":37.5,"lng":127.0,"load":0,"capacity":20,)"
      R"("idleSince":"1970-01-01T00:00:00.000Z","verdict":"off_shift","why":"off shift"}]}]})";
  CHECK(room.send("GET", "/pickupcalls/1/explain").text == expected);
  CHECK(room.send("GET", "/%ED%94%BD%EC%97%85%ED%98%B8%EC%B6%9Cs/1/explain").text == expected);
}

TEST_CASE("only operators are told why, and only of calls there are") {
  control_room room;
  CHECK(room.http.send("GET", "/pickupcalls/1/explain").status == 401);
  CHECK(room.send("GET", "/pickupcalls/1/explain").status == 404);
  CHECK(room.send("GET", "/taxicalls/0/explain").status == 404);
  CHECK(room.send("GET", "/pickupmanages/1/explain").status == 404);
  client customer{room.server.port()};
  REQUIRE(customer.post("/pickupcalls", R"({"tel":"01012345678"})").status == 201);
  CHECK(room.send("GET", "/pickupcalls/1/explain").text
        == R"({"call":1,"service":"pickup","explanations":[]})");
  CHECK(room.send("POST", "/pickupcalls/1/explain").status == 405);
  CHECK(customer.send("GET", "/pickupcalls/1/explain", {{"Authorization", "Bearer sesame"}})
            .status
        == 404);
}

TEST_CASE("an actor is killed, made to crash or to hang") {
  control_room room;
  CHECK(room.send("POST", "/admin/actors/call/pickup:1/kill").status == 200);
  CHECK(room.send("POST", "/admin/actors/courier/1/crash").status == 200);
  CHECK(room.send("POST", "/admin/actors/dispatcher/taxi/hang?for=500ms").status == 200);
  CHECK(room.did()
        == std::vector<std::string>{"0 call pickup:1 1s", "1 courier 1 1s",
                                    "2 dispatcher taxi 500ms"});
}

TEST_CASE("what would become of an actor is told beforehand") {
  control_room room;
  const auto effect = [&](const std::string& of, const std::string& fault = "kill") {
    auto told = room.send("POST", "/admin/actors/" + of + '/' + fault + "?dry-run=true");
    REQUIRE(told.status == 200);
    return std::string{told.json["effects"][0]["text"].GetString()} + " "
           + std::to_string(told.json["actorsStopped"].GetInt());
  };
  CHECK(effect("call/pickup:1")
        == "its supervisor root starts it again; what is durable is read again 1");
  CHECK(effect("courier/5")
        == "its supervisor couriers pickup/0 does not start it again: it has crashed too often "
           "1");
  CHECK(effect("call/taxi:5")
        == "its supervisor calls taxi/0 gives up, as too many have crashed: with it 300 actors "
           "end, and all are started again 300");
  CHECK(effect("courier/7")
        == "its supervisor couriers pickup/0 gives up, as too many have crashed: with it and "
           "its dispatcher 41 actors end, and all are started again 41");
  CHECK(effect("ledger/node")
        == "its supervisor root gives up, as too many have crashed, and nobody is left to go "
           "on: the process ends with 70, for its service manager to start again 11");
  CHECK(effect("courier/6", "restart")
        == "its supervisor couriers pickup/0 gives it another chance, though it crashed too "
           "often 0");
  CHECK(room.send("POST", "/admin/actors/courier/6/kill").status == 409);
  const auto lost = room.send("POST", "/admin/actors/courier/5/kill?dry-run=true");
  CHECK(lost.json["callsRedispatched"].GetInt() == 2);
  CHECK(std::string{lost.json["effects"][1]["text"].GetString()}
        == "the courier counts as lost until an operator restarts the actor, and 2 calls they "
           "have yet to come to would be dispatched anew");
  CHECK(room.did().empty());
}

TEST_CASE("an effect is told as a code with facts too, for other languages") {
  control_room room;
  const auto told = room.send("POST", "/admin/actors/courier/5/kill?dry-run=true").text;
  CHECK(told.find(R"("effects":[{"code":"quarantined","text":"its supervisor couriers )"
                  R"(pickup/0 does not start it again: it has crashed too often",)"
                  R"("facts":{"supervisor":"couriers pickup/0"}},{"code":"courier_lost",)")
        != told.npos);
  CHECK(told.find(R"("facts":{"calls":"2"}}],"actorsStopped":1)") != told.npos);
  CHECK(room.send("POST", "/admin/stages/assign/pause?dry-run=true")
            .text.find(R"("code":"calls_wait","text":"calls stay 호출중, without a courier, )"
                       R"(until it is resumed","facts":{}})")
        != std::string::npos);
}

TEST_CASE("what a hang would hold up is told beforehand") {
  control_room room;
  const auto effects = [&](const std::string& of, const std::string& time) {
    const auto told =
        room.send("POST", "/admin/actors/" + of + "/hang?dry-run=true&for=" + time);
    REQUIRE(told.status == 200);
    std::vector<std::string> all;
    for (const auto& effect : told.json["effects"].GetArray())
      all.emplace_back(effect["text"].GetString());
    return all;
  };
  CHECK(effects("dispatcher/taxi", "2s")
        == std::vector<std::string>{
            "it does nothing for 2s, once it is to handle a message",
            "new calls of taxi are refused with 503, and those that wait get no courier, "
            "meanwhile"});
  const auto last_thread = effects("call/taxi:4", "1min");
  REQUIRE(last_thread.size() == 4);
  CHECK(last_thread[2]
        == "with it all threads of the actors hang: nothing is decided meanwhile");
  CHECK(last_thread[3]
        == "after 30s of that the process ends with 70, for its service manager to start "
           "again; what is durable stays");
  CHECK(effects("call/taxi:4", "29s").size() == 3);
}

TEST_CASE("an action that fails is audited as such, with what it was") {
  control_room room;
  room.server.gateway().disturbing_fails = true;
  const auto refused = room.send("POST", "/admin/actors/call/pickup:1/kill");
  CHECK(refused.status == 404);
  CHECK(std::string{refused.json["audit"].GetString()} == "pickup/0:1");
  const auto audited = room.send("GET", "/admin/audit");
  REQUIRE(audited.json["actions"].Size() == 2);
  CHECK(std::string{audited.json["actions"][0]["action"].GetString()} == "failed");
  CHECK(std::string{audited.json["actions"][0]["detail"].GetString()}
        == "kill pickup/0:1: disturb: no such actor");
}

// Not over HTTP: AddressSanitizer does not know the stacks of the fibers that something is
// thrown on.
TEST_CASE("an action that throws has failed like any other") {
  fake_gateway gateway;
  gateway.disturbing_throws = true;
  http::action_api actions{gateway, gateway, gateway};
  const auto where = http::parse_target("/admin/actors/call/pickup:1/kill");
  REQUIRE(where);
  const auto answered =
      actions.disturb(http::request{}, *where, {"call", "pickup:1"}, actors::fault::kill);
  CHECK(answered.status == 500);
  const auto audited = gateway.list_audit(10, {});
  REQUIRE((audited && audited->size() == 2));
  CHECK(audited->front().action == "failed");
  CHECK(audited->front().detail == "kill pickup/0:1: kill call pickup:1: no thread to be had");
}

TEST_CASE("what is done about a call or courier is written down in their service") {
  control_room room;
  client customer{room.server.port()};
  for (const auto* service : {"pickup", "taxi"})
    REQUIRE(customer
                .post("/couriers", std::string{R"({"name":"a","tel":"01011112222","service":")"}
                                       + service + R"("})")
                .status
            == 201);
  REQUIRE(customer.post("/taxicalls", R"({"tel":"01012345678"})").status == 201);
  const auto shard_of = [&](const std::string& done) {
    const auto told = room.send("POST", "/admin/" + done);
    REQUIRE(told.status == 200);
    const std::string id = told.json["audit"].GetString();
    return id.substr(0, id.find(':'));
  };
  CHECK(shard_of("calls/taxi/1/unmask") == "taxi/0");
  CHECK(shard_of("calls/taxi/1/cancel") == "taxi/0");
  for (const auto* what : {"off-shift", "on-shift", "unmask"}) {
    CHECK(shard_of(std::string{"couriers/2/"} + what) == "taxi/0");
    CHECK(shard_of(std::string{"couriers/1/"} + what) == "pickup/0");
  }
}

TEST_CASE("the audit is read page by page") {
  control_room room;
  for (int i = 0; i < 3; ++i)
    REQUIRE(room.send("POST", "/admin/stages/assign/pause").status == 200);
  const auto page = [&](const std::string& query) {
    const auto told = room.send("GET", "/admin/audit?" + query);
    REQUIRE(told.status == 200);
    std::string ids;
    for (const auto& a : told.json["actions"].GetArray())
      ids += std::string{a["id"].GetString()} + ' ';
    return ids;
  };
  CHECK(page("limit=2") == "pickup/0:3 pickup/0:2 ");
  CHECK(page("limit=2&before=pickup/0:2") == "pickup/0:1 ");
  CHECK(page("before=pickup%2F0:1").empty());
  CHECK(room.send("GET", "/admin/audit?before=pickup/0:9").status == 400);
  CHECK(room.send("GET", "/admin/audit?before=").status == 400);
}

TEST_CASE("of an action whose record is late it is written that it was not done") {
  control_room room;
  room.server.gateway().auditing_is_late = true;
  CHECK(room.send("POST", "/admin/actors/call/pickup:1/kill").status == 503);
  CHECK(room.did().empty());
  const auto audited = room.send("GET", "/admin/audit");
  REQUIRE(audited.json["actions"].Size() == 2);
  CHECK(std::string{audited.json["actions"][0]["action"].GetString()} == "failed");
  CHECK(std::string{audited.json["actions"][0]["detail"].GetString()}
        == "kill: audit: no answer in time");
  CHECK(std::string{audited.json["actions"][1]["action"].GetString()} == "kill");
}

TEST_CASE("a drain needs no record, all else does") {
  control_room room;
  room.server.gateway().auditing_fails = true;
  CHECK(room.send("POST", "/admin/stages/assign/pause").status == 503);
  CHECK(room.did().empty());
  const auto drained = room.send("POST", "/admin/drain");
  CHECK(drained.status == 200);
  CHECK(drained.json["audit"].IsNull());
  CHECK_FALSE(drained.json["dryRun"].GetBool());
}

TEST_CASE("an operator is called as they say, whatever is in the name") {
  control_room room;
  REQUIRE(room.http
              .send("POST", "/admin/stages/assign/pause",
                    {{"Authorization", "Bearer sesame"}, {"X-Operator", "kim#1/a?b=%EA%B9%80"}})
              .status
          == 200);
  CHECK(std::string{room.send("GET", "/admin/audit").json["actions"][0]["operator"].GetString()}
        == "kim#1/a?b=김");
}

TEST_CASE("a disturbance that makes no sense is refused") {
  control_room room;
  CHECK(room.send("POST", "/admin/actors/nobody/1/kill").status == 404);
  CHECK(room.send("POST", "/admin/actors/call/pickup:1/tickle").status == 404);
  CHECK(room.send("POST", "/admin/actors/call/pickup:1/hang?for=2min").status == 400);
  CHECK(room.send("POST", "/admin/actors/call/pickup:1/hang?for=soon").status == 400);
  CHECK(room.send("GET", "/admin/actors/call/pickup:1/kill").status == 405);
  CHECK(room.did().empty());
}

TEST_CASE("a stage is paused and resumed") {
  control_room room;
  CHECK(room.send("POST", "/admin/stages/assign/pause").status == 200);
  CHECK(room.send("POST", "/admin/stages/manage/resume").status == 200);
  CHECK(room.send("POST", "/admin/stages/nothing/pause").status == 404);
  CHECK(room.did() == std::vector<std::string>{"pause assign", "resume manage"});
}

TEST_CASE("breakers are listed, tripped, reset and disabled") {
  control_room room;
  CHECK(room.send("GET", "/admin/breakers").text
        == R"({"breakers":[{"name":"admission:taxi","state":"open","calls":20,"failed":15,)"
           R"("slow":3,"rejected":7,"retryAfterMs":900}]})");
  for (const auto* command : {"trip", "reset", "disable"})
    CHECK(room.send("POST", std::string{"/admin/breakers/admission:taxi/"} + command).status
          == 200);
  CHECK(room.did() == std::vector<std::string>{"breaker 0", "breaker 1", "breaker 2"});
  CHECK(room.send("POST", "/admin/breakers/nothing/trip").status == 404);
  CHECK(room.send("POST", "/admin/breakers/admission:taxi/open").status == 404);
}

TEST_CASE("a refusal tells when to come again, if that is known") {
  control_room room;
  client http{room.server.port()};
  room.server.gateway().create_refusal =
      domain::error{domain::errc::overloaded, "create call", {{"retryAfter", "7"}}};
  const auto refused = http.post("/pickupcalls", R"({"tel":"01012345678"})");
  CHECK(refused.status == 503);
  CHECK(refused.header("Retry-After") == "7");
}

TEST_CASE(
    "a call's timeline begins with the request that made it, not with those turned away") {
  control_room room;
  client http{room.server.port()};
  room.server.gateway().clock = domain::timestamp{std::chrono::days{40'000}}; // after them
  const auto create = [&] {
    return http
        .send("POST", "/pickupcalls",
              {{"X-Correlation-Id", "c-9"}, {"Content-Type", "application/json"}},
              R"({"tel":"01012345678"})")
        .status;
  };
  room.server.gateway().create_refusal =
      domain::error{domain::errc::overloaded, "create call", {}};
  CHECK(create() == 503);
  room.server.gateway().create_refusal.reset();
  CHECK(create() == 201);
  CHECK(create() == 201);
  for (const auto* call : {"1", "2"}) {
    const auto told =
        room.send("GET", std::string{"/admin/calls/pickup/"} + call + "/timeline");
    REQUIRE(told.status == 200);
    std::size_t requests = 0;
    for (const auto& event : told.json["events"].GetArray())
      requests += event["source"] == "http" ? 1 : 0;
    CHECK(requests == 1);
  }
}

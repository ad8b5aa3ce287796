#include "tests/http/client.hpp"
#include "tests/http/log_capture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace pickup;
using namespace pickup::test;

namespace {

constexpr auto courier =
    R"({"name":"택배기사 1호","tel":"01099998888","vehicle":"서울 80 바 1"})";
constexpr auto taxi = R"({"name":"택시기사 1호","tel":"01099998888","service":"taxi"})";
constexpr auto call = R"({"tel":"01012345678","location":"마포","cost":"10000"})";

std::set<std::string> members(const rapidjson::Value& object) {
  std::set<std::string> names;
  for (const auto& m : object.GetObject())
    names.insert(m.name.GetString());
  return names;
}

} // namespace

TEST_CASE("a new call is answered with 201, its place and itself") {
  company c;
  c.http.post("/couriers", courier);
  const auto made = c.http.post("/pickupcalls", call);
  CHECK(made.status == 201);
  CHECK(made.header("Location") == "/pickupcalls/1");
  CHECK(made.header("Content-Type") == "application/json");
  CHECK(members(made.json)
        == std::set<std::string>{"id", "service", "tel", "location", "lat", "lng", "parcelType",
                                 "cost", "memo", "pickupAt", "dispatchAt", "status", "phase",
                                 "courier", "createdAt", "updatedAt", "seq", "correlationId",
                                 "_links"});
  CHECK(made.json["id"].GetUint64() == 1);
  CHECK(text(made.json["service"]) == "pickup");
  CHECK(text(made.json["location"]) == "마포");
  CHECK(made.json["lat"].GetDouble() == 37.5663);
  CHECK(text(made.json["parcelType"]) == "under10kg");
  CHECK(made.json["cost"].GetInt64() == 10000);
  CHECK(made.json["memo"].IsNull());
  CHECK(made.json["pickupAt"].IsNull());
  CHECK(made.json["dispatchAt"].IsNull());
  CHECK(text(made.json["status"]) == "호출확정");
  CHECK(text(made.json["phase"]) == "CONFIRMED");
  CHECK(members(made.json["courier"])
        == std::set<std::string>{"id", "name", "tel", "vehicle", "distance"});
  CHECK(made.json["courier"]["distance"].GetDouble() == 123.4);
  CHECK(text(made.json["createdAt"]).size() == std::string{"2026-11-22T09:30:00.250Z"}.size());
  CHECK(made.json["seq"].GetUint64() == 1);
  CHECK(text(made.json["correlationId"]) == made.header("X-Correlation-Id"));
  CHECK(text(made.json["_links"]["self"]["href"]) == "/pickupcalls/1");
}

TEST_CASE("Korean paths take and give Korean names") {
  company c;
  c.http.post("/couriers", taxi);
  const auto made = c.http.post("/택시호출s",
                                R"({"휴대폰번호":"01012345678","호출상태":"호출",
                                    "호출위치":"마포","예상요금":25000})");
  REQUIRE(made.status == 201);
  // The library's client decodes what it reads.
  CHECK(made.header("Location") == "/택시호출s/1");
  CHECK(members(made.json)
        == std::set<std::string>{"id", "service", "휴대폰번호", "호출위치", "lat", "lng",
                                 "택시등급", "예상요금", "memo", "예약일시", "dispatchAt",
                                 "호출상태", "phase", "courier", "createdAt", "updatedAt",
                                 "seq", "correlationId", "_links"});
  const auto managed = c.http.get("/%ED%83%9D%EC%8B%9C%EA%B4%80%EB%A6%ACs/1");
  REQUIRE(managed.status == 200);
  CHECK(members(managed.json)
        == std::set<std::string>{"id", "orderId", "고객휴대폰번호", "호출위치", "호출상태",
                                 "phase", "예상요금", "예약일시", "dispatchAt", "기사",
                                 "기사휴대폰번호", "차량번호", "courierId", "_links"});
}

TEST_CASE("a call for later is scheduled, and says when it will be dispatched") {
  company c;
  c.http.post("/couriers", courier);
  // The gateway's clock stands in September 2026.
  const auto made = c.http.post(
      "/pickupcalls", R"({"tel":"01012345678","pickupAt":"2026-12-24T18:00:00+09:00"})");
  REQUIRE(made.status == 201);
  CHECK(text(made.json["status"]) == "호출");
  CHECK(text(made.json["phase"]) == "SCHEDULED");
  CHECK(text(made.json["pickupAt"]) == "2026-12-24T09:00:00.000Z");
  CHECK(text(made.json["dispatchAt"]) == "2026-12-24T08:45:00.000Z");
  CHECK(made.json["courier"].IsNull());
  const auto listed = c.http.get("/픽업호출s?status=호출");
  REQUIRE(listed.json["_embedded"]["픽업호출s"].Size() == 1);
  CHECK(text(listed.json["_embedded"]["픽업호출s"][0]["예약일시"])
        == "2026-12-24T09:00:00.000Z");
  const auto managed = c.http.get("/pickupmanages/1");
  CHECK(text(managed.json["dispatchAt"]) == "2026-12-24T08:45:00.000Z");
  const auto history = c.http.get("/pickupcalls/1/history");
  CHECK(text(history.json["_embedded"]["history"][1]["event"]) == "PickupScheduled");
}

TEST_CASE("a time of pickup that cannot be is a 422 that names the field") {
  company c;
  c.server.gateway().create_refusal = domain::error{domain::errc::out_of_range,
                                                    "create call: pickupAt: must not be past",
                                                    {{"field", "pickupAt"}}};
  const auto refused =
      c.http.post("/pickupcalls", R"({"tel":"01012345678","pickupAt":"2020-12-24T18:00:00Z"})");
  CHECK(refused.status == 422);
  CHECK(text(refused.json["type"]) == "urn:pickupcenter:problem:out_of_range");
  CHECK(text(refused.json["field"]) == "pickupAt");
}

TEST_CASE("a call outside its service's areas is a 422 with the nearest, and nothing is made") {
  company c;
  const auto refused = c.http.post(
      "/taxicalls", R"({"tel":"01012345678","location":"판교","lat":37.3948,"lng":127.1112})");
  CHECK(refused.status == 422);
  CHECK(refused.header("Content-Type") == "application/problem+json");
  CHECK(text(refused.json["type"]) == "urn:pickupcenter:problem:outside_service_area");
  CHECK(text(refused.json["detail"])
        == "create call: 37.394800, 127.111200: lies in none of the areas of taxi; the nearest "
           "is \"서울\"");
  CHECK(text(refused.json["nearestArea"]) == "서울");
  CHECK(refused.json["distance"].GetDouble() == Approx(3914).margin(30));
  CHECK_FALSE(c.server.gateway().last_create);
  CHECK(c.http.post("/taxicalls", R"({"tel":"01012345678","location":"마포"})").status == 201);
  CHECK(c.http.post("/pickupcalls", R"({"tel":"01012345678","lat":37.3948,"lng":127.1112})")
            .status
        == 201);
}

TEST_CASE("a call without a place is at its service's default place") {
  company c;
  CHECK(text(c.http.post("/pickupcalls", R"({"tel":"01012345678"})").json["location"])
        == "서울시청");
  CHECK(text(c.http.post("/taxicalls", R"({"tel":"01012345678"})").json["location"])
        == "서울역");
}

TEST_CASE("with coordinates the location is free text, or null") {
  company c;
  const auto named = c.http.post(
      "/pickupcalls", R"({"tel":"01012345678","location":"우리 집","lat":37.5,"lng":127})");
  CHECK(text(named.json["location"]) == "우리 집");
  CHECK(named.json["lng"].GetDouble() == 127);
  const auto bare =
      c.http.post("/pickupcalls", R"({"tel":"01012345678","lat":37.5,"lng":127})");
  CHECK(bare.json["location"].IsNull());
}

TEST_CASE("an unknown place is a 422 that names near ones") {
  company c;
  const auto refused =
      c.http.post("/pickupcalls", R"({"tel":"01012345678","location":"마퐁"})");
  CHECK(refused.status == 422);
  CHECK(refused.header("Content-Type") == "application/problem+json");
  CHECK(text(refused.json["detail"]).find("마퐁") != std::string::npos);
  const auto near = refused.json["near"].GetArray();
  CHECK(std::any_of(near.begin(), near.end(),
                    [](const auto& name) { return text(name) == "마포구"; }));
}

TEST_CASE("a bad body is a problem with its title, detail and correlation id") {
  company c;
  const auto refused = c.http.post("/pickupcalls", "{}", {{"X-Correlation-Id", "abc"}});
  CHECK(refused.status == 400);
  CHECK(refused.header("Content-Type") == "application/problem+json");
  CHECK(text(refused.json["type"]) == "urn:pickupcenter:problem:invalid_argument");
  CHECK(text(refused.json["title"]) == "Bad Request");
  CHECK(refused.json["status"].GetInt() == 400);
  CHECK(text(refused.json["detail"]) == "read body: tel: is required");
  CHECK(text(refused.json["correlationId"]) == "abc");
}

TEST_CASE("the same idempotency key answers with the first call") {
  company c;
  const httplib::Headers key{{"Idempotency-Key", "k1"}};
  const auto first = c.http.post("/pickupcalls", call, key);
  CHECK(first.status == 201);
  CHECK(first.header("Idempotency-Replayed").empty());
  const auto again = c.http.post("/pickupcalls", call, key);
  CHECK(again.status == 201);
  CHECK(again.header("Location") == first.header("Location"));
  CHECK(again.header("Idempotency-Replayed") == "true");
  CHECK(c.http.post("/pickupcalls", R"({"tel":"01011112222"})", key).status == 422);
}

TEST_CASE("an unreadable idempotency key is refused") {
  company c;
  CHECK(c.http.post("/pickupcalls", call, {{"Idempotency-Key", std::string(256, 'k')}}).status
        == 400);
  CHECK_FALSE(c.server.gateway().last_create);
}

TEST_CASE("a preference to wait is passed on and said to be honoured") {
  company c;
  const auto made = c.http.post("/pickupcalls", call, {{"Prefer", "wait=99"}});
  CHECK(made.header("Preference-Applied") == "wait=30");
  CHECK(c.server.gateway().last_create->wait == std::chrono::seconds{30});
  CHECK(c.http.post("/pickupcalls", call).header("Preference-Applied").empty());
  CHECK(c.server.gateway().last_create->wait == std::chrono::seconds{0});
}

TEST_CASE("what the gateway refuses becomes a problem") {
  const auto answered = [](domain::errc code) {
    company c;
    c.server.gateway().create_refusal =
        domain::error{code, "create call: x: y", {{"phase", "P"}}};
    return c.http.post("/pickupcalls", call);
  };
  using domain::errc;
  CHECK(answered(errc::overloaded).status == 503);
  CHECK(answered(errc::overloaded).header("Retry-After") == "1");
  CHECK(answered(errc::unavailable).status == 503);
  CHECK(text(answered(errc::timeout).json["detail"]).find("not known") != std::string::npos);
  CHECK(answered(errc::unknown_outcome).status == 503);
  CHECK(answered(errc::io).status == 500);
  CHECK(answered(errc::corrupt).status == 500);
  CHECK(text(answered(errc::conflict).json["phase"]) == "P");
}

TEST_CASE("an exception is a 500, logged with its path, and the server goes on") {
  const log_capture log;
  company c;
  c.server.gateway().before_create = [] { throw std::runtime_error{"a mistake"}; };
  const auto failed = c.http.post("/pickupcalls?of=kim", call);
  CHECK(log.has(R"(http.exception method=POST path="/pickupcalls" )"));
  CHECK(log.has(R"(reason="a mistake")"));
  CHECK(failed.status == 500);
  CHECK(failed.text.find("a mistake") == std::string::npos);
  CHECK(c.http.get("/livez").status == 200);
}

TEST_CASE("a call is found in its own service only") {
  company c;
  c.http.post("/pickupcalls", call);
  CHECK(c.http.get("/pickupcalls/1").status == 200);
  CHECK(c.http.get("/taxicalls/1").status == 404);
  CHECK(c.http.get("/taxicalls/1/history").status == 404);
  CHECK(c.http.get("/taximanages/1").status == 404);
  CHECK(c.http.get("/pickupcalls/9007199254740992").status == 404);
}

TEST_CASE("a cancelled call loses its courier; the dispatcher's view still names them") {
  company c;
  c.http.post("/couriers", courier);
  c.http.post("/pickupcalls", call);
  CHECK(c.http.del("/pickupcalls/1?reason=%EB%B3%80%EC%8B%AC").status == 204);
  CHECK(c.server.gateway().last_reason == "변심");
  const auto after = c.http.get("/pickupcalls/1");
  CHECK(text(after.json["status"]) == "호출취소");
  CHECK(after.json["courier"].IsNull());
  const auto managed = c.http.get("/pickupmanages/1");
  CHECK(text(managed.json["orderId"]) == "1");
  CHECK(text(managed.json["driver"]) == "택배기사 1호");
  CHECK(text(managed.json["drivertel"]) == "01099998888");
  CHECK(text(managed.json["taxiid"]) == "서울 80 바 1");
  CHECK(managed.json["courierId"].GetUint64() == 1);
  CHECK(c.http.del("/pickupcalls/1").status == 204);
}

TEST_CASE("a call that was picked up cannot be cancelled, and the answer names its phase") {
  company c;
  c.http.post("/couriers", courier);
  c.http.post("/pickupcalls", call);
  c.http.send("POST", "/couriers/1/jobs/1/arrived");
  c.http.send("POST", "/couriers/1/jobs/1/picked-up");
  const auto refused = c.http.del("/pickupcalls/1");
  CHECK(refused.status == 409);
  CHECK(text(refused.json["phase"]) == "PICKED_UP");
}

TEST_CASE("a completed call keeps its courier") {
  company c;
  c.http.post("/couriers", courier);
  c.http.post("/pickupcalls", call);
  for (const auto* step : {"arrived", "picked-up", "completed"})
    CHECK(c.http.send("POST", std::string{"/couriers/1/jobs/1/"} + step).status == 200);
  const auto after = c.http.get("/pickupcalls/1");
  CHECK(text(after.json["phase"]) == "COMPLETED");
  CHECK(after.json["courier"]["id"].GetUint64() == 1);
}

TEST_CASE("a reason has at most 200 characters") {
  company c;
  c.http.post("/pickupcalls", call);
  CHECK(c.http.del("/pickupcalls/1?reason=" + std::string(201, 'x')).status == 400);
  CHECK(c.http.del("/pickupcalls/1?reason=" + std::string(200, 'x')).status == 204);
}

TEST_CASE("the history shows every step with its cause and correlation id") {
  company c;
  c.http.post("/couriers", courier);
  c.http.post("/pickupcalls", call, {{"X-Correlation-Id", "first"}});
  c.http.send("DELETE", "/pickupcalls/1?reason=late", {{"X-Correlation-Id", "second"}});
  const auto history = c.http.get("/pickupcalls/1/history");
  REQUIRE(history.status == 200);
  CHECK(history.json["id"].GetUint64() == 1);
  const auto& steps = history.json["_embedded"]["history"];
  REQUIRE(steps.Size() == 5);
  CHECK(members(steps[0])
        == std::set<std::string>{"seq", "event", "status", "phase", "cause", "courier",
                                 "distance", "reason", "at", "correlationId"});
  CHECK(text(steps[0]["event"]) == "PickupCalled");
  CHECK(text(steps[0]["status"]) == "호출");
  CHECK(steps[0]["courier"].IsNull());
  CHECK(text(steps[2]["event"]) == "PickupAssigned");
  CHECK(steps[2]["courier"].GetUint64() == 1);
  CHECK(steps[2]["distance"].GetDouble() == 123.4);
  CHECK(text(steps[2]["correlationId"]) == "first");
  CHECK(text(steps[3]["cause"]) == "customer");
  CHECK(text(steps[3]["reason"]) == "late");
  CHECK(text(steps[3]["correlationId"]) == "second");
}

TEST_CASE("lists are HAL, newest first, in pages") {
  company c;
  for (int i = 0; i < 5; ++i)
    c.http.post("/taxicalls", call);
  const auto page = c.http.get("/taxicalls?page=1&size=2&tel=01012345678");
  REQUIRE(page.status == 200);
  CHECK(page.header("Content-Type") == "application/json");
  const auto& items = page.json["_embedded"]["taxicalls"];
  REQUIRE(items.Size() == 2);
  CHECK(items[0]["id"].GetInt() == 3);
  CHECK(page.json["page"]["size"].GetInt() == 2);
  CHECK(page.json["page"]["totalElements"].GetInt() == 5);
  CHECK(page.json["page"]["totalPages"].GetInt() == 3);
  CHECK(page.json["page"]["number"].GetInt() == 1);
  const auto& links = page.json["_links"];
  CHECK(text(links["self"]["href"]) == "/taxicalls?tel=01012345678&page=1&size=2");
  CHECK(text(links["first"]["href"]) == "/taxicalls?tel=01012345678&page=0&size=2");
  CHECK(text(links["prev"]["href"]) == "/taxicalls?tel=01012345678&page=0&size=2");
  CHECK(text(links["next"]["href"]) == "/taxicalls?tel=01012345678&page=2&size=2");
  CHECK(text(links["last"]["href"]) == "/taxicalls?tel=01012345678&page=2&size=2");
}

TEST_CASE("an empty list says so, under its path's own name") {
  company c;
  for (const std::string name : {"픽업호출s", "택시관리s", "taximanags", "pickupassigns"}) {
    const auto list = c.http.get("/" + name + "/");
    REQUIRE(list.status == 200);
    CHECK(list.json["_embedded"][name.c_str()].Empty());
    CHECK(list.json["page"]["totalPages"].GetInt() == 0);
    CHECK_FALSE(list.json["_links"].HasMember("next"));
  }
}

TEST_CASE("lists of calls leave cancelled ones out, lists of managed calls do not") {
  company c;
  c.http.get("/pickupcalls");
  CHECK_FALSE(c.server.gateway().last_call_filter->with_canceled);
  c.http.get("/pickupcalls?status=%ED%98%B8%EC%B6%9C%EC%B7%A8%EC%86%8C");
  CHECK(c.server.gateway().last_call_filter->status == domain::status::canceled);
  c.http.get("/taximanages");
  CHECK(c.server.gateway().last_call_filter->with_canceled);
  CHECK(c.server.gateway().last_call_filter->service == domain::service::taxi);
}

TEST_CASE("assignments are listed, live and past") {
  company c;
  c.http.post("/couriers", courier);
  c.http.post("/pickupcalls", call);
  const auto live = c.http.get("/pickupassigns");
  const auto& item = live.json["_embedded"]["pickupassigns"][0];
  CHECK(members(item)
        == std::set<std::string>{"id", "callId", "courier", "status", "live", "cause",
                                 "assignedAt", "endedAt", "_links"});
  CHECK(text(item["status"]) == "할당확정");
  CHECK(item["live"].GetBool());
  CHECK(item["cause"].IsNull());
  CHECK(item["endedAt"].IsNull());
  c.http.del("/pickupcalls/1");
  const auto past = c.http.get("/pickupassigns?status=%ED%95%A0%EB%8B%B9%EC%B7%A8%EC%86%8C");
  CHECK(c.server.gateway().last_assignment_filter->canceled == true);
  CHECK(text(past.json["_embedded"]["pickupassigns"][0]["cause"]) == "customer");
  CHECK(past.json["_embedded"]["pickupassigns"][0]["endedAt"].IsString());
}

TEST_CASE("bad query parameters are refused") {
  company c;
  for (const auto* query : {"page=-1", "page=x", "page=9007199254740992", "size=0", "size=201",
                            "size=", "status=lost", "tel=1", "status=%zz", "x=%ff"})
    CHECK(c.http.get(std::string{"/pickupcalls?"} + query).status == 400);
  CHECK(c.http.get("/pickupassigns?status=%ED%98%B8%EC%B6%9C").status == 400);
  CHECK(c.http.get("/pickupcalls?size=200&unknown=1").status == 200);
}

TEST_CASE("every answer carries a correlation id") {
  company c;
  CHECK(c.http.get("/nothing").header("X-Correlation-Id").size() == 32);
  CHECK(c.http.send("GET", "/livez", {{"X-Correlation-Id", "mine"}}).header("X-Correlation-Id")
        == "mine");
  const auto traced =
      c.http.post("/pickupcalls", call,
                  {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}});
  CHECK(text(traced.json["correlationId"]) == "4bf92f3577b34da6a3ce929d0e0e4736");
}

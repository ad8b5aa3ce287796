#include "tests/http/client.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace pickup;
using namespace pickup::test;

namespace {

constexpr auto courier = R"({"name":"택배기사 1호","tel":"01099998888"})";
constexpr auto call = R"({"tel":"01012345678"})";

std::string text(const rapidjson::Value& v) {
  return v.GetString();
}

} // namespace

TEST_CASE("a new courier is answered with 201, their place and themselves") {
  company c;
  const auto made = c.http.post("/couriers", courier);
  CHECK(made.status == 201);
  CHECK(made.header("Location") == "/couriers/1");
  std::set<std::string> members;
  for (const auto& m : made.json.GetObject())
    members.insert(m.name.GetString());
  CHECK(members
        == std::set<std::string>{"id", "name", "tel", "vehicle", "service", "classes",
                                 "capacity", "load", "onShift", "lat", "lng", "lastSeenAt",
                                 "_links"});
  CHECK(made.json["vehicle"].IsNull());
  CHECK(made.json["lat"].IsNull());
  CHECK(made.json["lastSeenAt"].IsNull());
  CHECK(made.json["classes"].Size() == 2);
  CHECK(made.json["load"].GetInt() == 0);
}

TEST_CASE("couriers are listed, all or those of a service") {
  company c;
  c.http.post("/couriers", courier);
  c.http.post("/couriers", R"({"name":"t","tel":"01099998888","service":"taxi"})");
  CHECK(c.http.get("/couriers").json["_embedded"]["couriers"].Size() == 2);
  const auto taxis = c.http.get("/couriers?service=taxi");
  CHECK(taxis.json["_embedded"]["couriers"].Size() == 1);
  CHECK(text(taxis.json["_links"]["self"]["href"]) == "/couriers?service=taxi&page=0&size=20");
  CHECK(c.http.get("/couriers?service=drone").status == 400);
}

TEST_CASE("an unknown courier is a 404, whatever is wanted of them") {
  company c;
  c.http.post("/pickupcalls", call);
  CHECK(c.http.get("/couriers/7").status == 404);
  CHECK(c.http.del("/couriers/7").status == 404);
  CHECK(c.http.patch("/couriers/7", "{}").status == 404);
  CHECK(c.http.put("/couriers/7/location", R"({"lat":1,"lng":1})").status == 404);
  CHECK(c.http.send("POST", "/couriers/7/jobs/1/arrived").status == 404);
}

TEST_CASE("a location is taken and shown") {
  company c;
  c.http.post("/couriers", courier);
  CHECK(c.http.put("/couriers/1/location", R"({"lat":37.5,"lng":"127.1"})").status == 204);
  const auto seen = c.http.get("/couriers/1");
  CHECK(seen.json["lat"].GetDouble() == 37.5);
  CHECK(seen.json["lng"].GetDouble() == 127.1);
  CHECK(seen.json["lastSeenAt"].IsString());
  CHECK(c.http.put("/couriers/1/location", R"({"lat":37.5})").status == 400);
  CHECK(c.http.put("/couriers/1/location", "").status == 400);
}

TEST_CASE("a courier is changed field by field, and placed") {
  company c;
  c.http.post("/couriers", courier);
  const auto changed = c.http.patch("/couriers/1", R"({"onShift":false,"lat":37.5,"lng":127})");
  CHECK(changed.status == 200);
  CHECK_FALSE(changed.json["onShift"].GetBool());
  CHECK(changed.json["lat"].GetDouble() == 37.5);
  CHECK(text(changed.json["name"]) == "택배기사 1호");
  CHECK(c.http.patch("/couriers/1", R"({"classes":["van"]})").status == 400);
  CHECK(c.http.patch("/couriers/1", R"({"service":"taxi"})").status == 400);
}

TEST_CASE("a courier with live jobs is neither deleted nor made smaller") {
  company c;
  c.http.post("/couriers", courier);
  c.http.post("/pickupcalls", call);
  c.http.post("/pickupcalls", call);
  CHECK(c.http.get("/couriers/1").json["load"].GetInt() == 2);
  CHECK(c.http.del("/couriers/1").status == 409);
  const auto refused = c.http.patch("/couriers/1", R"({"capacity":1,"lat":1,"lng":1})");
  CHECK(refused.status == 409);
  CHECK(c.http.get("/couriers/1").json["lat"].IsNull());
}

TEST_CASE("a deleted courier is gone") {
  company c;
  c.http.post("/couriers", courier);
  CHECK(c.http.del("/couriers/1").status == 204);
  CHECK(c.http.get("/couriers/1").status == 404);
  CHECK(c.http.get("/couriers").json["page"]["totalElements"].GetInt() == 0);
}

TEST_CASE("a job's steps need no body and answer with the call") {
  company c;
  c.http.post("/couriers", R"({"name":"t","tel":"01099998888","service":"taxi"})");
  c.http.post("/pickupcalls", call);
  c.http.post("/taxicalls", call);
  const auto arrived = c.http.send("POST", "/couriers/1/jobs/1/arrived");
  CHECK(arrived.status == 200);
  CHECK(text(arrived.json["service"]) == "taxi");
  CHECK(text(arrived.json["phase"]) == "ARRIVED");
  const auto again = c.http.send("POST", "/couriers/1/jobs/1/arrived");
  CHECK(again.status == 409);
  CHECK(text(again.json["phase"]) == "ARRIVED");
  CHECK(c.http.send("POST", "/couriers/1/jobs/99/arrived").status == 404);
  CHECK(c.http.send("POST", "/couriers/1/jobs/0/arrived").status == 404);
}

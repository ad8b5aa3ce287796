#include "tests/http/client.hpp"
#include "tests/http/raw_client.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace pickup;
using namespace pickup::test;

namespace {

const std::string any_courier = R"({"name":"택배기사 1호","tel":"01099998888"})";
constexpr auto any_call = R"({"tel":"01012345678"})";

} // namespace

TEST_CASE("a new courier is answered with 201, their place and themselves") {
  company c;
  const auto made = c.http.post("/couriers", any_courier);
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
  c.http.post("/couriers", any_courier);
  c.http.post("/couriers", R"({"name":"t","tel":"01099998888","service":"taxi"})");
  CHECK(c.http.get("/couriers").json["_embedded"]["couriers"].Size() == 2);
  const auto taxis = c.http.get("/couriers?service=taxi");
  CHECK(taxis.json["_embedded"]["couriers"].Size() == 1);
  CHECK(text(taxis.json["_links"]["self"]["href"]) == "/couriers?service=taxi&page=0&size=20");
  CHECK(c.http.get("/couriers?service=drone").status == 400);
}

TEST_CASE("an unknown courier is a 404, whatever is wanted of them") {
  company c;
  c.http.post("/pickupcalls", any_call);
  CHECK(c.http.get("/couriers/7").status == 404);
  CHECK(c.http.del("/couriers/7").status == 404);
  CHECK(c.http.patch("/couriers/7", "{}").status == 404);
  CHECK(c.http.put("/couriers/7/location", R"({"lat":1,"lng":1})").status == 404);
  CHECK(c.http.send("POST", "/couriers/7/jobs/1/arrived").status == 404);
}

TEST_CASE("a location is taken and shown") {
  company c;
  c.http.post("/couriers", any_courier);
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
  c.http.post("/couriers", any_courier);
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
  c.http.post("/couriers", any_courier);
  c.http.post("/pickupcalls", any_call);
  c.http.post("/pickupcalls", any_call);
  CHECK(c.http.get("/couriers/1").json["load"].GetInt() == 2);
  CHECK(c.http.del("/couriers/1").status == 409);
  const auto refused = c.http.patch("/couriers/1", R"({"capacity":1,"lat":1,"lng":1})");
  CHECK(refused.status == 409);
  CHECK(c.http.get("/couriers/1").json["lat"].IsNull());
}

TEST_CASE("a deleted courier is gone") {
  company c;
  c.http.post("/couriers", any_courier);
  CHECK(c.http.del("/couriers/1").status == 204);
  CHECK(c.http.get("/couriers/1").status == 404);
  CHECK(c.http.get("/couriers").json["page"]["totalElements"].GetInt() == 0);
}

TEST_CASE("a job's steps need no body and answer with the call") {
  company c;
  c.http.post("/couriers", R"({"name":"t","tel":"01099998888","service":"taxi"})");
  c.http.post("/pickupcalls", any_call);
  c.http.post("/taxicalls", any_call);
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

// -- many locations

namespace {

/// A company with so many couriers, none of them placed.
struct fleet : company {
  explicit fleet(int size, const http::options& o = small_options()) : company(o) {
    for (int i = 0; i < size; ++i)
      http.post("/couriers", any_courier);
  }

  answer tell(const std::string& body, const std::string& type = "application/json") {
    return http.send("POST", "/couriers/locations", {{"Content-Type", type}}, body);
  }

  double lat(int id) {
    return http.get("/couriers/" + std::to_string(id)).json["lat"].GetDouble();
  }
};

} // namespace

TEST_CASE("many locations are taken at once, in either language, numbers as texts too") {
  fleet f{3};
  const auto told =
      f.tell(R"([{"id":1,"lat":37.1,"lng":127},{"기사번호":"2","위도":"37.2","경도":127},)"
             R"({"courierId":3,"lat":37.3,"lng":127}])");
  CHECK(told.status == 200);
  CHECK(told.text == R"({"accepted":3,"superseded":0,"refused":[]})");
  CHECK(f.lat(1) == 37.1);
  CHECK(f.lat(2) == 37.2);
  CHECK(f.lat(3) == 37.3);
}

TEST_CASE("a bad location among many is refused by its index and spoils no other") {
  fleet f{2};
  const auto told =
      f.tell(R"([{"id":1,"lat":37.1,"lng":127},{"id":9,"lat":37,"lng":127},7,)"
             R"({"lat":37,"lng":127},{"id":2,"lat":91,"lng":127},{"id":2,"lat":37},)"
             R"({"id":0,"lat":37,"lng":127},{"id":2,"lat":37.2,"lng":127}])");
  CHECK(told.status == 200);
  CHECK(told.json["accepted"].GetInt() == 2);
  const auto& refused = told.json["refused"];
  REQUIRE(refused.Size() == 6);
  const auto is = [&](unsigned at, int index, int status, const std::string& says) {
    const auto& one = refused[at];
    CHECK(one["index"].GetInt() == index);
    CHECK(one["status"].GetInt() == status);
    CHECK(one["title"].IsString());
    CHECK_THAT(text(one["detail"]), Catch::Contains(says));
  };
  is(0, 1, 404, "courier 9");
  CHECK(refused[0]["id"].GetInt() == 9);
  is(1, 2, 400, "object");
  CHECK(refused[1]["id"].IsNull());
  is(2, 3, 400, "id: is required");
  is(3, 4, 400, "±90");
  is(4, 5, 400, "lng");
  is(5, 6, 400, "id: must be");
  CHECK(f.lat(1) == 37.1);
  CHECK(f.lat(2) == 37.2);
}

TEST_CASE("of several locations of a courier the last good one counts") {
  fleet f{2};
  const auto told = f.tell(R"([{"id":1,"lat":37.1,"lng":127},{"id":2,"lat":37.2,"lng":127},)"
                           R"({"id":1,"lat":37.3,"lng":127},{"id":1,"lat":99,"lng":127}])");
  CHECK(told.json["accepted"].GetInt() == 2);
  CHECK(told.json["superseded"].GetInt() == 1);
  CHECK(told.json["refused"].Size() == 1);
  CHECK(f.lat(1) == 37.3);
}

TEST_CASE("locations may come a line each, and a bad line spoils no other") {
  fleet f{2};
  const auto* lines = "{\"id\":1,\"lat\":37.1,\"lng\":127}\r\n\n{\"id\":2,\n"
                      "{\"id\":2,\"lat\":37.2,\"lng\":127}";
  for (const auto* type : {"application/x-ndjson", "application/json; charset=utf-8"}) {
    const auto told = f.tell(lines, type);
    CHECK(told.status == 200);
    CHECK(told.json["accepted"].GetInt() == 2);
    REQUIRE(told.json["refused"].Size() == 1);
    CHECK(told.json["refused"][0]["index"].GetInt() == 1);
    CHECK(f.lat(2) == 37.2);
  }
}

TEST_CASE("a body of no locations at all is refused as a whole") {
  fleet f{1};
  for (const auto* body :
       {"", "  \n", "location", "[{\"id\":1,\"lat\":37,\"lng\":127}", "{\"id\":1,", "7\n8"})
    CHECK(f.tell(body).status == 400);
  CHECK(f.tell("[]").text == R"({"accepted":0,"superseded":0,"refused":[]})");
  CHECK(f.tell("[]", "text/plain").status == 415);
  CHECK(
      f.http.send("POST", "/couriers", {{"Content-Type", "application/x-ndjson"}}, any_courier)
          .status
      == 415);
}

TEST_CASE("more locations than allowed, or more bytes, are refused and none is taken") {
  auto o = small_options();
  o.max_body = 200;
  o.max_bulk_body = 1000;
  o.max_bulk_items = 3;
  fleet f{1, o};
  const std::string one = R"({"id":1,"lat":37.1,"lng":127})";
  CHECK(f.tell("[" + one + "," + one + "," + one + "]").status == 200);
  const std::string four = one + "\n" + one + "\n" + one + "\n" + R"({"id":1,"lat":1,"lng":1})";
  CHECK(f.tell(four).status == 413);
  CHECK(f.tell("[" + one + "," + one + "," + one + ",7]").status == 413);
  CHECK(f.lat(1) == 37.1);
  CHECK(f.tell(one + std::string(1000 - one.size(), ' ')).status == 200);
  CHECK(f.tell(one + std::string(1001 - one.size(), ' ')).status == 413);
  CHECK(f.http.post("/couriers", any_courier + std::string(200, ' ')).status == 413);
}

TEST_CASE("no more large bodies are read at once than allowed") {
  auto o = small_options();
  o.max_body = 100;
  o.bulk_in_flight = 1;
  fleet f{1, o};
  raw_client slow{f.server.port()};
  slow.send("POST /couriers/locations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            "Expect: 100-continue\r\nContent-Length: 200\r\n\r\n");
  REQUIRE(slow.receive_line() == "HTTP/1.1 100 Continue"); // and so was let in
  const auto large = "[" + std::string(150, ' ') + "]";
  const auto refused = f.tell(large);
  CHECK(refused.status == 503);
  CHECK(refused.header("Retry-After") == "1");
  CHECK(f.tell("[]").status == 200);
  slow.receive_line();
  slow.send("[]" + std::string(198, ' '));
  CHECK(slow.receive().status == 200);
  CHECK(f.tell(large).status == 200);
}

// -- who would come

TEST_CASE("who would come is told nearest first, with the way in metres") {
  fleet f{3};
  f.tell(R"([{"id":1,"lat":37.52,"lng":127},{"id":2,"lat":37.51,"lng":127}])");
  const auto near = f.http.get("/couriers/nearest?lat=37.5&lng=127");
  CHECK(near.status == 200);
  CHECK(text(near.json["class"]) == "under10kg");
  const auto& couriers = near.json["_embedded"]["couriers"];
  REQUIRE(couriers.Size() == 2);
  CHECK(couriers[0]["id"].GetInt() == 2);
  CHECK(couriers[0]["distance"].GetDouble() == Approx(1112).epsilon(0.01));
  CHECK(couriers[1]["id"].GetInt() == 1);
  CHECK(
      f.http.get("/couriers/nearest?lat=37.5&lng=127&k=1").json["_embedded"]["couriers"].Size()
      == 1);
  CHECK(f.http.get("/couriers/nearest?lat=37.5&lng=127&class=van")
            .json["_embedded"]["couriers"]
            .Empty());
}

TEST_CASE("who would come is asked by a place's name, or where calls usually are") {
  company c;
  const auto named = c.http.get("/couriers/nearest?location=Isu&service=taxi");
  CHECK(named.status == 200);
  CHECK(named.json["lat"].GetDouble() == 37.4853);
  CHECK(text(named.json["class"]) == "standard");
  CHECK(c.http.get("/couriers/nearest").json["lat"].GetDouble() == 37.5663);
  const auto unknown = c.http.get("/couriers/nearest?location=Nowhere");
  CHECK(unknown.status == 422);
  CHECK(unknown.json["near"].IsArray());
}

TEST_CASE("a bad question who would come is refused by its parameter") {
  company c;
  for (const auto& [query, name] :
       {std::pair{"service=bus", "service"}, std::pair{"class=bus", "class"},
        std::pair{"service=taxi&class=under10kg", "class"}, std::pair{"lat=37", "lng"},
        std::pair{"lng=127", "lat"}, std::pair{"lat=north&lng=1", "lat"},
        std::pair{"lat=91&lng=1", "lat, lng"}, std::pair{"lat=nan&lng=1", "lat, lng"},
        std::pair{"k=0", "k"}, std::pair{"k=101", "k"}, std::pair{"k=few", "k"}}) {
    const auto refused = c.http.get(std::string{"/couriers/nearest?"} + query);
    CAPTURE(query);
    CHECK(refused.status == 400);
    CHECK_THAT(text(refused.json["detail"]), Catch::Contains(std::string{": "} + name + ": "));
  }
}

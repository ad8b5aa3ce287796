#include "http/timeline.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace std::chrono_literals;

namespace {

domain::timestamp at(std::chrono::milliseconds t) {
  return domain::timestamp{t};
}

using facts = std::vector<domain::fact>;

http::call_records records() {
  http::call_records all;
  all.call = {{domain::service::pickup, {}}, 17};
  domain::transition assigned;
  assigned.event = domain::event::assigned;
  assigned.phase = domain::phase::confirmed;
  assigned.courier = domain::courier_id{6};
  assigned.distance = domain::metres{1079.2};
  all.history.push_back({domain::seq_no{31}, at(20ms), "c-1", assigned});
  all.requests.push_back({at(30ms), "POST", "/pickupcalls", 201, 2500us, "c-1"});
  actors::message_attempt told;
  told.kind = "CONFIRMED";
  told.at = at(40ms);
  told.state = "accepted";
  told.via = "sms";
  told.attempts = 2;
  told.code = -3003;
  all.messages.push_back(told);
  return all;
}

} // namespace

TEST_CASE("a timeline has all that is known of a call, oldest first") {
  const auto events = timeline_of(records());
  REQUIRE(events.size() == 3);
  CHECK(events[0].source == "journal");
  CHECK(events[0].title == "PickupAssigned");
  CHECK(events[0].detail == "CONFIRMED, courier 6, 1079 m away");
  CHECK(events[0].facts
        == facts{{"event", "PickupAssigned"},
                 {"phase", "CONFIRMED"},
                 {"courier", "6"},
                 {"distance", "1079 m"}});
  CHECK(events[1].title == "POST /pickupcalls");
  CHECK(events[1].detail == "201 in 2.500 ms");
  CHECK(events[1].facts
        == facts{{"method", "POST"},
                 {"path", "/pickupcalls"},
                 {"status", "201"},
                 {"took", "2.500 ms"}});
  CHECK(events[2].title == "customer is told CONFIRMED");
  CHECK(events[2].detail == "accepted, by sms, attempts 2, code -3003");
  CHECK(events[2].facts
        == facts{{"message", "CONFIRMED"},
                 {"state", "accepted"},
                 {"via", "sms"},
                 {"attempts", "2"},
                 {"code", "-3003"}});
}

TEST_CASE("of requests with one correlation id those about the call are kept") {
  const auto history = records().history;
  const auto request = [](std::chrono::milliseconds t, std::string method, std::string path,
                          std::string id = "c-1") {
    return http::logged_request{at(t), std::move(method), std::move(path), 201,
                                1ms,   std::move(id)};
  };
  const domain::call_id call{{domain::service::pickup, {}}, 17};
  const auto korean = "/%ED%94%BD%EC%97%85%ED%98%B8%EC%B6%9Cs"; // 픽업호출s
  const auto kept = http::requests_about(
      call, history,
      {request(5ms, "POST", "/pickupcalls"), request(10ms, "POST", "/taxicalls"),
       request(15ms, "POST", korean), request(16ms, "POST", "/pickupcalls", "c-2"),
       request(25ms, "POST", "/pickupcalls"), request(30ms, "DELETE", "/pickupcalls/18"),
       request(31ms, "DELETE", "/taxicalls/17"), request(32ms, "PATCH", "/couriers/17"),
       request(33ms, "POST", "/couriers/6/jobs/17/arrived"),
       request(34ms, "POST", "/couriers/7/jobs/17/arrived"),
       request(35ms, "DELETE", std::string{korean} + "/17/", "c-2")});
  std::vector<std::string> titles;
  for (const auto& r : kept)
    titles.push_back(r.method + ' ' + r.path);
  CHECK(titles
        == std::vector<std::string>{"POST /couriers/6/jobs/17/arrived",
                                    "DELETE " + std::string{korean} + "/17/",
                                    "POST " + std::string{korean}});
}

TEST_CASE("a timeline has the messages that were traced, among what else happened") {
  auto all = records();
  all.traced.push_back(
      {at(10ms), {"dispatcher", "pickup"}, "enter_call", {}, 100us, 40us, true});
  const auto events = timeline_of(all);
  REQUIRE(events.size() == 4);
  CHECK(events[0].source == "actor");
  CHECK(events[0].title == "dispatcher pickup handled enter_call");
  CHECK(events[0].detail == "took 0.040 ms, waited 0.100 ms, and crashed its actor");
  CHECK(events[0].facts
        == facts{{"kind", "dispatcher"},
                 {"id", "pickup"},
                 {"message", "enter_call"},
                 {"took", "0.040 ms"},
                 {"waited", "0.100 ms"},
                 {"crashed", "true"}});
}

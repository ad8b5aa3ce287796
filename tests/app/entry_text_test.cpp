#include "app/pickupctl/entry_text.hpp"

#include <catch2/catch.hpp>

#include <simdjson.h>

namespace ctl = pickup::ctl;
namespace domain = pickup::domain;
namespace storage = pickup::storage;
using Catch::Contains;

namespace {

storage::entry at_17(decltype(storage::entry::what) what) {
  return {{domain::service::pickup, {}},
          domain::seq_no{17},
          *domain::parse_rfc3339("2026-11-23T09:00:00.250Z"),
          "c-1",
          std::move(what)};
}

storage::entry new_call() {
  storage::call_entry c;
  c.call = {{domain::service::pickup, {}}, 3};
  c.version = domain::version_no{1};
  c.transitions = {{domain::event::called, domain::phase::requested},
                   {domain::event::assigned,
                    domain::phase::confirmed,
                    domain::cause::none,
                    domain::courier_id{6},
                    {},
                    domain::metres{1079.24}}};
  c.owed = storage::intent{domain::message::confirmed, "01012345678"};
  c.request = domain::call_request{};
  c.request->tel = "01012345678";
  c.request->location = "이수";
  return at_17(std::move(c));
}

void is_json(const std::string& text) {
  simdjson::dom::parser parser;
  CHECK(parser.parse(text).error() == simdjson::SUCCESS);
  CHECK(text.find('\n') == text.npos);
}

} // namespace

TEST_CASE("an entry of a call tells its steps and what is owed, the number masked") {
  const auto line = ctl::to_line(new_call(), ctl::numbers::masked);
  CHECK_THAT(line, Contains("pickup/0:17  2026-11-23T09:00:00.250Z  call 3 v1: ")
                       && Contains("PickupAssigned → CONFIRMED courier 6 (1.0km)")
                       && Contains("owes CONFIRMED to 010") && Contains("(이수)")
                       && Contains("[c-1]") && !Contains("01012345678"));
  CHECK_THAT(ctl::to_line(new_call(), ctl::numbers::in_full), Contains("01012345678"));
}

TEST_CASE("scripts get the same as JSON, an object a line") {
  const auto text = ctl::to_json(new_call(), ctl::numbers::masked);
  is_json(text);
  CHECK_THAT(text, Contains(R"("position":"pickup/0:17")") && Contains(R"("call":3)")
                       && Contains(R"("distance":1079.2)") && !Contains("01012345678"));
  CHECK_THAT(ctl::to_json(new_call(), ctl::numbers::in_full), Contains("01012345678"));
}

TEST_CASE("couriers and operators' actions are told too") {
  domain::courier record;
  record.id = domain::courier_id{6};
  record.name = "기사\n";
  record.tel = "01000000006";
  const auto courier = at_17(storage::courier_entry{record});
  CHECK_THAT(ctl::to_line(courier, ctl::numbers::masked), Contains("courier 6 v0: 기사\ufffd")
                                                              && Contains("on shift")
                                                              && !Contains("01000000006"));
  is_json(ctl::to_json(courier, ctl::numbers::masked));

  const auto action = at_17(storage::audit_entry{"kim", "kill", "dispatcher pickup", ""});
  CHECK_THAT(ctl::to_line(action, ctl::numbers::masked),
             Contains("operator kim: kill dispatcher pickup"));
  is_json(ctl::to_json(action, ctl::numbers::masked));
}

#include "app/pickupctl/names.hpp"

#include <catch2/catch.hpp>

namespace ctl = pickup::ctl;
using pickup::domain::service;

TEST_CASE("a call's number alone is one of the usual service") {
  CHECK(*ctl::parse_call("17", service::pickup) == ctl::call_name{service::pickup, 17});
  CHECK(*ctl::parse_call("17", service::taxi) == ctl::call_name{service::taxi, 17});
  CHECK(*ctl::parse_call("taxi:17", service::pickup) == ctl::call_name{service::taxi, 17});
}

TEST_CASE("what names no call is refused, and said") {
  for (const auto* text : {"", "0", "x", "-1", "bus:1", "taxi:", ":1", "1 ", "taxi:1x"}) {
    const auto call = ctl::parse_call(text, service::pickup);
    CAPTURE(text);
    REQUIRE(!call);
    CHECK(call.error().text.ends_with("got \"" + std::string{text} + '"'));
  }
}

TEST_CASE("an actor is named in one word or in two") {
  const ctl::actor_name call{"call", "pickup:17"};
  CHECK(*ctl::parse_actor("call", "17") == call);
  CHECK(*ctl::parse_actor("call", "pickup:17") == call);
  CHECK(*ctl::parse_actor("call:pickup:17", "") == call);
  CHECK(*ctl::parse_actor("call:17", "") == call);
  CHECK(*ctl::parse_actor("courier:5", "") == ctl::actor_name{"courier", "5"});
  CHECK(*ctl::parse_actor("ledger", "") == ctl::actor_name{"ledger", "node"});
  CHECK(!ctl::parse_actor("courier", ""));
  CHECK(!ctl::parse_actor("call", "x"));
}

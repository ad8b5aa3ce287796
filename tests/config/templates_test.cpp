// The texts of messages, as read from a file.
#include "config/templates.hpp"

#include <catch2/catch.hpp>

using namespace pickup;

namespace {

std::string templates_refusal(std::string_view toml) {
  const auto parsed = config::parse_templates(toml, "t.toml");
  return parsed ? "" : parsed.error().text;
}

} // namespace

TEST_CASE("the built-in templates keep to the provider's limits") {
  const auto all = config::read_templates({});
  REQUIRE(all);
  CHECK(all->size() == 9);
  CHECK(all->at(domain::message::arrived).code == "PICKUP_ARRIVED");
}

TEST_CASE("a file of templates that cannot work is refused with its place") {
  CHECK(templates_refusal("[RECEIVED").starts_with("read templates: t.toml: line 1: "));
  CHECK(templates_refusal("[GREETING]\ncode = \"C\"")
        == "read templates: t.toml: GREETING: no such kind of message");
  CHECK(templates_refusal("[RECEIVED]\ncode = 5")
        == "read templates: t.toml: RECEIVED.code: must be a code or a text");
  CHECK(templates_refusal("[RECEIVED]\ntitle = \"T\"")
        == "read templates: t.toml: RECEIVED.title: must be a code or a text");
  CHECK(templates_refusal("")
        == "read templates: t.toml: check template: RECEIVED: there is none");
}

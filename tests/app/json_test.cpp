#include "app/pickupctl/json.hpp"
#include "app/pickupctl/show.hpp"

#include <catch2/catch.hpp>

namespace ctl = pickup::ctl;

namespace {

ctl::json_document read(const std::string& text) {
  auto document = ctl::json_document::parse(text);
  REQUIRE(document);
  return std::move(*document);
}

} // namespace

TEST_CASE("members are found through their objects, and what is not there is nothing") {
  const auto d = read(R"({"running": {"message": "move", "forMs": 0.25}, "wait": null})");
  CHECK(d["running.message"].text() == "move");
  CHECK(d["running.forMs"].number() == 0.25);
  CHECK(!d["running.other"]);
  CHECK(!d["wait.p99Ms"]);
  CHECK(!d["wait"]);
  CHECK(!d["running.message"].number());
}

TEST_CASE("people read numbers short, and a dash for nothing") {
  const auto d = read(R"({"a": 1079.2, "b": 37.486312345, "c": 18446744073709551615, "d": true,
                          "e": null, "f": "x\u001b", "g": ["p", "q"], "h": 2.0})");
  CHECK(d["a"].shown() == "1079.2");
  CHECK(d["b"].shown() == "37.48631");
  CHECK(d["c"].shown() == "18446744073709551615");
  CHECK(d["d"].shown() == "yes");
  CHECK(d["e"].shown() == "-");
  CHECK(d["f"].shown() == "x\ufffd");
  CHECK(d["g"].shown() == "p, q");
  CHECK(d["h"].shown() == "2");
}

TEST_CASE("several members make one cell of those that say something") {
  const auto d = read(R"({"actor": {"kind": "call", "id": "pickup:1"}, "none": null})");
  CHECK(ctl::shown(d.root(), "actor.kind actor.id") == "call pickup:1");
  CHECK(ctl::shown(d.root(), "none actor.kind") == "call");
  CHECK(ctl::shown(d.root(), "none other") == "-");
}

TEST_CASE("an answer that is no JSON is an error, an empty one is nothing") {
  CHECK(!ctl::json_document::parse("{"));
  CHECK(!read("").root());
}

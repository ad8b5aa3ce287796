#include "app/log_line.hpp"

#include <catch2/catch.hpp>

using namespace pickup;

namespace {

/// What is in the object beside the time and the level.
std::string members(std::string_view line) {
  constexpr std::string_view opening = R"({"at":"1970-01-01T00:00:00.000Z","level":"info")";
  const auto json = app::to_json_line({}, "info", line);
  REQUIRE(json.starts_with(opening));
  return json.substr(opening.size());
}

} // namespace

TEST_CASE("a line of the log is an object of its event and what belongs to it") {
  CHECK(app::to_json_line(domain::timestamp{std::chrono::milliseconds{1'250}}, "warning",
                          R"(actor.crashed supervisor="root" incarnation=3)")
        == R"({"at":"1970-01-01T00:00:01.250Z","level":"warning","event":"actor.crashed",)"
           R"("supervisor":"root","incarnation":"3"})");
}

TEST_CASE("an event alone is a line") {
  CHECK(members("node.stopped") == R"(,"event":"node.stopped"})");
}

TEST_CASE("quotes keep spaces, quotes and lines together") {
  CHECK(members(R"(a.b x="1 2" y="say \"no\"\n\\" z=3)")
        == R"(,"event":"a.b","x":"1 2","y":"say \"no\"\n\\","z":"3"})");
  CHECK(members(R"(a.b x="\x7f")") == R"(,"event":"a.b","x":"\\x7f"})");
  CHECK(members(R"(a.b x="" y=)") == R"(,"event":"a.b","x":"","y":""})");
}

TEST_CASE("a reason without quotes takes the rest") {
  CHECK(members(R"(a.b x=1 reason=open "db": no room y=2)")
        == R"(,"event":"a.b","x":"1","reason":"open \"db\": no room y=2"})");
}

TEST_CASE("what does not read as members is told as it stands") {
  CHECK(members("Some library = says: this") == R"(,"message":"Some library = says: this"})");
  CHECK(members("a.b x=1 and more y=2")
        == R"(,"event":"a.b","x":"1","message":"and more y=2"})");
  CHECK(members(R"(a.b x="no end)") == R"(,"event":"a.b","message":"x=\"no end"})");
  CHECK(members(R"(a.b x="an "inner" one")")
        == R"(,"event":"a.b","message":"x=\"an \"inner\" one\""})");
  CHECK(members("a.b  x=1") == R"(,"event":"a.b","message":" x=1"})");
  CHECK(members("") == "}");
}

TEST_CASE("no member comes twice") {
  CHECK(members("a.b x=1 x=2") == R"(,"event":"a.b","x":"1","message":"x=2"})");
  for (const auto* name : {"at", "level", "event", "message"})
    CHECK(members(std::string{"a.b "} + name + "=1")
          == R"(,"event":"a.b","message":")" + std::string{name} + "=1\"}");
}

TEST_CASE("whatever the bytes are, the line is JSON") {
  CHECK(members("a.b name=기사") == R"(,"event":"a.b","name":"기사"})");
  CHECK(members("a.b name=\xff\xc3") == R"(,"event":"a.b","name":"\\xff\\xc3"})");
  CHECK(members(std::string_view{"a.b x=\0\x01", 8})
        == R"(,"event":"a.b","x":"\u0000\u0001"})");
}

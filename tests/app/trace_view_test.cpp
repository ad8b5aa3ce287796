#include "app/pickupctl/trace_view.hpp"

#include <catch2/catch.hpp>

namespace ctl = pickup::ctl;

namespace {

/// A message that began so many seconds past nine and took so long, if it has ended.
std::string message(const std::string& name, const std::string& second,
                    const std::string& took) {
  return R"({"at": "2026-11-23T09:00:0)" + second + R"(.000Z", "actor": {"kind": "call",)"
         + R"("id": "pickup:1"}, "message": ")" + name + R"(", "about": ["courier 5"],)"
         + R"("waitMs": 0.1, "tookMs": )" + took + R"(, "failed": false})";
}

/// The names of those that are told now.
std::vector<std::string> told(ctl::trace_progress& progress, const std::string& messages) {
  const auto answer = ctl::json_document::parse(R"({"messages": [)" + messages + "]}");
  REQUIRE(answer);
  std::vector<std::string> names;
  for (const auto& m : progress.ended((*answer)["messages"].items()))
    names.push_back(m["message"].shown());
  return names;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("a message is told once, when it has ended, and those told are left out") {
  ctl::trace_progress progress;
  const auto a = message("a", "1", "2.5");
  CHECK(told(progress, a + ',' + message("b", "2", "null")) == names{"a"});
  CHECK(progress.told() == 1);
  // b hangs; what comes behind it is told all the same, and sent again meanwhile.
  const auto c = message("c", "3", "1");
  CHECK(told(progress, message("b", "2", "null") + ',' + c) == names{"c"});
  CHECK(told(progress, message("b", "2", "null") + ',' + c) == names{});
  CHECK(progress.told() == 1);
  CHECK(told(progress, message("b", "2", "5000") + ',' + c) == names{"b"});
  CHECK(progress.told() == 3);
  CHECK(told(progress, message("d", "8", "1")) == names{"d"});
}

TEST_CASE("messages are told in the order in which they ended") {
  ctl::trace_progress progress;
  CHECK(told(progress, message("slow", "1", "3000") + ',' + message("quick", "2", "1") + ','
                           + message("later", "5", "1"))
        == names{"quick", "slow", "later"});
  CHECK(progress.told() == 3);
}

TEST_CASE("a message under way says so in place of the time it took") {
  const auto line = [](const std::string& text) {
    const auto document = ctl::json_document::parse(text);
    REQUIRE(document);
    return ctl::message_line(document->root());
  };
  CHECK(line(message("begin_call", "1", "0.04"))
        == "2026-11-23T09:00:01.000Z  call pickup:1           begin_call                waited "
           "0.1 ms, took 0.04 ms  courier 5");
  CHECK(line(message("begin_call", "1", "null")).find("ms, under way  ") != std::string::npos);
}

#include "app/pickupctl/table.hpp"
#include "app/pickupctl/width.hpp"

#include <catch2/catch.hpp>

namespace ctl = pickup::ctl;

TEST_CASE("Hangul takes two columns a syllable, joining characters none") {
  CHECK(ctl::width("") == 0);
  CHECK(ctl::width("abc") == 3);
  CHECK(ctl::width("택배기사 1호") == 12);
  CHECK(ctl::width("e\u0301") == 1);
  CHECK(ctl::width("\u1112\u1161\u11ab") == 2); // one syllable in three parts
  CHECK(ctl::width("…") == 1);
}

TEST_CASE("bytes that are no UTF-8 take a column each") {
  CHECK(ctl::width("\xff\xfe") == 2);
  CHECK(ctl::width("\xea\xb0") == 2); // cut off
}

TEST_CASE("what would steer a terminal is not shown") {
  CHECK(ctl::printable("\x1b[2Jgone") == "\ufffd[2Jgone");
  CHECK(ctl::printable("a\nb") == "a\ufffdb");
  CHECK(ctl::printable("\u202egnp") == "\ufffdgnp");
  CHECK(ctl::printable("\u009b") == "\ufffd");
  CHECK(ctl::printable("이수 …") == "이수 …");
}

TEST_CASE("text is cut where the next character would not fit") {
  CHECK(ctl::fitted("이수역", 6) == "이수역");
  CHECK(ctl::fitted("이수역", 5) == "이수…");
  CHECK(ctl::fitted("이수역", 4) == "이…");
  CHECK(ctl::fitted("이수역", 1) == "…");
  CHECK(ctl::fitted("이수역", 0).empty());
}

TEST_CASE("columns are as wide as what is in them, numbers on the right") {
  ctl::table t{{"name", "load"}};
  t.add({"기사", "7"});
  t.add({"kim", "12"});
  CHECK(t.lines() == std::vector<std::string>{"name  load", "기사     7", "kim     12"});
}

TEST_CASE("a table without rows still says what it would show") {
  const ctl::table t{{"n", "story"}};
  CHECK(t.empty());
  CHECK(t.lines() == std::vector<std::string>{"n  story"});
}

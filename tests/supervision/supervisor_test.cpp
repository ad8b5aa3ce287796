#include "tests/supervision/family.hpp"

#include <caf/sec.hpp>

#include <catch2/catch.hpp>

using namespace pickup::supervision;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

using diary = family::diary;

} // namespace

// -- starting

TEST_CASE("children start in order") {
  household h;
  const auto parent = h.start({h.child("a"), h.child("b"), h.child("c")});
  CHECK(h.read() == diary{"a starts", "b starts", "c starts"});
  CHECK(h.count(parent) == 3);
}

// -- restarting

TEST_CASE("a permanent child that crashes is started again, its siblings go on") {
  household h;
  const auto parent = h.start({h.child("a"), h.child("b")});
  h.read();
  h.tell("a", "crash");
  CHECK(h.read() == diary{"a ends", "a starts"});
  CHECK(h.count(parent) == 2);
}

TEST_CASE("a permanent child that ends normally is started again") {
  household h;
  h.start({h.child("a")});
  h.read();
  h.tell("a", "end");
  CHECK(h.read() == diary{"a ends", "a starts"});
}

TEST_CASE("a transient child is started again after a crash, not after a normal end") {
  household h;
  const auto parent = h.start({h.child("a", restart::transient)});
  h.read();
  h.tell("a", "crash");
  CHECK(h.read() == diary{"a ends", "a starts"});
  h.tell("a", "end");
  CHECK(h.read() == diary{"a ends"});
  CHECK(h.count(parent) == 0);
}

TEST_CASE("a transient child that was told to end is not started again") {
  household h;
  const auto parent = h.start({h.child("a", restart::transient)});
  end(h["a"]);
  h.system.run();
  CHECK(h.read() == diary{"a starts", "a is told to end", "a ends"});
  CHECK(h.count(parent) == 0);
}

TEST_CASE("a transient child that was killed is started again") {
  household h;
  h.start({h.child("a", restart::transient)});
  kill(h["a"]);
  h.system.run();
  CHECK(h.read() == diary{"a starts", "a ends", "a starts"});
}

TEST_CASE("a temporary child is never started again") {
  household h;
  const auto parent = h.start({h.child("a", restart::temporary), h.child("b")});
  h.read();
  h.tell("a", "crash");
  CHECK(h.read() == diary{"a ends"});
  CHECK(h.counts(parent).specs == 1);
  REQUIRE(h.reports.size() == 1);
  CHECK(h.reports[0].outcome == verdict::drops);
}

TEST_CASE("a report names supervisor, child and reason") {
  household h;
  h.start({h.child("a")});
  h.tell("a", "crash");
  REQUIRE(h.reports.size() == 1);
  const auto& report = h.reports.front();
  CHECK(report.supervisor == "parent");
  CHECK(report.child == "a");
  CHECK(report.reason == caf::sec::runtime_error);
  CHECK(caf::to_string(report.reason).find("a crashed") != std::string::npos);
  CHECK(report.outcome == verdict::restarts);
  CHECK(report.incarnation == 0);
  CHECK(report.siblings.empty());
}

// -- giving up

TEST_CASE("too many restarts: children end in reverse order, then the supervisor, saying so") {
  household h;
  h.start({h.child("a"), h.child("b"), h.child("c")}, 2);
  h.tell("b", "crash");
  h.tell("b", "crash");
  h.read();
  REQUIRE_FALSE(h.ended());
  h.tell("b", "crash");
  CHECK(h.read()
        == diary{"b ends", "c is told to end", "c ends", "a is told to end", "a ends"});
  CHECK(h.ended() == make_error(supervision_errc::too_many_restarts));
}

TEST_CASE("restarts of all children count together") {
  household h;
  h.start({h.child("a"), h.child("b")}, 1);
  h.tell("a", "crash");
  CHECK_FALSE(h.ended());
  h.tell("b", "crash");
  CHECK(h.ended());
}

TEST_CASE("restarts far enough apart go on for ever") {
  household h;
  h.start({h.child("a")}, 1);
  for (int i = 0; i < 10; ++i) {
    h.tell("a", "crash");
    h.system.pass(5s);
  }
  CHECK_FALSE(h.ended());
  h.tell("a", "crash");
  h.system.pass(5s - 1ns);
  h.tell("a", "crash");
  CHECK(h.ended());
}

// -- a start that fails

TEST_CASE("a first start that fails ends those already started, in reverse, and says why") {
  household h;
  h.failing_starts["c"] = 1;
  h.start({h.child("a"), h.child("b"), h.child("c"), h.child("d")});
  CHECK(h.read()
        == diary{"a starts", "b starts", "c cannot start", "b is told to end", "b ends",
                 "a is told to end", "a ends"});
  CHECK(h.ended() == make_error(supervision_errc::start_failed));
  CHECK(caf::to_string(*h.ended()).find("c: no such thing") != std::string::npos);
  REQUIRE(h.reports.size() == 1);
  CHECK(h.reports[0].outcome == verdict::escalates);
}

TEST_CASE("a restart that fails is tried again, each time counting as a restart") {
  household h;
  const auto parent = h.start({h.child("a"), h.child("b")}, 3);
  h.failing_starts["a"] = 2;
  h.read();
  h.tell("a", "crash");
  CHECK(h.read() == diary{"a ends", "a cannot start", "a cannot start", "a starts"});
  CHECK(h.count(parent) == 2);
  REQUIRE(h.reports.size() == 3);
  CHECK(caf::to_string(h.reports[1].reason).find("a: no such thing") != std::string::npos);
  CHECK(h.reports[1].actor == 0);
  CHECK_FALSE(h.ended());
  h.tell("b", "crash");
  CHECK(h.ended() == make_error(supervision_errc::too_many_restarts));
}

TEST_CASE("a child that can never restart ends the supervisor and the siblings") {
  household h;
  h.start({h.child("a"), h.child("b")}, 2);
  h.failing_starts["b"] = 1000;
  h.read();
  h.tell("b", "crash");
  CHECK(h.read()
        == diary{"b ends", "b cannot start", "b cannot start", "a is told to end", "a ends"});
  CHECK(h.ended() == make_error(supervision_errc::too_many_restarts));
}

TEST_CASE("an intensity of zero allows no restart at all") {
  household h;
  h.start({h.child("a")}, 0);
  h.tell("a", "crash");
  CHECK(h.read() == diary{"a starts", "a ends"});
  CHECK(h.ended() == make_error(supervision_errc::too_many_restarts));
}

TEST_CASE("OTP's limits are the defaults: one restart in five seconds") {
  const supervisor_options o;
  CHECK(o.intensity == 1);
  CHECK(o.period == 5s);
}

TEST_CASE("while a child cannot start the supervisor still answers and can be stopped") {
  household h;
  const auto parent = h.start({h.child("a"), h.child("b")}, 1'000'000'000);
  h.failing_starts["a"] = 1'000'000'000;
  caf::anon_send(h["a"], std::string{"crash"});
  for (int i = 0; i < 100; ++i)
    REQUIRE(h.system.step());
  h.read();
  end(parent);
  h.system.run();
  REQUIRE(h.ended());
  CHECK(*h.ended() == caf::exit_reason::user_shutdown);
  const auto last = h.read();
  CHECK(last.back() == "b ends");
}

// -- stopping

TEST_CASE("a supervisor that is stopped ends its children in reverse order, awaiting each") {
  household h;
  const auto parent = h.start(
      {h.child("a"), h.child("b", restart::permanent, manners::stubborn), h.child("c")});
  h.read();
  end(parent);
  h.system.run();
  CHECK(h.read() == diary{"c is told to end", "c ends", "b is told to end"});
  CHECK_FALSE(h.ended());
  h.tell("b", "end");
  CHECK(h.read() == diary{"b ends", "a is told to end", "a ends"});
  CHECK(h.ended() == caf::error{caf::exit_reason::user_shutdown});
}

TEST_CASE("a supervisor without children stops at once") {
  household h;
  end(h.start({}));
  h.system.run();
  CHECK(h.ended());
}

TEST_CASE("nothing is started again while the supervisor stops") {
  household h;
  const auto parent =
      h.start({h.child("a"), h.child("b", restart::permanent, manners::stubborn)});
  end(parent);
  h.system.run();
  h.read();
  h.tell("a", "crash");
  h.tell("b", "crash");
  CHECK(h.read() == diary{"a ends", "b ends"});
  CHECK(h.ended());
}

TEST_CASE("a child that does not end in time is killed") {
  household h;
  const auto parent =
      h.start({h.child("a"), h.child("b", restart::permanent, manners::stubborn)});
  h.read();
  end(parent);
  h.system.pass(2s - 1ms);
  CHECK(h.read() == diary{"b is told to end"});
  h.system.pass(1ms);
  const auto last = h.read();
  CHECK(std::count(last.begin(), last.end(), "b ends") == 1);
  CHECK(std::count(last.begin(), last.end(), "a ends") == 1);
  CHECK(h.ended() == caf::error{caf::exit_reason::user_shutdown});
}

TEST_CASE("a child that cannot even be killed is left behind") {
  household h;
  const auto parent = h.start({h.child("a", restart::permanent, manners::mute)});
  end(parent);
  h.system.pass(2s);
  CHECK_FALSE(h.ended());
  h.system.pass(1s);
  REQUIRE(h.reports.size() == 1);
  CHECK(h.reports[0].outcome == verdict::fences);
  CHECK(h.ended() == caf::error{caf::exit_reason::user_shutdown});
}

TEST_CASE("each child has the whole time to end") {
  household h;
  const auto parent = h.start({h.child("a", restart::permanent, manners::stubborn),
                               h.child("b", restart::permanent, manners::stubborn)});
  h.read();
  end(parent);
  h.system.pass(1500ms);
  h.tell("b", "end");
  h.system.pass(1500ms);
  CHECK(h.read() == diary{"b is told to end", "b ends", "a is told to end"});
  h.tell("a", "end");
  CHECK(h.ended());
}

// -- trees

TEST_CASE(
    "a supervisor that gives up is a crash to its own supervisor, which starts it again") {
  household h;
  const child_spec inner{"inner",
                         [&](caf::actor_system& sys) {
                           return start_supervisor(sys, h.options(1), {h.child("a")});
                         },
                         {.kind = child_kind::supervisor}};
  h.start({inner}, 2);
  h.tell("a", "crash");
  h.read();
  h.tell("a", "crash");
  CHECK(h.read() == diary{"a ends", "a starts"});
  REQUIRE(h.reports.size() == 3);
  CHECK(h.reports.back().child == "inner");
  CHECK(h.reports.back().reason == make_error(supervision_errc::too_many_restarts));
  CHECK_FALSE(h.ended());
}

TEST_CASE("trouble that no level can cure reaches the top") {
  household h;
  const child_spec inner{"inner",
                         [&](caf::actor_system& sys) {
                           return start_supervisor(sys, h.options(1), {h.child("a")});
                         },
                         {.kind = child_kind::supervisor}};
  h.start({inner}, 1);
  for (int i = 0; i < 4; ++i)
    h.tell("a", "crash");
  CHECK(h.ended() == make_error(supervision_errc::too_many_restarts));
}

TEST_CASE("children do not outlive a supervisor that was killed") {
  household h;
  const child_spec inner{"inner",
                         [&](caf::actor_system& sys) {
                           return start_supervisor(sys, h.options(1), {h.child("a")});
                         },
                         {.kind = child_kind::supervisor}};
  const auto parent = h.start({inner, h.child("b", restart::permanent, manners::stubborn)});
  h.read();
  kill(parent);
  h.system.run();
  auto last = h.read();
  std::sort(last.begin(), last.end());
  CHECK(last == diary{"a ends", "b ends"});
  CHECK(h.ended() == caf::error{caf::exit_reason::kill});
}

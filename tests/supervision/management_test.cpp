// What a supervisor can be asked, and OTP's errors.
#include "tests/supervision/family.hpp"

#include <catch2/catch.hpp>

using namespace pickup::supervision;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

using diary = family::diary;

// As the error of each request is known by its code alone.
caf::error code(supervision_errc c) {
  return make_error(c);
}

child_spec slow(child_spec c) {
  c.rules.backoff = {.first = 1s, .most = 4s};
  return c;
}

} // namespace

TEST_CASE("which_children lists the children in order with their states") {
  household h;
  const auto parent =
      h.start({h.child("a"), h.child("b", restart::transient), slow(h.child("c"))});
  h.tell("b", "end");
  h.tell("c", "crash");
  const auto all = h.ask<child_list>(parent, which_children{}).value().children;
  REQUIRE(all.size() == 3);
  CHECK(to_string(all[0].id) == "a");
  CHECK(all[0].state == child_state::running);
  CHECK(all[0].handle == h["a"]);
  CHECK(all[1].state == child_state::stopped);
  CHECK(all[2].state == child_state::restarting);
  CHECK_FALSE(all[2].handle);
}

TEST_CASE("count_children counts specs, active, supervisors and workers as OTP does") {
  household h;
  const auto parent =
      h.start({h.child("a"),
               h.child("b", restart::transient),
               {"inner",
                [&](caf::actor_system& sys) {
                  return start_supervisor(sys, h.options(), std::vector<child_spec>{});
                },
                {.kind = child_kind::supervisor}}});
  h.tell("b", "end");
  const child_counts expected{.specs = 3, .active = 2, .supervisors = 1, .workers = 2};
  CHECK(h.counts(parent) == expected);
}

TEST_CASE("start_child adds a child at the end and answers its handle") {
  household h;
  const auto parent = h.start({h.child("a")});
  const auto b = h.ask<caf::actor>(parent, start_new_child{h.child("b")});
  REQUIRE(b);
  CHECK(*b == h["b"]);
  h.read();
  end(parent);
  h.system.run();
  CHECK(h.read() == diary{"b is told to end", "b ends", "a is told to end", "a ends"});
}

TEST_CASE("start_child refuses an id that is there: already_started or already_present") {
  household h;
  const auto parent = h.start({h.child("a")});
  const auto again = [&] {
    return h.ask<caf::actor>(parent, start_new_child{h.child("a")}).error();
  };
  CHECK(again() == code(supervision_errc::already_started));
  REQUIRE(h.ask<void>(parent, terminate_child{"a"}));
  CHECK(again() == code(supervision_errc::already_present));
}

TEST_CASE("start_child that fails answers why and keeps no spec") {
  household h;
  const auto parent = h.start(std::vector<child_spec>{});
  h.failing_starts["a"] = 1;
  CHECK(h.ask<caf::actor>(parent, start_new_child{h.child("a")}).error()
        == code(supervision_errc::start_failed));
  CHECK(h.counts(parent).specs == 0);
  CHECK(h.reports.empty());
}

TEST_CASE("start_child refuses a spec that contradicts itself") {
  household h;
  const auto parent = h.start(std::vector<child_spec>{});
  auto c = h.child("a");
  c.rules.significant = true;
  const auto refused = h.ask<caf::actor>(parent, start_new_child{c});
  CHECK(refused.error() == code(supervision_errc::bad_spec));
  CHECK(caf::to_string(refused.error()).find("child a: significant") != std::string::npos);
}

TEST_CASE("terminate_child ends a child, which is not restarted and does not count") {
  household h;
  const auto parent = h.start({h.child("a"), h.child("b")}, 0);
  h.read();
  REQUIRE(h.ask<void>(parent, terminate_child{"a"}));
  CHECK(h.read() == diary{"a is told to end", "a ends"});
  CHECK(h.counts(parent).specs == 2);
  CHECK(h.ask<void>(parent, terminate_child{"a"}));
  CHECK(h.ask<void>(parent, terminate_child{"x"}).error() == code(supervision_errc::not_found));
  CHECK(h.reports.empty());
}

TEST_CASE("terminate_child of a temporary child drops its spec") {
  household h;
  const auto parent = h.start({h.child("a", restart::temporary)});
  REQUIRE(h.ask<void>(parent, terminate_child{"a"}));
  CHECK(h.counts(parent).specs == 0);
}

TEST_CASE("restart_child starts a child that was ended, and no other") {
  household h;
  const auto parent = h.start({h.child("a"), slow(h.child("b"))});
  const auto restart_it = [&](std::string id) {
    return h.ask<caf::actor>(parent, restart_child{std::move(id)});
  };
  CHECK(restart_it("a").error() == code(supervision_errc::running));
  CHECK(restart_it("x").error() == code(supervision_errc::not_found));
  h.tell("b", "crash");
  CHECK(restart_it("b").error() == code(supervision_errc::restarting));
  REQUIRE(h.ask<void>(parent, terminate_child{"a"}));
  h.failing_starts["a"] = 1;
  CHECK(restart_it("a").error() == code(supervision_errc::start_failed));
  CHECK(restart_it("a").value() == h["a"]);
}

TEST_CASE("delete_child drops the spec of a child that was ended, and no other") {
  household h;
  const auto parent = h.start({h.child("a"), slow(h.child("b"))});
  const auto drop = [&](std::string id) {
    return h.ask<void>(parent, delete_child{std::move(id)});
  };
  CHECK(drop("a").error() == code(supervision_errc::running));
  CHECK(drop("x").error() == code(supervision_errc::not_found));
  h.tell("b", "crash");
  CHECK(drop("b").error() == code(supervision_errc::restarting));
  REQUIRE(h.ask<void>(parent, terminate_child{"a"}));
  CHECK(drop("a"));
  CHECK(h.counts(parent).specs == 1);
}

TEST_CASE("who asks for a child that is restarting learns so at once") {
  household h;
  const auto parent = h.start({slow(h.child("a"))});
  const auto find = [&](std::string id) {
    return h.ask<caf::actor>(parent, whereis{std::move(id)});
  };
  CHECK(find("a").value() == h["a"]);
  h.tell("a", "crash");
  CHECK(find("a").error() == code(supervision_errc::restarting));
  h.system.pass(1s);
  CHECK(find("a").value() == h["a"]);
  REQUIRE(h.ask<void>(parent, terminate_child{"a"}));
  CHECK(find("a").error() == code(supervision_errc::not_running));
  CHECK(find("x").error() == code(supervision_errc::not_found));
}

TEST_CASE("a child that is restarting can be ended: it does not come back") {
  household h;
  const auto parent = h.start({slow(h.child("a"))});
  h.tell("a", "crash");
  h.read();
  REQUIRE(h.ask<void>(parent, terminate_child{"a"}));
  h.system.pass(10s);
  CHECK(h.read().empty());
}

TEST_CASE("with a backoff each restart waits longer, until the child is quiet for a time") {
  household h;
  h.start({slow(h.child("a"))}, 100);
  h.read();
  for (const auto wait : {1s, 2s, 4s, 4s}) {
    h.tell("a", "crash");
    h.system.pass(wait - 1ms);
    CHECK(h.read() == diary{"a ends"});
    h.system.pass(1ms);
    CHECK(h.read() == diary{"a starts"});
  }
  h.system.pass(5s);
  h.tell("a", "crash");
  h.system.pass(1s);
  CHECK(h.read() == diary{"a ends", "a starts"});
}

TEST_CASE("what is asked while all restart waits for its turn") {
  household h;
  auto o = h.options();
  o.strategy = strategy::one_for_all;
  const auto parent =
      h.start(o, {h.child("a", restart::permanent, manners::stubborn), h.child("b")});
  h.tell("b", "crash");
  family::question<caf::actor> asked{h.system, parent, start_new_child{h.child("c")}};
  h.system.run();
  CHECK_FALSE(asked.given());
  h.tell("a", "end");
  CHECK(asked.given().value().value() == h["c"]);
}

TEST_CASE("a static supervisor refuses what only a dynamic one does") {
  household h;
  const auto parent = h.start({h.child("a")});
  CHECK(h.ask<caf::actor>(parent, start_child{7, {}}).error()
        == code(supervision_errc::not_dynamic));
}

TEST_CASE("who waits for an answer when the supervisor is killed learns that it is stopping") {
  household h;
  auto o = h.options();
  o.strategy = strategy::one_for_all;
  const auto parent =
      h.start(o, {h.child("a", restart::permanent, manners::stubborn), h.child("b")});
  SECTION("for the end of a child") {
    family::question<void> asked{h.system, parent, terminate_child{"a"}};
    h.system.run();
    kill(parent);
    h.system.run();
    CHECK(asked.given().value().error() == code(supervision_errc::stopping));
  }
  SECTION("for a turn after a restart of all") {
    h.tell("b", "crash");
    family::question<caf::actor> asked{h.system, parent, start_new_child{h.child("c")}};
    h.system.run();
    kill(parent);
    h.system.run();
    CHECK(asked.given().value().error() == code(supervision_errc::stopping));
  }
}

TEST_CASE("a supervisor tells how its children fare and how much patience it has left") {
  household h;
  const auto parent = h.start({h.child("a"), slow(h.child("b"))});
  const auto before = h.options().intensity;
  h.tell("b", "crash");
  std::optional<supervisor_status> told;
  caf::anon_send(parent, describe_supervisor{[&](auto s) { told = std::move(s); }});
  h.system.run();
  REQUIRE(told);
  CHECK(told->strategy == "one_for_one");
  CHECK(told->restarts_left == before - 1);
  REQUIRE(told->children.size() == 2);
  CHECK(told->children[0].state == child_state::running);
  CHECK(told->children[0].handle == h["a"]);
  CHECK_FALSE(told->children[0].retry_in);
  CHECK(told->children[1].state == child_state::restarting);
  CHECK(told->children[1].retry_in == 1s);
}

TEST_CASE("of a dynamic supervisor's children those in trouble are told one by one") {
  household h;
  auto of = h.children(restart::permanent);
  of.initial = [] { return std::vector<child_key>{1, 2, 3}; };
  const auto parent = h.watch(start_dynamic_supervisor(*h.system, h.options(), std::move(of)));
  h.system.run();
  h.tell("2", "crash");
  std::optional<supervisor_status> told;
  caf::anon_send(parent, describe_supervisor{[&](auto s) { told = std::move(s); }});
  h.system.run();
  REQUIRE(told);
  CHECK(told->dynamic);
  CHECK(told->counts.active == 3);
  CHECK(told->truncated);
  REQUIRE(told->children.size() == 1);
  CHECK(to_string(told->children[0].id) == "2");
  CHECK(told->children[0].restarts == 1);
  kill(parent);
  h.system.run();
}

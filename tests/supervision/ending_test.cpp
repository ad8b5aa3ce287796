// How children end, and what their end means to their supervisor.
#include "tests/supervision/family.hpp"

#include <catch2/catch.hpp>

using namespace pickup::supervision;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

using diary = family::diary;

child_spec ending(child_spec c, shutdown how) {
  c.rules.end = how;
  return c;
}

child_spec significant(child_spec c) {
  c.rules.significant = true;
  return c;
}

supervisor_options ending_with(household& h, auto_shutdown when) {
  auto o = h.options();
  o.ends_with = when;
  return o;
}

constexpr shutdown infinity{shutdown::manner::infinity, 0ms};
constexpr shutdown brutal{shutdown::manner::brutal, 0ms};

} // namespace

// -- shutdown

TEST_CASE("shutdown infinity: the child is awaited for as long as it takes") {
  household h;
  const auto parent =
      h.start({ending(h.child("a", restart::permanent, manners::stubborn), infinity)});
  end(parent);
  h.system.pass(24h);
  CHECK_FALSE(h.ended());
  h.tell("a", "end");
  CHECK(h.ended());
}

TEST_CASE("shutdown brutal: the child is killed without being told") {
  household h;
  const auto parent =
      h.start({ending(h.child("a", restart::permanent, manners::stubborn), brutal)});
  h.read();
  end(parent);
  h.system.run();
  CHECK(h.read() == diary{"a ends"});
  CHECK(h.ended());
}

TEST_CASE("a child that not even a kill ends is fenced, counted, and ignored afterwards") {
  household h;
  const auto parent = h.start({h.child("a", restart::permanent, manners::mute), h.child("b")});
  family::question<void> asked{h.system, parent, terminate_child{"a"}};
  h.system.pass(2s);
  CHECK_FALSE(asked.given());
  CHECK(h.counts(parent).active == 2);
  h.system.pass(1s);
  CHECK(asked.given().value());
  CHECK(h.counts(parent).zombies == 1);
  CHECK(h.counts(parent).active == 1);
  REQUIRE(h.ask<caf::actor>(parent, restart_child{"a"}));
  CHECK(h.counts(parent).active == 2);
  CHECK_FALSE(h.ended());
}

TEST_CASE("a supervisor that waits for a child to end still answers") {
  household h;
  const auto parent = h.start({h.child("a", restart::permanent, manners::stubborn)});
  end(parent);
  h.system.run();
  CHECK(h.count(parent) == 1);
  CHECK(h.ask<caf::actor>(parent, start_new_child{h.child("b")}).error()
        == make_error(supervision_errc::stopping));
}

// -- significant children

TEST_CASE("any_significant: the first significant child that ends, ends the supervisor") {
  household h;
  h.start(ending_with(h, auto_shutdown::any_significant),
          {significant(h.child("a", restart::transient)),
           significant(h.child("b", restart::temporary)), h.child("c")});
  h.read();
  h.tell("b", "crash");
  CHECK(h.read()
        == diary{"b ends", "c is told to end", "c ends", "a is told to end", "a ends"});
  CHECK(h.ended() == caf::error{caf::exit_reason::user_shutdown});
}

TEST_CASE("all_significant: the last significant child that ends, ends the supervisor") {
  household h;
  h.start(ending_with(h, auto_shutdown::all_significant),
          {significant(h.child("a", restart::transient)),
           significant(h.child("b", restart::temporary)), h.child("c")});
  h.tell("a", "end");
  CHECK_FALSE(h.ended());
  h.tell("b", "end");
  CHECK(h.ended());
}

TEST_CASE("a significant child that is restarted does not end its supervisor") {
  household h;
  h.start(ending_with(h, auto_shutdown::any_significant),
          {significant(h.child("a", restart::transient))});
  h.tell("a", "crash");
  CHECK_FALSE(h.ended());
}

TEST_CASE("a significant child ended by its supervisor does not end it") {
  household h;
  const auto parent = h.start(ending_with(h, auto_shutdown::any_significant),
                              {significant(h.child("a", restart::transient))});
  REQUIRE(h.ask<void>(parent, terminate_child{"a"}));
  CHECK_FALSE(h.ended());
}

TEST_CASE("the end of a child that is not significant means nothing to its supervisor") {
  household h;
  h.start(ending_with(h, auto_shutdown::any_significant),
          {significant(h.child("a", restart::transient)), h.child("b", restart::temporary)});
  h.tell("b", "end");
  CHECK_FALSE(h.ended());
}

TEST_CASE("a supervisor that ended for its significant child is no crash to a transient "
          "parent's eye") {
  household h;
  auto inner = ending_with(h, auto_shutdown::any_significant);
  h.start({{"inner",
            [&](caf::actor_system& sys) {
              return start_supervisor(sys, inner,
                                      {significant(h.child("a", restart::transient))});
            },
            {.how = restart::transient, .kind = child_kind::supervisor}}});
  h.read();
  h.tell("a", "end");
  CHECK(h.read() == diary{"a ends"});
  CHECK(h.reports.empty());
}

// -- specs that contradict themselves

TEST_CASE("a contradictory spec is refused when the supervisor is made, naming the field") {
  household h;
  const auto refused = [&](std::vector<child_spec> children) -> std::string {
    try {
      start_supervisor(*h.system, h.options(), std::move(children));
      return "";
    } catch (const std::invalid_argument& e) {
      return std::string{e.what()}.substr(0, std::string{e.what()}.rfind(':'));
    }
  };
  CHECK(refused({significant(h.child("a"))}) == "child a: significant");
  CHECK(refused({h.child("a"), h.child("a")}) == "child a: id");
  CHECK(refused({h.child("")}) == "child: id");
  CHECK(refused({{"a", nullptr}}) == "child a: start");
  auto o = h.options();
  o.period = 0ms;
  CHECK(check(o, std::vector<child_spec>{})->field == "period");
  CHECK(check(h.options(), child_template{})->field == "start");
}

// Who is restarted with whom.
#include "tests/supervision/family.hpp"

#include <catch2/catch.hpp>

using namespace pickup::supervision;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

using diary = family::diary;

supervisor_options with(household& h, strategy s, std::uint32_t intensity = 10) {
  auto o = h.options(intensity);
  o.strategy = s;
  return o;
}

caf::error refusal_of(household& h, const caf::actor& parent, std::string id) {
  return h.ask<caf::actor>(parent, whereis{std::move(id)}).error();
}

} // namespace

TEST_CASE("one_for_all: the others end in reverse, then all start in order") {
  household h;
  h.start(with(h, strategy::one_for_all), {h.child("a"), h.child("b"), h.child("c")});
  h.read();
  h.tell("b", "crash");
  CHECK(h.read()
        == diary{"b ends", "c is told to end", "c ends", "a is told to end", "a ends",
                 "a starts", "b starts", "c starts"});
  REQUIRE(h.reports.size() == 1);
  CHECK(h.reports[0].siblings == diary{"a", "c"});
}

TEST_CASE("rest_for_one: only those started after it are restarted with it") {
  household h;
  h.start(with(h, strategy::rest_for_one), {h.child("a"), h.child("b"), h.child("c")});
  h.read();
  h.tell("b", "crash");
  CHECK(h.read() == diary{"b ends", "c is told to end", "c ends", "b starts", "c starts"});
}

TEST_CASE("a transient child that ended normally is started again with its siblings") {
  household h;
  h.start(with(h, strategy::one_for_all), {h.child("a", restart::transient), h.child("b")});
  h.tell("a", "end");
  h.read();
  h.tell("b", "crash");
  CHECK(h.read() == diary{"b ends", "a starts", "b starts"});
}

TEST_CASE("a temporary sibling is ended and forgotten, not started again") {
  household h;
  const auto parent =
      h.start(with(h, strategy::one_for_all), {h.child("a", restart::temporary), h.child("b")});
  h.read();
  h.tell("b", "crash");
  CHECK(h.read() == diary{"b ends", "a is told to end", "a ends", "b starts"});
  CHECK(h.counts(parent).specs == 1);
}

TEST_CASE("exits that the supervisor caused do not count") {
  household h;
  h.start(with(h, strategy::one_for_all, 1), {h.child("a"), h.child("b"), h.child("c")});
  h.tell("a", "crash");
  CHECK_FALSE(h.ended());
  CHECK(h.reports.size() == 1);
}

TEST_CASE("one_for_all: a sibling that crashes meanwhile is part of the same restart") {
  household h;
  const auto parent = h.start(
      with(h, strategy::one_for_all, 1),
      {h.child("a"), h.child("b", restart::permanent, manners::stubborn), h.child("c")});
  h.read();
  h.tell("c", "crash");
  CHECK(h.read() == diary{"c ends", "b is told to end"});
  h.tell("a", "crash");
  CHECK(h.read() == diary{"a ends"});
  CHECK(refusal_of(h, parent, "a") == make_error(supervision_errc::restarting));
  h.tell("b", "crash");
  CHECK(h.read() == diary{"b ends", "a starts", "b starts", "c starts"});
  CHECK_FALSE(h.ended());
}

TEST_CASE("rest_for_one: an earlier child that crashes meanwhile has its turn afterwards") {
  household h;
  h.start(with(h, strategy::rest_for_one),
          {h.child("a"), h.child("b"), h.child("c", restart::permanent, manners::stubborn)});
  h.read();
  h.tell("b", "crash");
  h.tell("a", "crash");
  CHECK(h.read() == diary{"b ends", "c is told to end", "a ends"});
  h.tell("c", "end");
  CHECK(h.read() == diary{"c ends", "b starts", "c starts", "c is told to end"});
  h.tell("c", "end");
  CHECK(h.read()
        == diary{"c ends", "b is told to end", "b ends", "a starts", "b starts", "c starts"});
  CHECK(h.reports.size() == 2);
}

TEST_CASE("one_for_all: a start that fails on the way ends those started and begins anew") {
  household h;
  h.start(with(h, strategy::one_for_all), {h.child("a"), h.child("b"), h.child("c")});
  h.failing_starts["b"] = 1;
  h.read();
  h.tell("c", "crash");
  CHECK(h.read()
        == diary{"c ends", "b is told to end", "b ends", "a is told to end", "a ends",
                 "a starts", "b cannot start", "a is told to end", "a ends", "a starts",
                 "b starts", "c starts"});
  CHECK(h.reports.size() == 2);
}

TEST_CASE("rest_for_one: a start that fails on the way is tried again from there") {
  household h;
  h.start(with(h, strategy::rest_for_one), {h.child("a"), h.child("b"), h.child("c")});
  h.failing_starts["c"] = 1;
  h.read();
  h.tell("b", "crash");
  CHECK(h.read()
        == diary{"b ends", "c is told to end", "c ends", "b starts", "c cannot start",
                 "c starts"});
}

TEST_CASE("a supervisor that restarts all can be stopped meanwhile") {
  household h;
  const auto parent = h.start(
      with(h, strategy::one_for_all),
      {h.child("a"), h.child("b", restart::permanent, manners::stubborn), h.child("c")});
  h.read();
  h.tell("c", "crash");
  end(parent);
  h.system.run();
  h.tell("b", "end");
  CHECK(h.read()
        == diary{"c ends", "b is told to end", "b ends", "a is told to end", "a ends"});
  CHECK(h.ended() == caf::error{caf::exit_reason::user_shutdown});
}

TEST_CASE("a child that crashed before its turn to be terminated stays down, uncounted") {
  household h;
  const auto parent = h.start(
      with(h, strategy::rest_for_one),
      {h.child("a"), h.child("b"), h.child("c", restart::permanent, manners::stubborn)});
  h.read();
  h.tell("b", "crash");
  family::question<void> asked{h.system, parent, terminate_child{"a"}};
  h.system.run();
  h.tell("a", "crash");
  CHECK(refusal_of(h, parent, "a") == make_error(supervision_errc::restarting));
  h.tell("c", "end");
  CHECK(asked.given().value());
  CHECK(h.read()
        == diary{"b ends", "c is told to end", "a ends", "c ends", "b starts", "c starts"});
  CHECK(refusal_of(h, parent, "a") == make_error(supervision_errc::not_running));
  CHECK(h.reports.size() == 1);
}

// -- a start that fails, and the siblings after it

namespace {

// b crashes; its restart fails and is tried again after two seconds, c waits for it.
struct broken_rest : household {
  broken_rest() {
    auto b = child("b");
    b.rules.backoff = {.first = 2s, .most = 2s};
    parent = start(with(*this, strategy::rest_for_one), {child("a"), b, child("c")});
    failing_starts["b"] = 1;
    tell("a", "crash");
    read();
  }

  caf::actor parent;
};

} // namespace

TEST_CASE("siblings that wait for a failed start are restarting, and come after it") {
  broken_rest h;
  CHECK(refusal_of(h, h.parent, "b") == make_error(supervision_errc::restarting));
  CHECK(refusal_of(h, h.parent, "c") == make_error(supervision_errc::restarting));
  CHECK(h.counts(h.parent).restarting == 2);
  CHECK(h.ask<void>(h.parent, delete_child{"c"}).error()
        == make_error(supervision_errc::restarting));
  CHECK(h.ask<caf::actor>(h.parent, restart_child{"c"}).error()
        == make_error(supervision_errc::restarting));
  h.system.pass(2s);
  CHECK(h.read() == diary{"b starts", "c starts"});
  CHECK(h.counts(h.parent).restarting == 0);
}

TEST_CASE("when a child whose start failed is terminated, the siblings do not wait for it") {
  broken_rest h;
  REQUIRE(h.ask<void>(h.parent, terminate_child{"b"}));
  CHECK(h.read() == diary{"c starts"});
  h.system.pass(10s);
  CHECK(h.read().empty());
  CHECK(refusal_of(h, h.parent, "b") == make_error(supervision_errc::not_running));
}

TEST_CASE("a stopping supervisor lists nobody as restarting") {
  household h;
  auto b = h.child("b");
  b.rules.backoff = {.first = 1s};
  const auto parent = h.start({h.child("a", restart::permanent, manners::stubborn), b});
  h.tell("b", "crash");
  CHECK(h.counts(parent).restarting == 1);
  end(parent);
  h.system.run();
  CHECK(h.counts(parent).restarting == 0);
}

TEST_CASE("a child's own backoff does not bring it before the sibling it is to start after") {
  household h;
  auto b = h.child("b"), c = h.child("c");
  b.rules.backoff = {.first = 2s};
  c.rules.backoff = {.first = 1s};
  h.start(with(h, strategy::rest_for_one), {h.child("a"), b, c});
  h.tell("c", "crash");
  h.failing_starts["b"] = 1;
  h.tell("a", "crash");
  h.read();
  h.system.pass(1s);
  CHECK(h.read().empty());
  h.system.pass(1s);
  CHECK(h.read() == diary{"b starts", "c starts"});
}

TEST_CASE("a significant child that is to come back keeps its supervisor") {
  household h;
  auto o = with(h, strategy::rest_for_one);
  o.ends_with = auto_shutdown::all_significant;
  const auto significant = [&](std::string id) {
    auto c = h.child(std::move(id), restart::transient);
    c.rules.significant = true;
    return c;
  };
  auto b = h.child("b");
  b.rules.backoff = {.first = 1s, .most = 1s};
  h.start(o, {significant("a"), b, significant("c")});
  h.failing_starts["b"] = 1;
  h.tell("b", "crash");
  h.system.pass(1s);
  h.tell("a", "end");
  CHECK_FALSE(h.ended());
  h.system.pass(1s);
  h.tell("c", "end");
  CHECK(h.ended() == caf::error{caf::exit_reason::user_shutdown});
}

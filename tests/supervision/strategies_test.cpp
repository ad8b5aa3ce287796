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

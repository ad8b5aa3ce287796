// The chain of causes, and the hooks.
#include "supervision/crash_error.hpp"
#include "tests/supervision/family.hpp"

#include <caf/event_based_actor.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace pickup::supervision;
using namespace pickup::testing;

namespace {

struct poison {};

caf::behavior taster(caf::event_based_actor* self) {
  self->set_exception_handler([self](std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return crash_error(*self, e.what());
    }
  });
  return {[](const poison&) { throw std::runtime_error{"tastes bad"}; }};
}

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(poison)

TEST_CASE("a report names the actor, the type of message and the error of a crash") {
  household h;
  caf::actor born;
  h.start({{"a", [&](caf::actor_system& sys) { return born = sys.spawn(taster); }}});
  const auto first = born.id();
  caf::anon_send(born, poison{});
  h.system.run();
  REQUIRE(h.reports.size() == 1);
  CHECK(h.reports[0].actor == first);
  CHECK(h.reports[0].message_type.find("poison") != std::string::npos);
  CHECK(caf::to_string(h.reports[0].reason).find("tastes bad") != std::string::npos);
}

TEST_CASE("an error of another kind names no message") {
  CHECK(message_type_of(caf::error{}).empty());
  CHECK(message_type_of(caf::exit_reason::kill).empty());
  CHECK(message_type_of(make_error(supervision_errc::not_found, "x")).empty());
}

TEST_CASE("a restart hook gets the reason of the last end, before the start") {
  household h;
  auto c = h.child("a");
  std::vector<caf::error> reasons;
  c.on_restart = [&](const caf::error& last) { reasons.push_back(last); };
  h.start({c});
  CHECK(reasons.empty());
  h.tell("a", "crash");
  REQUIRE(reasons.size() == 1);
  CHECK(caf::to_string(reasons[0]).find("a crashed") != std::string::npos);
}

TEST_CASE("the chain of causes goes through two levels of supervisors") {
  household h;
  auto inner = h.options(1);
  inner.name = "inner";
  h.start(
      {{"inner",
        [&](caf::actor_system& sys) { return start_supervisor(sys, inner, {h.child("a")}); },
        {.kind = child_kind::supervisor}}});
  h.tell("a", "crash");
  h.tell("a", "crash");
  REQUIRE(h.reports.size() == 3);
  CHECK(h.reports[1].supervisor == "inner");
  CHECK(h.reports[1].child == "a");
  CHECK(h.reports[1].incarnation == 1);
  CHECK(h.reports[1].outcome == verdict::escalates);
  CHECK(h.reports[2].supervisor == "parent");
  CHECK(h.reports[2].child == "inner");
  CHECK(h.reports[2].outcome == verdict::restarts);
}

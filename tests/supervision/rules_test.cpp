#include "supervision/rules.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace pickup::supervision;
using namespace std::chrono_literals;

namespace {

using keys = std::vector<child_key>;

const std::vector<member> family{{1, restart::permanent},
                                 {2, restart::temporary},
                                 {3, restart::transient},
                                 {4, restart::permanent}};

std::string refused(const child_rules& c, auto_shutdown parent = auto_shutdown::never) {
  const auto r = check(c, parent);
  return r ? r->field : "";
}

} // namespace

TEST_CASE("one_for_one touches nobody else") {
  const auto p = plan_restart(strategy::one_for_one, family, 3);
  CHECK(p.stop.empty());
  CHECK(p.forget.empty());
  CHECK(p.start == keys{3});
}

TEST_CASE("one_for_all stops the others in reverse and starts all but the temporary in order") {
  const auto p = plan_restart(strategy::one_for_all, family, 3);
  CHECK(p.stop == keys{4, 2, 1});
  CHECK(p.forget == keys{2});
  CHECK(p.start == keys{1, 3, 4});
}

TEST_CASE("rest_for_one leaves those started earlier alone") {
  const auto p = plan_restart(strategy::rest_for_one, family, 3);
  CHECK(p.stop == keys{4});
  CHECK(p.forget.empty());
  CHECK(p.start == keys{3, 4});
}

TEST_CASE("permanent always restarts, transient after a crash, temporary never") {
  CHECK(wants_restart(restart::permanent, true));
  CHECK(wants_restart(restart::permanent, false));
  CHECK_FALSE(wants_restart(restart::transient, true));
  CHECK(wants_restart(restart::transient, false));
  CHECK_FALSE(wants_restart(restart::temporary, true));
  CHECK_FALSE(wants_restart(restart::temporary, false));
}

TEST_CASE("only significant children end their supervisor, as auto_shutdown says") {
  CHECK_FALSE(ends_supervisor(auto_shutdown::never, true, false));
  CHECK(ends_supervisor(auto_shutdown::any_significant, true, true));
  CHECK_FALSE(ends_supervisor(auto_shutdown::all_significant, true, true));
  CHECK(ends_supervisor(auto_shutdown::all_significant, true, false));
  CHECK_FALSE(ends_supervisor(auto_shutdown::any_significant, false, false));
}

TEST_CASE("by default a worker has five seconds to end, and a supervisor for ever") {
  CHECK(end_of({}).how == shutdown::manner::within);
  CHECK(end_of({}).limit == 5s);
  CHECK(end_of({.kind = child_kind::supervisor}).how == shutdown::manner::infinity);
}

TEST_CASE("what can be meant is not refused") {
  CHECK(refused({}) == "");
  CHECK(
      refused({.how = restart::temporary, .significant = true}, auto_shutdown::any_significant)
      == "");
  CHECK(
      refused({.how = restart::transient, .significant = true}, auto_shutdown::all_significant)
      == "");
  CHECK(refused({.kind = child_kind::supervisor, .end = shutdown{}}) == "");
}

TEST_CASE("a significant child that is permanent is refused") {
  CHECK(refused({.significant = true}, auto_shutdown::any_significant) == "significant");
}

TEST_CASE("a significant child of a supervisor that never ends by itself is refused") {
  CHECK(refused({.how = restart::transient, .significant = true}) == "significant");
}

TEST_CASE("limits that make no sense are refused by their names") {
  CHECK(refused({.end = shutdown{shutdown::manner::within, -1ms}}) == "shutdown");
  CHECK(refused({.backoff = {.first = -1ms}}) == "backoff.first");
  CHECK(refused({.backoff = {.first = 2s, .most = 1s}}) == "backoff.most");
  CHECK(refused({.backoff = {.jitter = 1.1}}) == "backoff.jitter");
  CHECK(refused({.backoff = {.jitter = std::numeric_limits<double>::quiet_NaN()}})
        == "backoff.jitter");
  CHECK(refused({.backoff = {.reset_after = -1ms}}) == "backoff.reset_after");
}

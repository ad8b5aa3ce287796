#include "tests/supervision/family.hpp"

#include <catch2/catch.hpp>

using namespace pickup::supervision;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

using diary = family::diary;

// A dynamic supervisor of children called "1", "2", …, ended with the test.
class nursery : public family {
public:
  caf::actor start(child_template children, std::uint32_t intensity = 1000) {
    children.on_quarantine = [this](child_key key) { quarantined.push_back(key); };
    parent_ = watch(start_dynamic_supervisor(*system, options(intensity), std::move(children)));
    system.run();
    return parent_;
  }

  void ask_for(child_key key, caf::message first = {}) {
    caf::anon_send(parent_, start_child{key, std::move(first)});
    system.run();
  }

  ~nursery() {
    kill(parent_);
    system.run();
  }

  std::vector<child_key> quarantined;

private:
  caf::actor parent_;
};

caf::message words(std::string text) {
  return caf::make_message(std::move(text));
}

} // namespace

TEST_CASE("a child is started on demand and gets its first message first") {
  nursery n;
  const auto parent = n.start(n.children(restart::transient));
  CHECK(n.count(parent) == 0);
  n.ask_for(7, words("be seven"));
  CHECK(n.read() == diary{"7 starts", "7 hears: be seven"});
  CHECK(n.count(parent) == 1);
}

TEST_CASE("a child without a first message is just started") {
  nursery n;
  n.start(n.children(restart::transient));
  n.ask_for(7);
  CHECK(n.read() == diary{"7 starts"});
}

TEST_CASE("a child that is alive is not started a second time") {
  nursery n;
  const auto parent = n.start(n.children(restart::transient));
  n.ask_for(7);
  n.ask_for(7, words("again"));
  CHECK(n.read() == diary{"7 starts"});
  CHECK(n.count(parent) == 1);
  n.tell("7", "end");
  n.ask_for(7, words("again"));
  CHECK(n.read() == diary{"7 ends", "7 starts", "7 hears: again"});
}

TEST_CASE("the initial children start with the supervisor") {
  nursery n;
  auto t = n.children(restart::transient);
  t.initial = [] { return std::vector<child_key>{1, 2, 3}; };
  bool told = false;
  t.on_started = [&] { told = true; };
  const auto parent = n.start(std::move(t));
  CHECK(told);
  CHECK(n.read() == diary{"1 starts", "2 starts", "3 starts"});
  CHECK(n.count(parent) == 3);
}

TEST_CASE("a crashed child comes back as its next incarnation, without its first message") {
  nursery n;
  n.start(n.children(restart::transient));
  n.ask_for(7, words("be seven"));
  n.read();
  n.tell("7", "crash");
  CHECK(n.read() == diary{"7 ends", "7 starts", "7 is incarnation 1"});
  n.tell("7", "crash");
  CHECK(n.read() == diary{"7 ends", "7 starts", "7 is incarnation 2"});
}

TEST_CASE("a child that ended normally is forgotten") {
  nursery n;
  const auto parent = n.start(n.children(restart::transient));
  n.ask_for(7);
  n.tell("7", "end");
  CHECK(n.count(parent) == 0);
  CHECK(n.reports.empty());
}

TEST_CASE("a child that crashes too often is quarantined, its siblings live") {
  nursery n;
  auto t = n.children(restart::transient);
  t.child_intensity = 2;
  const auto parent = n.start(std::move(t));
  n.ask_for(1);
  n.ask_for(2);
  n.tell("1", "crash");
  n.tell("1", "crash");
  CHECK(n.quarantined.empty());
  n.tell("1", "crash");
  CHECK(n.quarantined == std::vector<child_key>{1});
  REQUIRE(n.reports.size() == 3);
  CHECK(n.reports[1].outcome == verdict::restarts);
  CHECK(n.reports[2].outcome == verdict::quarantines);
  CHECK(n.reports[2].child == "1");
  CHECK(n.count(parent) == 1);
  n.read();
  n.tell("2", "still here");
  CHECK(n.read() == diary{"2 hears: still here"});
}

TEST_CASE("a child in quarantine may be started again, with a clean record") {
  nursery n;
  auto t = n.children(restart::transient);
  t.child_intensity = 1;
  n.start(std::move(t));
  n.ask_for(1);
  n.tell("1", "crash");
  n.tell("1", "crash");
  REQUIRE(n.quarantined.size() == 1);
  n.ask_for(1);
  n.tell("1", "crash");
  CHECK(n.quarantined.size() == 1);
}

TEST_CASE("crashes of one child that lie far apart do not add up") {
  nursery n;
  auto t = n.children(restart::transient);
  t.child_intensity = 1;
  n.start(std::move(t));
  n.ask_for(1);
  for (int i = 0; i < 5; ++i) {
    n.tell("1", "crash");
    n.system.pass(5s);
  }
  CHECK(n.quarantined.empty());
}

TEST_CASE("too many crashes of all children end the supervisor and every child") {
  nursery n;
  n.start(n.children(restart::transient), 2);
  for (child_key key = 1; key <= 3; ++key)
    n.ask_for(key);
  n.tell("1", "crash");
  n.tell("2", "crash");
  n.read();
  n.tell("3", "crash");
  CHECK(n.ended() == make_error(supervision_errc::too_many_restarts));
  auto last = n.read();
  std::sort(last.begin(), last.end());
  CHECK(last == diary{"1 ends", "1 is told to end", "2 ends", "2 is told to end", "3 ends"});
}

TEST_CASE("a start on demand that fails is tried again") {
  nursery n;
  n.failing_starts["7"] = 2;
  const auto parent = n.start(n.children(restart::transient));
  n.ask_for(7);
  CHECK(n.read()
        == diary{"7 cannot start", "7 cannot start", "7 starts", "7 is incarnation 2"});
  CHECK(n.count(parent) == 1);
}

TEST_CASE("a stopping supervisor starts nobody any more") {
  nursery n;
  const auto parent = n.start(n.children(restart::transient));
  n.ask_for(1);
  n.read();
  end(parent);
  caf::anon_send(parent, start_child{2, {}});
  n.system.run();
  CHECK(n.read() == diary{"1 is told to end", "1 ends"});
  CHECK(n.ended() == caf::error{caf::exit_reason::user_shutdown});
}

// -- what it can be asked

TEST_CASE("who asks for a child on demand gets its handle, or why there is none") {
  nursery n;
  const auto parent = n.start(n.children(restart::transient));
  const auto made = n.ask<caf::actor>(parent, start_child{7, {}});
  REQUIRE(made);
  CHECK(*made == n["7"]);
  CHECK(n.ask<caf::actor>(parent, start_child{7, {}}).error()
        == make_error(supervision_errc::already_started));
  n.failing_starts["8"] = 1;
  CHECK(n.ask<caf::actor>(parent, start_child{8, {}}).error()
        == make_error(supervision_errc::start_failed));
  n.system.pass(10s);
  CHECK(n.count(parent) == 1);
}

TEST_CASE("a child in quarantine is listed, counted and named as such") {
  nursery n;
  auto t = n.children(restart::transient);
  t.child_intensity = 0;
  const auto parent = n.start(std::move(t));
  n.ask_for(1);
  n.ask_for(2);
  n.tell("1", "crash");
  const child_counts expected{.specs = 1, .active = 1, .workers = 2, .quarantined = 1};
  CHECK(n.counts(parent) == expected);
  CHECK(n.ask<caf::actor>(parent, whereis{child_key{1}}).error()
        == make_error(supervision_errc::quarantined));
  const auto all = n.ask<child_list>(parent, which_children{}).value().children;
  REQUIRE(all.size() == 2);
  CHECK(all[1].state == child_state::quarantined);
  REQUIRE(n.ask<void>(parent, terminate_child{child_key{1}}));
  CHECK(n.counts(parent).quarantined == 0);
}

TEST_CASE("terminate_child ends one of them for good") {
  nursery n;
  const auto parent = n.start(n.children(restart::permanent));
  n.ask_for(1);
  n.read();
  REQUIRE(n.ask<void>(parent, terminate_child{child_key{1}}));
  CHECK(n.read() == diary{"1 is told to end", "1 ends"});
  CHECK(n.counts(parent).workers == 0);
  CHECK(n.ask<void>(parent, terminate_child{child_key{1}}).error()
        == make_error(supervision_errc::not_found));
}

TEST_CASE("restart_child and delete_child are refused: simple_one_for_one") {
  nursery n;
  const auto parent = n.start(n.children(restart::transient));
  const auto refused = make_error(supervision_errc::simple_one_for_one);
  CHECK(n.ask<caf::actor>(parent, restart_child{child_key{1}}).error() == refused);
  CHECK(n.ask<void>(parent, delete_child{child_key{1}}).error() == refused);
  CHECK(n.ask<caf::actor>(parent, start_new_child{n.child("a")}).error() == refused);
}

TEST_CASE("with a backoff a child is restarting meanwhile, and says so") {
  nursery n;
  auto t = n.children(restart::transient);
  t.rules.backoff = {.first = 1s};
  const auto parent = n.start(std::move(t));
  n.ask_for(1);
  n.tell("1", "crash");
  CHECK(n.ask<caf::actor>(parent, whereis{child_key{1}}).error()
        == make_error(supervision_errc::restarting));
  CHECK(n.counts(parent).restarting == 1);
  n.system.pass(1s);
  CHECK(n.ask<caf::actor>(parent, whereis{child_key{1}}).value() == n["1"]);
}

TEST_CASE("who starts a child that is restarting is told so: its wait and its record stand") {
  nursery n;
  auto t = n.children(restart::transient);
  t.rules.backoff = {.first = 1s};
  t.child_intensity = 1;
  const auto parent = n.start(std::move(t));
  n.ask_for(1);
  n.tell("1", "crash");
  n.read();
  CHECK(n.ask<caf::actor>(parent, start_child{1, {}}).error()
        == make_error(supervision_errc::restarting));
  CHECK(n.read().empty());
  n.system.pass(1s);
  CHECK(n.read() == diary{"1 starts", "1 is incarnation 1"});
  n.tell("1", "crash");
  CHECK(n.quarantined == std::vector<child_key>{1});
}

TEST_CASE("without a limit of their own no child is quarantined") {
  nursery n;
  n.start(n.children(restart::transient), 50);
  n.ask_for(1);
  for (int i = 0; i < 50; ++i)
    n.tell("1", "crash");
  CHECK(n.quarantined.empty());
  CHECK_FALSE(n.ended());
}

TEST_CASE("a limit for each child that the supervisor's own would forestall is refused") {
  nursery n;
  auto t = n.children(restart::transient);
  t.child_intensity = 4;
  CHECK_FALSE(check(n.options(4), t));
  CHECK(check(n.options(3), t)->field == "child_intensity");
  CHECK(check(n.options(3), t)->why == "must be at most the supervisor's intensity (3), got 4");
}

TEST_CASE("dynamic children are not rebuilt by a restart of their supervisor") {
  household h;
  caf::actor inner;
  h.start({{"inner",
            [&](caf::actor_system& sys) {
              return inner = start_dynamic_supervisor(sys, h.options(1000),
                                                      h.children(restart::transient));
            },
            {.kind = child_kind::supervisor}}});
  caf::anon_send(inner, start_child{1, {}});
  h.system.run();
  kill(inner);
  h.system.run();
  CHECK(h.count(inner) == 0);
}

TEST_CASE("starting and stopping ten thousand children takes steps in proportion") {
  const auto steps = [](child_key children) {
    nursery n;
    const auto parent = n.start(n.children(restart::transient));
    std::size_t taken = 0;
    for (child_key key = 0; key < children; ++key)
      caf::anon_send(parent, start_child{key, {}});
    while (n.system.step())
      ++taken;
    end(parent);
    while (n.system.step())
      ++taken;
    CHECK(n.ended());
    return taken;
  };
  CHECK(steps(10'000) <= 10 * steps(1'000) + 10);
}

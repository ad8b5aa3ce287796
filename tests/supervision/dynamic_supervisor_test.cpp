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
    children.given_up = [this](child_key key) { given_up.push_back(key); };
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

  std::vector<child_key> given_up;

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
  const auto parent = n.start(std::move(t));
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

TEST_CASE("a child that crashes too often is given up, its siblings live") {
  nursery n;
  auto t = n.children(restart::transient);
  t.child_intensity = 2;
  const auto parent = n.start(std::move(t));
  n.ask_for(1);
  n.ask_for(2);
  n.tell("1", "crash");
  n.tell("1", "crash");
  CHECK(n.given_up.empty());
  n.tell("1", "crash");
  CHECK(n.given_up == std::vector<child_key>{1});
  REQUIRE(n.reports.size() == 3);
  CHECK(n.reports[1].restarted);
  CHECK_FALSE(n.reports[2].restarted);
  CHECK(n.reports[2].child == "1");
  CHECK(n.count(parent) == 1);
  n.read();
  n.tell("2", "still here");
  CHECK(n.read() == diary{"2 hears: still here"});
}

TEST_CASE("a child that was given up may be started again, with a clean record") {
  nursery n;
  auto t = n.children(restart::transient);
  t.child_intensity = 1;
  n.start(std::move(t));
  n.ask_for(1);
  n.tell("1", "crash");
  n.tell("1", "crash");
  REQUIRE(n.given_up.size() == 1);
  n.ask_for(1);
  n.tell("1", "crash");
  CHECK(n.given_up.size() == 1);
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
  CHECK(n.given_up.empty());
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

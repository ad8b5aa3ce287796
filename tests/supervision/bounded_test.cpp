#include "supervision/bounded.hpp"

#include "supervision/crash_error.hpp"
#include "tests/supervision/manual_system.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace pickup::supervision;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

// -- messages

struct order {
  int number;
};
struct place {
  std::uint64_t who;
  int where;
};
struct news {
  int number;
};
struct settled {
  std::uint64_t who;
};
struct vital {
  int number;
};
struct question {
  int number;
};

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(place)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(settled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vital)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(question)

namespace {

using lines = std::vector<std::string>;

std::string line(const std::string& what, auto n) {
  return what + " " + std::to_string(n);
}

mailbox_options small() {
  return {"worker", 3, 2, 10, 250ms};
}

// The bounds of a worker, and what did not get through to one.
struct worker_kind : mailbox_kind {
  explicit worker_kind(const mailbox_options& o = small()) : mailbox_kind(o) {
    control<vital>();
    reject_new<order>([this](const order& m) { lost.push_back(line("order", m.number)); });
    drop_oldest<news>([this](const news& m) { lost.push_back(line("news", m.number)); });
    conflate<place>([](const place& m) { return m.who; },
                    [this](const place& m) { lost.push_back(line("place", m.where)); });
    fence<settled>([](const settled& m) { return m.who; });
  }

  lines lost;
};

class worker : public bounded<caf::event_based_actor> {
public:
  worker(caf::actor_config& cfg, const mailbox_kind& kind, lines& heard)
      : bounded(cfg, kind), heard_(heard) {
    set_default_handler(caf::drop);
    set_exception_handler(
        [](std::exception_ptr&) -> caf::error { return caf::sec::runtime_error; });
    set_exit_handler([this](caf::exit_msg& m) {
      note("exit");
      quit(m.reason);
    });
  }

protected:
  caf::behavior make_behavior() override {
    return {
        [this](const order& m) {
          note(line("order", m.number));
          if (m.number < 0)
            throw std::runtime_error{"a bad order"};
        },
        [this](const place& m) { note(line("place", m.where)); },
        [this](const news& m) { note(line("news", m.number)); },
        [this](const settled& m) { note(line("settled", m.who)); },
        [this](const vital& m) { note(line("vital", m.number)); },
        [this](const question& m) {
          for (int i = 0; i < m.number; ++i)
            send(this, order{i});
          return m.number;
        },
    };
  }

private:
  void note(std::string what) { heard_.push_back(std::move(what)); }

  lines& heard_;
};

// A worker who does nothing until the test lets the system run.
struct workshop {
  manual_system system;
  worker_kind kind;
  lines heard;
  caf::actor at;

  explicit workshop(const mailbox_options& o = small()) : kind(o) {
    at = (*system).spawn<worker>(kind, heard);
    system.run();
  }

  ~workshop() {
    kill(at);
    system.run();
  }

  template <class Message>
  void tell(Message m) {
    caf::anon_send(at, std::move(m));
  }

  lines run() {
    system.run();
    return std::exchange(heard, {});
  }
};

// Asks, and keeps what it is answered.
class asker : public caf::event_based_actor {
public:
  asker(caf::actor_config& cfg, caf::actor whom, int times, std::vector<caf::error>& errors,
        int& answers)
      : caf::event_based_actor(cfg),
        whom_(std::move(whom)),
        times_(times),
        errors_(errors),
        answers_(answers) {}

protected:
  caf::behavior make_behavior() override {
    for (int i = 0; i < times_; ++i)
      request(whom_, 10s, question{0})
          .then([this](int) { ++answers_; },
                [this](const caf::error& e) { errors_.push_back(e); });
    return {};
  }

private:
  caf::actor whom_;
  int times_;
  std::vector<caf::error>& errors_;
  int& answers_;
};

} // namespace

// -- reject_new

TEST_CASE("a full mailbox rejects what is new, tells of it and counts it") {
  workshop w;
  for (int i = 1; i <= 5; ++i)
    w.tell(order{i});
  CHECK(w.kind.figures().depth == 3);
  CHECK(w.kind.lost == lines{"order 4", "order 5"});
  CHECK(w.kind.figures().rejected == 2);
  CHECK(w.run() == lines{"order 1", "order 2", "order 3"});
  CHECK(w.kind.figures().depth == 0);
  CHECK(w.kind.figures().high_water == 3);
}

TEST_CASE("a message of a class that was not named is dropped and counted by a full mailbox") {
  workshop w;
  for (int i = 0; i < 5; ++i)
    w.tell(question{0});
  CHECK(w.kind.figures().rejected == 2);
  CHECK(w.kind.figures().dropped == 2);
}

TEST_CASE("a request that is rejected is answered mailbox_full with a hint when to try again") {
  workshop w;
  std::vector<caf::error> errors;
  int answers = 0;
  (*w.system).spawn<asker>(w.at, 5, errors, answers);
  w.system.run_all_but(w.at);
  REQUIRE(errors.size() == 2);
  CHECK(errors[0] == mailbox_errc::mailbox_full);
  CHECK(retry_after(errors[0]) == 250ms);
  w.run();
  CHECK(answers == 3);
  CHECK(w.kind.figures().dropped == 0);
}

TEST_CASE("a mailbox that was emptied takes messages again") {
  workshop w;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 3; ++i)
      w.tell(order{i});
    CHECK(w.run().size() == 3);
  }
  CHECK(w.kind.lost.empty());
}

// -- control traffic

TEST_CASE("control traffic is never refused, nor what an actor sends itself") {
  workshop w;
  w.tell(question{100});
  w.system.step();
  for (int i = 0; i < 3; ++i)
    w.tell(order{1000});
  for (int i = 0; i < 10; ++i)
    w.tell(vital{i});
  caf::anon_send<caf::message_priority::high>(w.at, order{2000});
  CHECK(w.kind.figures().rejected == 0);
  CHECK(w.run().size() == 100 + 3 + 10 + 1);
}

TEST_CASE("a full mailbox lets an exit through") {
  workshop w;
  for (int i = 0; i < 5; ++i)
    w.tell(order{i});
  caf::anon_send_exit(w.at, caf::exit_reason::user_shutdown);
  CHECK(w.run().back() == "exit");
}

// -- drop_oldest

TEST_CASE("the oldest is dropped for the latest") {
  workshop w;
  for (int i = 1; i <= 5; ++i)
    w.tell(news{i});
  CHECK(w.kind.lost == lines{"news 1", "news 2", "news 3"});
  CHECK(w.kind.figures().dropped == 3);
  CHECK(w.kind.figures().depth == 2);
  CHECK(w.run() == lines{"news 4", "news 5"});
  CHECK(w.kind.figures().depth == 0);
}

// -- conflate

TEST_CASE("of each key the newest is handled, in the place of the oldest") {
  workshop w;
  w.tell(place{1, 10});
  w.tell(place{2, 20});
  w.tell(order{1});
  w.tell(place{1, 11});
  w.tell(place{1, 12});
  CHECK(w.kind.lost == lines{"place 10", "place 11"});
  CHECK(w.kind.figures().conflated == 2);
  CHECK(w.run() == lines{"place 12", "place 20", "order 1"});
}

TEST_CASE("what conflates does not overtake a fence of its key") {
  workshop w;
  w.tell(place{1, 10});
  w.tell(place{2, 20});
  w.tell(settled{1});
  w.tell(place{1, 11});
  w.tell(place{2, 21});
  w.tell(place{1, 12});
  CHECK(w.run() == lines{"place 10", "place 21", "settled 1", "place 12"});
}

TEST_CASE("more keys than the kind allows are rejected") {
  workshop w;
  for (std::uint64_t who = 0; who < 12; ++who)
    w.tell(place{who, 0});
  CHECK(w.kind.figures().rejected == 2);
  CHECK(w.run().size() == 10);
}

TEST_CASE("messages that conflate take no room from those that are rejected") {
  workshop w;
  for (std::uint64_t who = 0; who < 10; ++who)
    w.tell(place{who, 0});
  for (int i = 0; i < 3; ++i)
    w.tell(order{i});
  CHECK(w.kind.figures().rejected == 0);
  CHECK(w.kind.figures().depth == 13);
}

// -- counting

TEST_CASE("what is never refused counts among what waits, but takes no room") {
  workshop w;
  for (int i = 0; i < 5; ++i)
    w.tell(vital{i});
  for (int i = 0; i < 3; ++i)
    w.tell(order{i});
  CHECK(w.kind.figures().depth == 8);
  CHECK(w.kind.figures().high_water == 8);
  CHECK(w.kind.figures().rejected == 0);
  CHECK(w.run().size() == 8);
  CHECK(w.kind.figures().depth == 0);
  kill(w.at);
  w.tell(vital{1});
  CHECK(w.kind.figures().depth == 1); // not dead yet
  w.run();
  CHECK(w.kind.figures().depth == 0);
  w.tell(vital{1});
  CHECK(w.kind.figures().depth == 0);
  CHECK(w.kind.figures().late == 1);
}

TEST_CASE("the depth is right after a handler that throws, and after the actor's end") {
  workshop w;
  w.tell(order{1});
  w.tell(order{-1});
  w.tell(order{2});
  w.tell(place{1, 1});
  w.tell(news{1});
  CHECK(w.run() == lines{"order 1", "order -1"});
  CHECK(w.kind.figures().depth == 0);
  for (int i = 0; i < 10; ++i) {
    w.tell(order{i});
    w.tell(place{1, 1});
    w.tell(news{1});
  }
  CHECK(w.kind.figures().depth == 0);
  CHECK(w.kind.figures().rejected == 0);
}

TEST_CASE("requests that wait when an actor ends are answered, in lanes too") {
  manual_system system;
  mailbox_kind kind{small()};
  kind.conflate<question>([](const question&) { return 0; });
  lines heard;
  const auto at = (*system).spawn<worker>(kind, heard);
  system.run();
  std::vector<caf::error> errors;
  int answers = 0;
  (*system).spawn<asker>(at, 2, errors, answers);
  system.run_all_but(at);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0] == mailbox_errc::superseded);
  kill(at);
  system.run();
  CHECK(errors.size() == 2);
  CHECK(answers == 0);
}

TEST_CASE("the time that messages wait is measured by the actors' clock") {
  workshop w{{"worker", 100, 1, 1, 1s}};
  for (int i = 0; i < 64; ++i) {
    w.tell(order{i});
    w.system.tick(5ms);
    w.run();
  }
  const auto seen = w.kind.figures();
  CHECK(seen.waits.count() == 4); // one in sixteen
  CHECK(seen.waits.total == 20ms);
  CHECK(seen.longest_wait == 5ms);
}

TEST_CASE("the time that messages wait in a lane is measured too") {
  workshop w{{"worker", 1, 100, 100, 1s}};
  SECTION("where the oldest is dropped") {
    for (int i = 0; i < 64; ++i)
      w.tell(news{i});
  }
  SECTION("where the newest of each key is kept") {
    for (std::uint64_t who = 0; who < 64; ++who)
      w.tell(place{who, 0});
  }
  w.system.tick(5ms);
  w.run();
  const auto seen = w.kind.figures();
  CHECK(seen.waits.count() == 4); // one in sixteen
  CHECK(seen.waits.total == 20ms);
}

TEST_CASE("what is skipped still waits, and is handled later") {
  class late : public bounded<caf::event_based_actor> {
  public:
    late(caf::actor_config& cfg, const mailbox_kind& kind, lines& heard)
        : bounded(cfg, kind), heard_(heard) {
      set_default_handler(caf::skip);
    }

    caf::behavior make_behavior() override {
      return {[this](const vital&) {
        become(caf::behavior{
            [this](const order& m) { heard_.push_back(line("order", m.number)); },
            [this](const place& m) { heard_.push_back(line("place", m.where)); }});
      }};
    }

  private:
    lines& heard_;
  };
  manual_system system;
  worker_kind kind;
  lines heard;
  const auto at = (*system).spawn<late>(kind, heard);
  for (int i = 1; i <= 4; ++i)
    caf::anon_send(at, order{i});
  caf::anon_send(at, place{1, 1});
  system.run();
  CHECK(heard.empty());
  caf::anon_send(at, order{5});
  CHECK(kind.lost == lines{"order 4", "order 5"});
  caf::anon_send(at, vital{});
  system.run();
  CHECK(heard == lines{"order 1", "order 2", "order 3", "place 1"});
  CHECK(kind.figures().depth == 0);
  kill(at);
  system.run();
}

TEST_CASE("kinds without a capacity are refused, by name") {
  CHECK_THROWS_WITH(mailbox_kind({"worker", 0}),
                    "mailbox \"worker\": capacity: must be at least 1, got 0");
}

// -- planned faults

TEST_CASE("a full mailbox takes a planned fault; it comes with the next message, once") {
  workshop w;
  for (int i = 1; i <= 3; ++i)
    w.tell(order{i});
  arm(w.at, {[&] { w.heard.push_back("fault"); }});
  CHECK(w.kind.figures().rejected == 0);
  CHECK(w.run() == lines{"fault", "order 1", "order 2", "order 3"});
}

TEST_CASE("a planned fault leaves idle actors and what CAF itself sends alone") {
  workshop w;
  arm(w.at, {[&] { w.heard.push_back("fault"); }});
  CHECK(w.run().empty());
  caf::anon_send_exit(w.at, caf::exit_reason::user_shutdown);
  CHECK(w.run() == lines{"exit"});
}

namespace {

// Ends with the message in whose place a planned fault threw.
class fragile : public bounded<caf::event_based_actor> {
public:
  fragile(caf::actor_config& cfg, const mailbox_kind& kind) : bounded(cfg, kind) {
    set_exception_handler([this](std::exception_ptr&) { return crash_error(*this, "broken"); });
  }

  caf::behavior make_behavior() override {
    return {[](const order&) {}, [](const place&) {}, [](const news&) {},
            [](const question& m) { return m.number; }};
  }
};

} // namespace

TEST_CASE("a planned crash names the message in whose place it came, from a lane as well") {
  manual_system system;
  worker_kind kind;
  std::string handled;
  const auto at = (*system).spawn<fragile>(kind);
  at->attach_functor([&](const caf::error& reason) { handled = message_type_of(reason); });
  arm(at, {[] { throw std::runtime_error{"planned"}; }});
  const auto [message, type] =
      GENERATE(table<caf::message, std::string>({{caf::make_message(order{1}), "order"},
                                                 {caf::make_message(place{1, 1}), "place"},
                                                 {caf::make_message(news{1}), "news"}}));
  caf::anon_send(at, message);
  system.run();
  CHECK(handled.substr(handled.rfind('.') + 1) == type);
  CHECK(kind.figures().depth == 0);
}

TEST_CASE("who asked for what crashed is answered, from a lane as well") {
  manual_system system;
  mailbox_kind kind{small()};
  if (GENERATE(false, true))
    kind.conflate<question>([](const question&) { return 0; });
  const auto at = (*system).spawn<fragile>(kind);
  arm(at, {[] { throw std::runtime_error{"planned"}; }});
  std::vector<caf::error> errors;
  int answers = 0;
  (*system).spawn<asker>(at, 1, errors, answers);
  system.run();
  REQUIRE(errors.size() == 1);
  CHECK(errors[0] == caf::sec::runtime_error);
}

// -- other bases

TEST_CASE("stateful and typed actors are bounded the same way") {
  struct state {
    int orders = 0;
  };
  class clerk : public bounded<caf::stateful_actor<state>> {
  public:
    clerk(caf::actor_config& cfg, const mailbox_kind& kind, int& seen)
        : bounded(cfg, kind), seen_(seen) {}
    caf::behavior make_behavior() override {
      return {[this](const order&) { seen_ = ++this->state.orders; }};
    }

  private:
    int& seen_;
  };
  using taker = caf::typed_actor<caf::reacts_to<order>>;
  class typed_clerk : public bounded<taker::base> {
  public:
    typed_clerk(caf::actor_config& cfg, const mailbox_kind& kind, int& seen)
        : bounded(cfg, kind), seen_(seen) {}
    behavior_type make_behavior() override {
      return {[this](const order&) { ++seen_; }};
    }

  private:
    int& seen_;
  };
  manual_system system;
  worker_kind kind;
  int seen = 0, seen_by_typed = 0;
  const auto a = (*system).spawn<clerk>(kind, seen);
  const auto b = (*system).spawn<typed_clerk>(kind, seen_by_typed);
  for (int i = 0; i < 5; ++i) {
    caf::anon_send(a, order{i});
    caf::anon_send(b, order{i});
  }
  CHECK(kind.figures().depth == 6);
  system.run();
  CHECK(seen == 3);
  CHECK(seen_by_typed == 3);
  kill(a);
  kill(b);
  system.run();
}

// -- real threads

TEST_CASE("a flood by many threads leaves the depth within the bounds, and loses no count") {
  constexpr int producers = 8;
  constexpr int messages = 5'000;
  mailbox_options o{"worker", 50, 20, 10, 1s};
  mailbox_kind kind{o};
  std::atomic<int> refused = 0, superseded = 0, handled = 0;
  kind.reject_new<order>([&](const order&) { ++refused; });
  kind.drop_oldest<news>([&](const news&) { ++superseded; });
  kind.conflate<place>([](const place& m) { return m.who; },
                       [&](const place&) { ++superseded; });
  class counting : public bounded<caf::event_based_actor> {
  public:
    counting(caf::actor_config& cfg, const mailbox_kind& k, std::atomic<int>& handled)
        : bounded(cfg, k), handled_(handled) {}
    caf::behavior make_behavior() override {
      return {[this](const order&) { ++handled_; }, [this](const news&) { ++handled_; },
              [this](const place&) { ++handled_; }, [this](const vital&) { quit(); }};
    }

  private:
    std::atomic<int>& handled_;
  };
  kind.control<vital>();
  {
    caf::actor_system_config cfg;
    caf::actor_system system{cfg};
    const auto at = system.spawn<counting>(kind, std::ref(handled));
    std::vector<std::thread> threads;
    for (int p = 0; p < producers; ++p)
      threads.emplace_back([&] {
        for (int i = 0; i < messages; ++i) {
          caf::anon_send(at, order{i});
          caf::anon_send(at, news{i});
          caf::anon_send(at, place{static_cast<std::uint64_t>(i % 10), i});
        }
      });
    for (auto& t : threads)
      t.join();
    caf::anon_send(at, vital{});
  }
  const auto seen = kind.figures();
  CHECK(seen.high_water <= o.capacity + o.latest + o.keys + producers + 1); // one is vital
  CHECK(seen.depth == 0);
  CHECK(handled + refused + superseded == 3 * producers * messages);
  CHECK(seen.rejected == static_cast<std::uint64_t>(refused));
  CHECK(seen.dropped + seen.conflated == static_cast<std::uint64_t>(superseded));
}

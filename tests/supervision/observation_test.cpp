#include "supervision/observation.hpp"

#include "supervision/bounded.hpp"
#include "tests/supervision/manual_system.hpp"

#include <caf/event_based_actor.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace pickup::supervision;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

struct errand {
  int number;
};

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(errand)

namespace {

class runner : public bounded<caf::event_based_actor> {
public:
  runner(caf::actor_config& cfg, const mailbox_kind& kind, std::vector<std::string>& seen)
      : bounded(cfg, kind), seen_(seen) {
    set_exception_handler([](std::exception_ptr&) -> caf::error {
      return caf::exit_reason::unhandled_exception;
    });
  }

  std::string instance() const override { return "7"; }

protected:
  caf::behavior make_behavior() override {
    return {[this](const errand& m) {
      for (const auto& r : running_messages())
        seen_.push_back((r.actor == id() ? "own " : "other ") + r.message);
      if (m.number < 0)
        throw std::runtime_error{"lost the way"};
    }};
  }

private:
  std::vector<std::string>& seen_;
};

struct diary_of_traces final : message_tracer {
  std::uint64_t begins(const observed& at, const caf::mailbox_element& x,
                       std::optional<std::chrono::nanoseconds>) override {
    lines.push_back(at.instance() + " " + short_type_name(x));
    return lines.size();
  }
  void ended(std::uint64_t token, std::chrono::nanoseconds, bool failed) override {
    lines[token - 1] += failed ? " failed" : " done";
  }

  std::vector<std::string> lines;
};

struct track {
  const observed& of(const caf::actor& actor) {
    return dynamic_cast<const observed&>(*caf::actor_cast<caf::abstract_actor*>(actor));
  }

  manual_system system;
  observation observer;
  mailbox_kind kind{{"runner", 2, 2, 2, 1s, &observer}};
  std::vector<std::string> seen;
  caf::actor who = (*system).spawn<runner>(std::cref(kind), std::ref(seen));
};

} // namespace

TEST_CASE("what an actor handles can be seen while it does, and not afterwards") {
  track t;
  caf::anon_send(t.who, errand{1});
  t.system.run();
  CHECK(t.seen == std::vector<std::string>{"own errand"});
  CHECK(running_messages().empty());
  end(t.who);
}

TEST_CASE("an actor is measured from when it is watched") {
  track t;
  caf::anon_send(t.who, errand{1});
  t.system.run();
  CHECK(t.of(t.who).probe() == nullptr);
  t.observer.watch_for(1h);
  for (int i = 0; i < 2; ++i)
    caf::anon_send(t.who, errand{i});
  t.system.run();
  const auto* probe = t.of(t.who).probe();
  REQUIRE(probe != nullptr);
  CHECK(probe->messages == 2);
  CHECK(probe->handling.read().count() == 2);
  CHECK(probe->waits.read().count() < 3); // what came before the first was handled is not
  for (int i = 0; i < 3; ++i)
    caf::anon_send(t.who, errand{i});
  CHECK(probe->high_water == 2);
  CHECK(probe->rejected == 1);
  CHECK(t.kind.losses() == std::map<std::string, std::uint64_t>{{"other", 1}});
  CHECK(t.kind.figures().handled == 3);
  t.system.run();
  end(t.who);
}

TEST_CASE("messages to an actor that was watched once are counted on, its times by sample") {
  track t;
  const auto handle_one = [&t] {
    caf::anon_send(t.who, errand{1});
    t.system.run();
  };
  while (t.of(t.who).probe() == nullptr) {
    t.observer.watch_for(10ms);
    handle_one();
  }
  while (t.observer.is_watched()) {
  }
  for (int i = 0; i < 100; ++i)
    handle_one();
  const auto* probe = t.of(t.who).probe();
  CHECK(probe->messages == 101);
  CHECK(probe->handling.read().count() > 1);
  CHECK(probe->handling.read().count() < 20);
  end(t.who);
}

TEST_CASE("a tracer is told of each message and how it ended") {
  track t;
  diary_of_traces diary;
  t.observer.tracer = &diary;
  caf::anon_send(t.who, errand{1});
  caf::anon_send(t.who, errand{-1});
  t.system.run();
  CHECK(diary.lines == std::vector<std::string>{"7 errand done", "7 errand failed"});
  CHECK(running_messages().empty());
}

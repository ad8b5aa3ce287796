// The gateway over real threads: blocking calls become messages and come back.
#include "actors/local_gateway.hpp"
#include "storage/memory_journal.hpp"
#include "storage/verify.hpp"
#include "tests/actors/test_node.hpp"

#include <spdlog/spdlog.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

using namespace pickup;
using namespace pickup::testing;
using domain::errc;
using domain::phase;

namespace {

// A gateway that is ready.
class running_gateway {
public:
  explicit running_gateway(const actors::options& o = {},
                           const actors::standing_orders& orders = {})
      : gateway_{
          o,
          journal,
          directory_.path() / "messages.log",
          {},
          [] { return std::chrono::floor<domain::duration>(std::chrono::system_clock::now()); },
          [](const std::string&) {},
          orders} {
    spdlog::set_level(spdlog::level::off);
    const auto patience = std::chrono::steady_clock::now() + 10s;
    while (!gateway_.not_ready().empty() && std::chrono::steady_clock::now() < patience)
      std::this_thread::yield();
    REQUIRE(gateway_.not_ready().empty());
  }

  actors::local_gateway* operator->() { return &gateway_; }

  const std::shared_ptr<storage::memory_rows> rows = std::make_shared<storage::memory_rows>();
  storage::memory_journal journal{rows};

private:
  test_directory directory_;
  actors::local_gateway gateway_;
};

actors::create_call a_call(std::optional<std::string> key = {}) {
  actors::create_call what;
  what.request.wanted = domain::service_class::standard;
  what.request.tel = "01012345678";
  what.request.where = here();
  what.idempotency_key = std::move(key);
  return what;
}

domain::courier_view enlist(running_gateway& gateway, std::uint32_t capacity) {
  auto made = gateway->create(actors::create_courier{taxi_driver(capacity), here(), "test"});
  REQUIRE(made);
  return *made;
}

} // namespace

TEST_CASE("a gateway answers a call with its courier, and later what became of it") {
  running_gateway gateway;
  CHECK(gateway->alive(5s));
  const auto courier = enlist(gateway, 1);
  const auto made = gateway->create(a_call());
  REQUIRE(made);
  const auto& call = made->view.call;
  CHECK(call.phase == phase::confirmed);
  CHECK(made->view.courier->id == courier.courier.id);
  CHECK((*gateway->find(courier.courier.id))->load == 1);
  const auto canceled = gateway->cancel(call.id, "", "test");
  REQUIRE(canceled);
  CHECK(canceled->call.phase == phase::canceled);
  CHECK((*gateway->find(call.id))->call.phase == phase::canceled);
  CHECK(gateway->history(call.id)->size() == 5);
  CHECK((*gateway->find(courier.courier.id))->load == 0);
}

TEST_CASE("a gateway ends although the threads that asked for its pulse go on") {
  auto gateway = std::make_unique<running_gateway>();
  std::promise<void> asked;
  std::promise<void> over;
  std::thread asking{[&] {
    gateway->operator->()->alive(5s);
    asked.set_value();
    over.get_future().wait();
  }};
  asked.get_future().wait();
  auto ended = std::async(std::launch::async, [&] { gateway.reset(); });
  CHECK(ended.wait_for(10s) == std::future_status::ready);
  over.set_value();
  asking.join();
}

TEST_CASE("an operator hears why a courier was chosen, and may take the call from them") {
  running_gateway gateway;
  const auto first = enlist(gateway, 1);
  const auto second = enlist(gateway, 1);
  const auto made = gateway->create(a_call());
  REQUIRE(made);
  const auto id = made->view.call.id;
  const auto told = gateway->explain(id);
  REQUIRE((told && told->size() == 1));
  CHECK(told->front().courier == first.courier.id);
  CHECK(told->front().assignment == made->view.call.assigned->id);
  REQUIRE(told->front().why.couriers.size() == 2);
  CHECK(told->front().why.couriers[1].courier == second.courier.id);
  const auto taken = gateway->reassign(id, "breakdown", "test");
  REQUIRE(taken);
  CHECK(taken->call.excluded == std::vector{first.courier.id});
  const auto canceled = gateway->cancel_as_operator(id, "closed", "test");
  REQUIRE(canceled);
  const auto history = *gateway->history(id);
  const auto ended = std::ranges::find(history, domain::event::call_canceled,
                                       [](const auto& item) { return item.step.event; });
  REQUIRE(ended != history.end());
  CHECK(ended->step.cause == domain::cause::by_operator);
  CHECK(ended->step.reason == "closed");
  CHECK(gateway->reassign(id, "", "test").error().code == errc::conflict);
}

TEST_CASE("what an operator does is written down and listed, the newest first") {
  running_gateway gateway;
  CHECK(gateway->list_audit(10, {})->empty());
  CHECK(*gateway->audit({"kim", "kill", "dispatcher pickup", "drill", "a"}) == "pickup/0:1");
  CHECK(*gateway->audit({"lee", "cancel", "call 1", "", "b", domain::service::taxi})
        == "taxi/0:1");
  const auto second = *gateway->audit({"kim", "drain", "node", "", "c"});
  const auto newest = *gateway->list_audit(10, {});
  REQUIRE(newest.size() == 3);
  const auto drained = std::ranges::find(newest, second, &actors::audit_view::id);
  REQUIRE(drained != newest.end());
  CHECK(drained->operator_name == "kim");
  CHECK(drained->action == "drain");
  CHECK(drained->object == "node");
  CHECK(drained->correlation_id == "c");
  CHECK(gateway->list_audit(1, {})->size() == 1);
  const auto older = *gateway->list_audit(10, second);
  CHECK(std::ranges::count(older, std::string{"pickup/0:1"}, &actors::audit_view::id) == 1);
  CHECK(std::ranges::count(older, second, &actors::audit_view::id) == 0);
  for (const auto* wrong : {"", "pickup/0:", "pickup/0:9", "pickup/0:02", "pickup/0:0",
                            "pickup/0:-1", "bus/0:1", "pickup/0", "2"})
    CHECK(gateway->list_audit(1, wrong).error().code == errc::invalid_argument);
  const auto refused = gateway->audit({"kim", "kill", std::string(257, 'x'), "", ""});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::invalid_argument);
}

TEST_CASE("a gateway refuses what does not exist") {
  running_gateway gateway;
  const domain::call_id no_call{{domain::service::taxi, {}}, 7};
  const domain::courier_id nobody{7};
  CHECK(gateway->cancel(no_call, "", "").error().code == errc::not_found);
  CHECK(gateway->reassign(no_call, "", "").error().code == errc::not_found);
  CHECK(gateway->explain(no_call).error().code == errc::not_found);
  const actors::located lost{nobody, here()};
  CHECK(gateway->locate({&lost, 1}).front().why.code == errc::not_found);
  CHECK(gateway->change(nobody, {}, "").error().code == errc::not_found);
  CHECK_FALSE(*gateway->find(no_call));
}

TEST_CASE("a key makes one call, however many ask at once") {
  running_gateway gateway;
  enlist(gateway, 100);
  std::vector<std::uint64_t> numbers(4);
  std::vector<std::thread> threads;
  for (auto& number : numbers)
    threads.emplace_back([&] {
      if (const auto made = gateway->create(a_call("once")))
        number = made->view.call.id.number();
    });
  for (auto& t : threads)
    t.join();
  CHECK(numbers == std::vector<std::uint64_t>(4, 1));
  auto other = a_call("once");
  other.request.tel = "01000000000";
  CHECK(gateway->create(other).error().code == errc::key_reused);
}

TEST_CASE(
    "a key whose first request has no answer yet is refused, and free once it is stored") {
  actors::options o;
  o.dispatch.manage_timeout = 20ms;
  o.limits.request_timeout = 60ms;
  running_gateway gateway{o};
  gateway.journal.hold();
  CHECK(gateway->create(a_call("once")).error().code == errc::timeout);
  CHECK(gateway->create(a_call("once")).error().code == errc::overloaded);
  gateway.journal.release();
  const auto again = gateway->create(a_call("once"));
  REQUIRE(again);
  CHECK(again->replayed);
  CHECK(again->view.call.id.number() == 1);
}

TEST_CASE("calls that keep failing open the breaker, which refuses at once until it is reset") {
  actors::options o;
  o.dispatch.manage_timeout = 5ms;
  o.limits.request_timeout = 10ms;
  o.breaker.minimum_calls = 5;
  o.breaker.wait = 1h;
  o.breaker.max_wait = 1h;
  running_gateway gateway{o};
  gateway.journal.hold();
  for (int i = 0; i < 5; ++i)
    CHECK(gateway->create(a_call()).error().code == errc::timeout);
  const auto refused = gateway->create(a_call());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::overloaded);
  CHECK(refused.error().facts == std::vector<domain::fact>{{"retryAfter", "3600"}});
  gateway.journal.release();
  CHECK(gateway->list_breakers().at(1).state == "open");
  REQUIRE(gateway->command("admission:taxi", actors::breaker_command::reset, {}));
  CHECK(gateway->list_breakers().at(1).state == "closed");
  CHECK_FALSE(gateway->command("nothing", actors::breaker_command::reset, {}));
}

TEST_CASE(
    "what operators ordered for good holds in the next life, before anything is decided") {
  running_gateway first;
  REQUIRE(first->command("admission:pickup", actors::breaker_command::trip, {}));
  REQUIRE(first->command("channel:log", actors::breaker_command::disable, {}));
  first->pause(actors::stage::assign, true, {});
  const auto orders = first->orders();
  CHECK(orders.assign_paused);
  CHECK_FALSE(orders.manage_paused);
  first->stop();

  running_gateway next{{}, orders};
  const auto breakers = next->list_breakers();
  CHECK(breakers.at(0).state == "forced_open");
  CHECK_FALSE(breakers.at(0).retry_after);
  CHECK(breakers.at(1).state == "closed");
  CHECK(breakers.at(2).state == "disabled");
  enlist(next, 1);
  const auto waits = next->create(a_call());
  REQUIRE(waits);
  CHECK(waits->view.call.phase == domain::phase::dispatching);
}

TEST_CASE("a gateway schedules a call for later, replays it, and cancels it") {
  running_gateway gateway;
  auto later = a_call("later");
  later.request.pickup_at =
      std::chrono::floor<domain::duration>(std::chrono::system_clock::now()) + 2h;
  later.wait = 30s; // nobody is to be waited for
  const auto made = gateway->create(later);
  REQUIRE(made);
  const auto id = made->view.call.id;
  CHECK(made->view.call.phase == phase::scheduled);
  const auto again = gateway->create(later);
  REQUIRE(again);
  CHECK(again->replayed);
  CHECK(again->view.call.id == id);
  CHECK(gateway->report(id, {domain::courier_id{1}, domain::job_step::arrived}, "").error().code
        == errc::not_found);
  const auto canceled = gateway->cancel(id, "", "test");
  REQUIRE(canceled);
  CHECK(canceled->call.phase == phase::canceled);
  CHECK(gateway->cancel(id, "", "test"));
}

TEST_CASE("a time of pickup that is past or too far is refused, a known key is not") {
  running_gateway gateway;
  const auto now = std::chrono::floor<domain::duration>(std::chrono::system_clock::now());
  auto what = a_call();
  for (const auto at : {now - 1h, now + 24h * 31}) {
    what.request.pickup_at = at;
    const auto refused = gateway->create(what);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::out_of_range);
    CHECK(refused.error().facts == std::vector<domain::fact>{{"field", "pickupAt"}});
  }
  gateway->pause(actors::stage::manage, true, {});
  what.request.pickup_at = now + 2h;
  CHECK(gateway->create(what).error().code == errc::unavailable);
  CHECK_FALSE(*gateway->find(domain::call_id{{domain::service::taxi, {}}, 1}));
}

TEST_CASE("scheduled calls can be canceled the moment they are answered, by many threads") {
  running_gateway gateway;
  const auto at = std::chrono::floor<domain::duration>(std::chrono::system_clock::now()) + 2h;
  std::atomic<int> canceled = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        auto what = a_call();
        what.request.pickup_at = at;
        const auto made = gateway->create(what);
        if (made && gateway->cancel(made->view.call.id, "", ""))
          ++canceled;
      }
    });
  for (auto& t : threads)
    t.join();
  CHECK(canceled == 200);
  gateway->stop();
  CHECK(storage::verify(*gateway.rows)->violations.empty());
}

TEST_CASE("many threads create and cancel at once, and every promise holds") {
  running_gateway gateway;
  const auto courier = enlist(gateway, 1000).courier.id;
  std::atomic<int> confirmed = 0;
  std::atomic<int> canceled = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const auto made = gateway->create(a_call());
        if (!made || made->view.call.phase != phase::confirmed)
          continue;
        ++confirmed;
        if (i % 2 == 0 && gateway->cancel(made->view.call.id, "", ""))
          ++canceled;
      }
    });
  for (auto& t : threads)
    t.join();
  CHECK(confirmed == 200);
  CHECK(canceled == 100);
  CHECK((*gateway->find(courier))->load == 100);
  gateway->stop();
  CHECK(storage::verify(*gateway.rows)->violations.empty());
  CHECK_FALSE(gateway->create(a_call()));
}

TEST_CASE("the metrics tell of the mailboxes of every kind of actor") {
  running_gateway gateway;
  enlist(gateway, 1);
  REQUIRE(gateway->create(a_call()));
  const auto all = gateway->metrics();
  for (const auto* name :
       {"depth", "high_water", "rejected_total", "dropped_total", "conflated_total"})
    for (const auto* actor : {"call", "dispatcher", "courier", "ledger", "notifier"}) {
      CAPTURE(name, actor);
      CHECK(std::ranges::count_if(all,
                                  [&](const auto& m) {
                                    return m.name == std::string{"pickupd_mailbox_"} + name
                                           && m.labels
                                                  == "actor=\"" + std::string{actor} + "\"";
                                  })
            == 1);
    }
}

TEST_CASE("a gateway on a failed journal refuses at once and still tells what is true") {
  running_gateway gateway;
  const auto courier = enlist(gateway, 9).courier.id;
  const auto made = gateway->create(a_call("kept"));
  REQUIRE(made);
  const auto id = made->view.call.id;
  gateway.rows->fail_writes(true);
  CHECK(gateway->create(a_call()).error().code == errc::unknown_outcome);
  gateway.rows->fail_writes(false);
  const auto refused = gateway->create(a_call());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unavailable);
  CHECK(refused.error().text == "commit: write: memory: told to fail");
  CHECK(gateway->cancel(id, "", "").error().code == errc::unavailable);
  const actors::located place{courier, here()};
  CHECK(gateway->locate({&place, 1}).front().why.code == errc::unavailable);
  CHECK(gateway->change(courier, {}, "").error().code == errc::unavailable);
  CHECK(gateway->create(actors::create_courier{taxi_driver(1), here(), ""}).error().code
        == errc::unavailable);
  CHECK((*gateway->find(id))->call.phase == phase::confirmed);
  CHECK(gateway->create(a_call("kept"))->replayed);
  CHECK(gateway->alive(5s));
  CHECK(gateway->not_ready()
        == std::vector<std::string>{"journal: commit: write: memory: told to fail"});
}

TEST_CASE("a gateway at whose door there is no room refuses as overload") {
  actors::options o;
  o.mailboxes.new_calls = 1;
  running_gateway gateway{o};
  enlist(gateway, 9);
  gateway.journal.hold();
  std::thread first{[&] { CHECK(gateway->create(a_call())); }};
  const auto inside = [&] {
    const auto all = gateway->metrics();
    return std::ranges::find(all, "pickupd_calls_beginning", &actors::metric::name)->value;
  };
  while (inside() < 1)
    std::this_thread::yield();
  const auto second = gateway->create(a_call());
  CHECK((!second && second.error().code == errc::overloaded));
  gateway.journal.release();
  first.join();
  while (inside() > 0) // the call's actor leaves a little after its customer was answered
    std::this_thread::yield();
  CHECK(gateway->create(a_call()));
}

TEST_CASE("an actor tells of itself what only it knows") {
  running_gateway gateway;
  const auto shown = gateway->inspect()->find({"dispatcher", "pickup"});
  REQUIRE(shown);
  REQUIRE(shown->snapshot);
  CHECK(
      std::ranges::count(*shown->snapshot, std::pair<std::string, std::string>{"ready", "yes"})
      == 1);
  CHECK(shown->supervisor == "root");
  CHECK_FALSE(gateway->inspect()->find({"call", "pickup:4711"}));
}

TEST_CASE("an actor that hangs is shown with what it hangs in, and without its own words") {
  running_gateway gateway;
  REQUIRE(gateway->disturb({"ledger", "node"}, actors::fault::hang, 1500ms, {}));
  const auto shown = gateway->inspect()->find({"ledger", "node"});
  REQUIRE(shown);
  CHECK_FALSE(shown->snapshot);
  actors::actor_query stuck{"ledger", actors::actor_order::running, 1, 0ms};
  const auto listed = gateway->inspect()->list(stuck);
  REQUIRE(listed.actors.size() == 1);
  REQUIRE(listed.actors[0].running);
  CHECK(listed.actors[0].running->since > 100ms);
}

namespace {

/// Kills an actor until it is not started again. While it is started again it is nowhere.
void quarantine(running_gateway& gateway, const actors::actor_view& who) {
  const auto look = gateway->inspect();
  for (auto fate = look->foresee(who); !fate || !fate->quarantined; fate = look->foresee(who)) {
    [[maybe_unused]] const auto killed = gateway->disturb(who, actors::fault::kill, 0ms, {});
    std::this_thread::sleep_for(1ms);
  }
}

void until_it_runs(running_gateway& gateway, const actors::actor_view& who) {
  for (auto shown = gateway->inspect()->find(who); !shown || !shown->snapshot;
       shown = gateway->inspect()->find(who))
    std::this_thread::yield();
}

} // namespace

TEST_CASE(
    "it is known beforehand that a kill puts an actor in quarantine, and it is shown there") {
  actors::options o;
  o.supervision.child_intensity = 1;
  running_gateway gateway{o};
  const auto made = gateway->create(a_call());
  REQUIRE(made);
  const actors::actor_view who{"call", "taxi:1"};
  const auto look = gateway->inspect();
  CHECK(look->foresee(who)->then == actors::aftermath::restarted);
  REQUIRE(gateway->disturb(who, actors::fault::kill, 0ms, {}));
  while (look->restarts(0, 10).empty())
    std::this_thread::yield();
  until_it_runs(gateway, who);
  CHECK(look->foresee(who)->then == actors::aftermath::quarantined);
  quarantine(gateway, who);
  const auto shown = look->find(who);
  REQUIRE(shown);
  CHECK(shown->figures.state == "quarantined");
  CHECK(shown->stories.size() == 2);
  CHECK(shown->snapshot.error().code == errc::conflict);
  CHECK_FALSE(look->foresee({"call", "taxi:2"}));
  CHECK_FALSE(look->foresee({"courier", "17"}));
}

TEST_CASE("an operator gives a call in quarantine another chance, a customer does not") {
  running_gateway gateway;
  const auto made = gateway->create(a_call());
  REQUIRE(made);
  const auto call = made->view.call.id;
  const actors::actor_view who{"call", "taxi:1"};
  quarantine(gateway, who);
  const auto refused = gateway->cancel(call, "", "test");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text
        == "command call 1: its actor crashed too often, and waits for an operator");
  SECTION("by restarting its actor: then it is given to whoever is free") {
    REQUIRE(gateway->disturb(who, actors::fault::restart, 0ms, {}));
    until_it_runs(gateway, who);
    const auto courier = enlist(gateway, 1);
    while ((*gateway->find(courier.courier.id))->load == 0)
      std::this_thread::yield();
    CHECK(gateway->cancel(call, "", "test"));
  }
  SECTION("by canceling it") {
    const auto canceled = gateway->cancel_as_operator(call, "", "test");
    REQUIRE(canceled);
    CHECK(canceled->call.phase == phase::canceled);
  }
}

TEST_CASE("a courier in quarantine gets calls again once an operator has restarted the actor") {
  running_gateway gateway;
  const auto courier = enlist(gateway, 1);
  const actors::actor_view who{"courier", std::to_string(courier.courier.id.value())};
  quarantine(gateway, who);
  CHECK(gateway->inspect()->find(who)->figures.state == "quarantined");
  REQUIRE(gateway->disturb(who, actors::fault::restart, 0ms, {}));
  until_it_runs(gateway, who);
  const auto made = gateway->create(a_call());
  REQUIRE(made);
  while ((*gateway->find(made->view.call.id))->call.phase != phase::confirmed)
    std::this_thread::yield();
}

TEST_CASE("it is known beforehand when a hang would take the last thread of the actors") {
  actors::options o;
  o.limits.scheduler_threads = 2;
  running_gateway gateway{o};
  const auto name = [](const domain::courier_view& c) {
    return actors::actor_view{"courier", std::to_string(c.courier.id.value())};
  };
  const auto first = enlist(gateway, 1);
  const auto second = name(enlist(gateway, 1));
  const auto look = gateway->inspect();
  CHECK_FALSE(look->foresee(second)->on_last_thread);
  REQUIRE(gateway->disturb(name(first), actors::fault::hang, 3s, {}));
  CHECK_FALSE(look->find(name(first))->snapshot); // by this message it begins
  while (!look->foresee(second)->on_last_thread)
    std::this_thread::yield();
  // Who hangs already takes no other thread.
  CHECK_FALSE(look->foresee(name(first))->on_last_thread);
  CHECK_FALSE(look->foresee({"notifier", "log"})->on_last_thread);
}

TEST_CASE("it is known beforehand how many calls a courier's quarantine dispatches anew") {
  actors::options o;
  o.supervision.child_intensity = 1;
  running_gateway gateway{o};
  const auto courier = enlist(gateway, 3).courier.id;
  const actors::actor_view who{"courier", std::to_string(courier.value())};
  for (int i = 0; i < 3; ++i)
    REQUIRE(gateway->create(a_call()));
  const domain::call_id first{{domain::service::taxi, {}}, 1};
  REQUIRE(gateway->report(first, {courier, domain::job_step::arrived}, "test"));
  const auto look = gateway->inspect();
  REQUIRE(gateway->disturb(who, actors::fault::kill, 0ms, {}));
  while (look->restarts(0, 10).empty())
    std::this_thread::yield();
  until_it_runs(gateway, who);
  const auto fate = look->foresee(who);
  REQUIRE(fate);
  CHECK(fate->then == actors::aftermath::quarantined);
  CHECK(fate->calls_redispatched == 2);
  quarantine(gateway, who);
  const auto moved = [&](std::uint64_t n) {
    const auto call = gateway->find(domain::call_id{{domain::service::taxi, {}}, n});
    return (*call)->call.phase == phase::dispatching;
  };
  while (!moved(2) || !moved(3))
    std::this_thread::yield();
  CHECK_FALSE(moved(1));
}

TEST_CASE("it is known beforehand that a kill makes a supervisor, or the process, give up") {
  actors::options o;
  o.supervision.call_intensity = 1;
  o.supervision.child_intensity = 1;
  o.supervision.intensity = 1;
  running_gateway gateway{o};
  const auto look = gateway->inspect();
  for (int i = 0; i < 3; ++i)
    REQUIRE(gateway->create(a_call()));
  CHECK(look->foresee({"ledger", "node"})->then == actors::aftermath::restarted);
  REQUIRE(gateway->disturb({"call", "taxi:1"}, actors::fault::kill, 0ms, {}));
  while (look->restarts(0, 10).empty())
    std::this_thread::yield();
  const auto next = look->foresee({"call", "taxi:2"});
  CHECK(next->supervisor == "calls taxi/0");
  CHECK(next->then == actors::aftermath::supervisor_restarted);
  CHECK(next->actors >= 2);
  REQUIRE(gateway->disturb({"ledger", "node"}, actors::fault::kill, 0ms, {}));
  while (look->restarts(0, 10).size() < 2)
    std::this_thread::yield();
  until_it_runs(gateway, {"ledger", "node"});
  CHECK(look->foresee({"ledger", "node"})->then == actors::aftermath::process_ends);
  CHECK(look->foresee({"call", "taxi:2"})->then == actors::aftermath::process_ends);
}

TEST_CASE("a look that takes its time is answered when the node is about to end") {
  running_gateway gateway;
  const auto look = gateway->inspect();
  auto looking = std::async(std::launch::async, [look] {
    return look->list({"", {}, 1, 1min});
  });
  const auto patience = std::chrono::steady_clock::now() + 10s;
  while (looking.wait_for(10ms) != std::future_status::ready)
    gateway->let_go();
  CHECK(std::chrono::steady_clock::now() < patience);
  CHECK(looking.get().total > 0);
}

TEST_CASE("the tree shows every supervisor with what it watches over") {
  running_gateway gateway;
  const auto root = gateway->inspect()->tree();
  CHECK(root.strategy == "one_for_one");
  REQUIRE(root.children.size() == 6);
  CHECK(root.children[1].name == "calls pickup/0");
  CHECK(root.children[1].strategy == "simple_one_for_one");
  CHECK(root.children[3].actor == actors::actor_view{"dispatcher", "pickup"});
  REQUIRE(root.children[3].children.size() == 1);
  CHECK(root.children[3].children[0].name == "couriers pickup/0");
}

// Random days: requests, crashes and slow disks in any order, messages handled in any order.
// Then all must be right. PICKUP_SEED=n runs the day that failed, PICKUP_DAYS=n more of them.
#include "actors/messages.hpp"
#include "tests/actors/test_node.hpp"

#include <caf/send.hpp>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <random>

using namespace pickup;
using namespace pickup::testing;
using domain::job_step;
using domain::phase;

namespace {

actors::options hardened() {
  actors::options o;
  // Kills come thick here; what is tested is not when a supervisor gives up.
  o.supervision.intensity = 1'000'000;
  o.supervision.call_intensity = 1'000'000;
  o.supervision.courier_intensity = 1'000'000;
  o.supervision.period = 1ms;
  o.dispatch.courier_lost_after = 5s;
  o.dispatch.max_wait = 60s;
  o.dispatch.lead_time = 5s;
  return o;
}

class day {
public:
  explicit day(std::uint64_t seed) : random_(seed), node_(hardened()) {
    for (int i = 0; i < 3; ++i)
      node_.hire(somewhere(), 1 + any(3));
  }

  void live(int steps) {
    for (int i = 0; i < steps; ++i) {
      do_something();
      for (auto left = any(25); left > 0 && node_.system().ready() > 0; --left)
        node_.system().step(any(node_.system().ready()));
      node_.tick(std::chrono::milliseconds{2 + any(100)});
    }
    settle();
  }

  void check() {
    CHECK(node_.violations().empty());
    CHECK(node_->counters.quarantined_calls == 0);
    CHECK(node_.journal().view().scheduled_calls(node_->shard_of(domain::service::taxi)) == 0);
    check_answers();
    check_waiting_calls();
    check_places();
    CHECK(node_.messages() == node_.intents());
    check_explanations();
  }

  std::uint64_t explained() const { return node_.verified().explanations; }

private:
  std::uint32_t any(std::size_t below) {
    return std::uniform_int_distribution<std::uint32_t>{
        0, static_cast<std::uint32_t>(below - 1)}(random_);
  }

  domain::position somewhere() { return north(any(30) - 15.0); }
  domain::courier_id some_courier() { return domain::courier_id{1 + any(node_->last_courier)}; }

  domain::call_id some_call() {
    const auto shard = node_->shard_of(domain::service::taxi);
    const auto last = node_->last_call.at(shard).load();
    // Mostly a recent one: older ones have ended.
    return {shard, last - any(std::min<std::uint64_t>(last, 12))};
  }

  // -- what happens

  void do_something() {
    const auto dice = any(1000);
    if (dice < 50)
      posts_.push_back(node_.post(somewhere(), domain::service_class::standard, {},
                                  node_.now() + 5s + std::chrono::milliseconds{any(3000)}));
    else if (dice < 300)
      posts_.push_back(node_.post(somewhere(), any(2) == 0 ? domain::service_class::standard
                                                           : domain::service_class::van));
    else if (dice < 380)
      command(node_.cancel(some_call()));
    else if (dice < 400)
      command(node_.reassign(some_call()));
    else if (dice < 600)
      report();
    else if (dice < 700)
      locate();
    else if (dice < 800)
      changes_.push_back(node_.change(some_courier(), some_change()));
    else if (dice < 820)
      changes_.push_back(node_.enlist(taxi_driver(1 + any(3)), somewhere()));
    else if (dice < 860)
      kill(node_.actor(some_call()));
    else if (dice < 880)
      kill(node_.actor(some_courier()));
    else if (dice < 895)
      kill(node_.dispatcher());
    else if (dice < 905)
      kill(node_.notifier());
    else if (dice < 940)
      node_.journal().hold();
    else if (dice < 990)
      node_.journal().release();
    else if (dice < 995)
      give_up_on_all();
    else if (dice < 997)
      crash();
    else if (dice < 998)
      kill(node_->call_supervisors.find(node_->shard_of(domain::service::taxi)));
    else
      audit();
  }

  void audit() {
    const auto shard = node_->shard_of(domain::service::taxi);
    node_.journal().submit(storage::append_op{
        {node_.now(), "", {}, storage::audit_change{shard, {"kim", "drill", "node", ""}}},
        [](const auto&) {}});
  }

  void locate() {
    const auto who = some_courier();
    const auto where = somewhere();
    if (node_.locate(who, where))
      CHECK(node_.journal().view().find(who)->seen.where == where);
  }

  void report() {
    const auto id = some_call();
    const auto who = node_.courier(id);
    constexpr std::array steps{job_step::arrived, job_step::picked_up, job_step::completed,
                               job_step::failed, job_step::decline};
    command(node_.report(id, who ? *who : some_courier(), steps[any(steps.size())]));
  }

  domain::courier_change some_change() {
    domain::courier_change c;
    switch (any(8)) {
    case 0: c.remove = true; break;
    case 1: c.classes.emplace().insert(domain::service_class::van); break;
    case 2: c.classes = domain::class_set::all_of(domain::service::taxi); break;
    case 3: c.on_shift = false; break;
    case 4: c.on_shift = true; break;
    default: c.capacity = 1 + any(3);
    }
    return c;
  }

  void command(actors::answer<domain::call> answer) { commands_.push_back(std::move(answer)); }

  // What the gateway does when the dispatcher has not answered in time.
  void give_up_on_all() {
    for (auto& p : posts_)
      if (!given(p.answer))
        caf::anon_send(node_.actor(p.id), actors::give_up{});
  }

  void crash() {
    node_.crash();
    node_.start();
  }

  // -- the evening

  void settle() {
    node_.journal().release();
    // Long enough for every scheduled call to fall due.
    node_.pass(4s);
    give_up_on_all();
    node_.run();
    check_actors();
    for (const auto& c : couriers())
      node_.move(c.courier.id, c.seen.where.value_or(here()));
  }

  std::vector<domain::courier_view> couriers() {
    return node_.journal().view().couriers(node_->shard_of(domain::service::taxi));
  }

  std::vector<domain::call_id> live_calls() {
    return node_.journal().view().live_calls(node_->shard_of(domain::service::taxi));
  }

  // Everybody was answered, and what was said is still true.
  void check_answers() {
    const auto still_true = [&](actors::answer<domain::call>& answer) {
      const auto said = given(answer);
      REQUIRE(said);
      if (!*said)
        return;
      const auto stored = node_.find((*said)->id);
      REQUIRE(stored);
      CHECK(stored->version >= (*said)->version);
      if (stored->version == (*said)->version)
        CHECK(*stored == **said);
    };
    for (auto& p : posts_)
      still_true(p.answer);
    for (auto& c : commands_)
      still_true(c);
    for (auto& c : changes_)
      CHECK(given(c));
  }

  void check_actors() {
    for (auto id : live_calls())
      CHECK(node_.actor(id));
    CHECK(node_->calls.size() == live_calls().size());
    CHECK(node_->couriers.size() == couriers().size());
    for (const auto& c : couriers()) {
      CAPTURE(c.courier.id.value());
      CHECK(node_.actor(c.courier.id));
    }
  }

  // No call waits while somebody could take it.
  void check_waiting_calls() {
    const auto reach = domain::metres{node_->options.dispatch.max_pickup_distance_m};
    for (auto id : live_calls()) {
      const auto call = *node_.find(id);
      if (call.phase != phase::dispatching)
        continue;
      for (const auto& c : couriers()) {
        CAPTURE(id.number(), c.courier.id.value());
        const auto& out = call.excluded;
        const bool could = c.courier.on_shift && c.load < c.courier.capacity
                           && c.courier.classes.contains(call.request.wanted)
                           && distance(*c.seen.where, call.request.where) <= reach
                           && std::find(out.begin(), out.end(), c.courier.id) == out.end();
        CHECK_FALSE(could);
      }
    }
  }

  // Every courier's being chosen is explained, and follows from what is stored.
  void check_explanations() {
    const auto report = node_.verified();
    CHECK(report.violations.empty());
    CHECK(report.explanations == report.assignments);
  }

  // With everybody at hand, just as many calls find somebody as there is capacity left.
  void check_places() {
    domain::courier_change at_hand;
    at_hand.on_shift = true;
    at_hand.classes = domain::class_set::all_of(domain::service::taxi);
    for (const auto& c : couriers()) {
      auto changed = node_.change(c.courier.id, at_hand);
      node_.run();
      CHECK(value(changed) == c.courier.id);
      node_.move(c.courier.id, here());
    }
    const auto left = node_.places_left();
    CHECK(node_.places_found() == left);
  }

  std::mt19937_64 random_;
  test_node node_;
  std::vector<posted_call> posts_;
  std::vector<actors::answer<domain::call>> commands_;
  std::vector<actors::answer<domain::courier_id>> changes_;
};

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const auto* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

} // namespace

TEST_CASE("after any day of requests and crashes everything is right") {
  const auto first = setting("PICKUP_SEED", 1);
  const auto days = setting("PICKUP_DAYS", 100);
  std::uint64_t explained = 0;
  for (auto seed = first; seed < first + days; ++seed) {
    INFO("PICKUP_SEED=" << seed);
    day d{seed};
    d.live(400);
    d.check();
    explained += d.explained();
  }
  CHECK(explained > days * 10);
}

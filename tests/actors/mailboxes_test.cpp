// Floods: whatever comes from outside, however much of it, what waits stays within its bound
// and whoever asked is answered.
#include "actors/messages.hpp"
#include "tests/actors/test_node.hpp"

#include <caf/send.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace pickup;
using namespace pickup::testing;
using domain::errc;
using domain::phase;

namespace {

constexpr std::uint32_t bound = 4;
constexpr std::size_t flood = 1000;

actors::options small() {
  actors::options o;
  auto& m = o.mailboxes;
  m.call = m.dispatcher = m.courier = m.ledger = m.notifier = bound;
  o.limits.call_queue = bound;
  return o;
}

template <class T>
struct answers {
  std::vector<actors::answer<T>> all;

  /// How many were refused as overload.
  std::size_t refused() {
    return count([](const auto& x) { return !x && is_overload(x); });
  }
  std::size_t done() {
    return count([](const auto& x) { return bool{x}; });
  }
  std::size_t open() {
    return all.size() - count([](const auto&) { return true; });
  }

private:
  static bool is_overload(const domain::result<T>& x) {
    return x.error().code == errc::overloaded;
  }

  std::size_t count(auto what) {
    return static_cast<std::size_t>(std::ranges::count_if(all, [&](auto& a) {
      const auto x = given(a);
      return x && what(*x);
    }));
  }
};

domain::courier_change renamed(std::string name) {
  domain::courier_change c;
  c.name = std::move(name);
  return c;
}

} // namespace

// -- a call

TEST_CASE("a flood of commands at one call is refused beyond its bound") {
  test_node node{small()};
  const auto courier = node.hire();
  const auto id = node.order();
  const auto& kind = node->bounds.call;
  answers<domain::call> a;
  SECTION("cancellations") {
    for (std::size_t i = 0; i < flood; ++i)
      a.all.push_back(node.cancel(id));
  }
  SECTION("reports on the job") {
    for (std::size_t i = 0; i < flood; ++i)
      a.all.push_back(node.report(id, courier, domain::job_step::arrived));
  }
  SECTION("watchers") {
    for (std::size_t i = 0; i < flood; ++i)
      a.all.push_back(node.watch(id));
  }
  CHECK(kind.figures().depth == bound);
  CHECK(a.refused() == flood - bound);
  node.run();
  CHECK(a.open() == 0);
  CHECK(a.refused() == flood - bound);
  CHECK(kind.figures().high_water <= bound + 1); // what the journal answers waits with them
  CHECK(kind.figures().high_water >= bound);
  CHECK(kind.figures().depth == 0);
}

TEST_CASE("a call without a courier has no more watchers than its queue is long") {
  test_node node{small()};
  const auto id = node.order();
  answers<domain::call> a;
  for (std::size_t i = 0; i < flood; ++i) {
    a.all.push_back(node.watch(id));
    node.run();
  }
  CHECK(a.refused() == flood - bound);
  node.hire();
  CHECK(a.done() == bound);
  CHECK(a.open() == 0);
}

TEST_CASE("a call that reads nothing is not told for ever that its courier is gone") {
  test_node node{small()};
  const auto id = node.order();
  for (std::size_t i = 0; i < flood; ++i)
    caf::anon_send(node.actor(id), actors::courier_gone{domain::courier_id{1}});
  CHECK(node->bounds.call.figures().depth == bound);
  CHECK(node->bounds.call.figures().dropped == flood - bound);
}

// -- new calls

TEST_CASE("new calls beyond the room there is are refused at the door, and it empties again") {
  auto o = small();
  o.mailboxes.new_calls = bound;
  o.mailboxes.dispatcher = flood;
  test_node node{o};
  node.hire(here(), flood);
  node.journal().hold();
  answers<domain::call> a;
  for (std::size_t i = 0; i < flood; ++i) {
    a.all.push_back(node.post().answer);
    node.run();
  }
  CHECK(a.refused() == flood - bound);
  CHECK(node->new_calls.inside() == bound);
  CHECK(node->calls.size() == bound);
  node.journal().release();
  node.run();
  CHECK(a.done() == bound);
  CHECK(node->new_calls.inside() == 0);
  CHECK(node.phase(node.order()) == phase::confirmed);
}

TEST_CASE("a dispatcher that reads nothing refuses new calls, and owes those nothing") {
  test_node node{small()};
  node.hire(here(), flood);
  answers<domain::call> a;
  for (std::size_t i = 0; i < flood; ++i) {
    a.all.push_back(node.post().answer);
    node.system().run_all_but(node.dispatcher());
  }
  CHECK(a.refused() == flood - bound);
  CHECK(node->bounds.dispatcher.figures().depth == bound);
  CHECK(node->calls.size() == bound);
  node.run();
  CHECK(a.done() == bound);
  CHECK(node->dispatcher_state.at({domain::service::taxi, {}}).reserved == bound);
  CHECK(node.violations().empty());
}

TEST_CASE("a dispatcher that has no epoch yet keeps no more new calls than it may") {
  test_node node{small()};
  node.journal().hold();
  kill(node.dispatcher());
  node.run();
  answers<domain::call> a;
  for (std::size_t i = 0; i < flood; ++i) {
    a.all.push_back(node.post().answer);
    node.run();
  }
  CHECK(a.refused() == flood - bound);
  node.journal().release();
  node.run();
  CHECK(a.done() == bound);
}

TEST_CASE("a stored call gets through to a dispatcher that is full") {
  test_node node{small()};
  const auto courier = node.hire();
  const auto id = node.order();
  answers<domain::call> a;
  for (std::size_t i = 0; i < flood; ++i) {
    a.all.push_back(node.post().answer);
    node.system().run_all_but(node.dispatcher());
  }
  auto cancelled = node.cancel(id);
  node.run();
  CHECK(value(cancelled).phase == phase::canceled);
  CHECK(a.done() == bound);
  CHECK(node.load(courier) == 1);
}

// -- couriers at the dispatcher

TEST_CASE("a flood of new couriers is refused beyond the dispatcher's bound") {
  test_node node{small()};
  answers<domain::courier_id> a;
  for (std::size_t i = 0; i < flood; ++i)
    a.all.push_back(node.enlist(taxi_driver(), here()));
  CHECK(node->bounds.dispatcher.figures().depth == bound);
  CHECK(a.refused() == flood - bound);
  node.run();
  CHECK(a.done() == bound);
}

TEST_CASE("a flood of places waits at no actor, and each courier's newest counts") {
  test_node node{small()};
  const auto near = node.hire(north(50));
  const auto far = node.hire(north(50));
  node.move(near, north(45));
  node.move(far, north(45));
  for (std::size_t i = 0; i < flood; ++i)
    for (const auto id : {near, far})
      CHECK(node.locate(id, north(40)));
  CHECK(node.locate(near, north(1)));
  CHECK(node->bounds.dispatcher.figures().depth == 1); // that there is something to look at
  CHECK(node->bounds.courier.figures().depth == 0);
  CHECK(node->news.at(node->shard_of(domain::service::taxi)).take().size() == 2);
  CHECK(node->news.at(node->shard_of(domain::service::taxi)).take().empty());
}

TEST_CASE("a place told after a change of the record is not undone by the change") {
  test_node node{small()};
  const auto courier = node.hire(north(50));
  node.move(courier, north(40));
  // As they come when the dispatcher is behind: place, record, newer place.
  const auto seen = node.journal().view().find(courier);
  const auto from = node.actor(courier).address();
  CHECK(node.locate(courier, north(40)));
  caf::anon_send(node.dispatcher(), actors::courier_stored{seen->courier, from});
  CHECK(node.locate(courier, north(1)));
  node.run();
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a place told while the dispatcher restarts is known when it is ready") {
  test_node node{small()};
  const auto courier = node.hire(north(50));
  node.journal().hold();
  CHECK(node.locate(courier, north(1)));
  kill(node.dispatcher());
  node.run();
  for (std::size_t i = 0; i < flood; ++i)
    caf::anon_send(node.dispatcher(), actors::look_at_couriers{});
  node.run();
  node.journal().release();
  node.run();
  CHECK(node.courier(node.order()) == courier);
}

TEST_CASE("a dispatcher that reads no places is told of them once, and of later ones again") {
  test_node node{small()};
  const auto courier = node.hire(north(50));
  kill(node.dispatcher());
  node.run();
  CHECK(node.locate(courier, north(30)));
  kill(node.dispatcher()); // with what it was told
  node.run();
  node.move(courier, north(1));
  CHECK(node.courier(node.order()) == courier);
}

// -- a courier

TEST_CASE("of a flood of signs of life at one courier one waits") {
  test_node node{small()};
  const auto courier = node.hire();
  for (std::size_t i = 0; i < flood; ++i)
    caf::anon_send(node.actor(courier), actors::sign_of_life{});
  CHECK(node->bounds.courier.figures().depth == 1);
  CHECK(node->bounds.courier.figures().conflated == flood - 1);
}

TEST_CASE("a flood of changes at one courier is refused beyond its bound") {
  test_node node{small()};
  const auto courier = node.hire();
  answers<domain::courier_id> a;
  for (std::size_t i = 0; i < flood; ++i)
    a.all.push_back(node.change(courier, renamed("이름 " + std::to_string(i))));
  CHECK(node->bounds.courier.figures().depth == bound);
  CHECK(a.refused() == flood - bound);
  node.run();
  CHECK(a.open() == 0);
  CHECK(a.done() == bound);
}

// -- ledger and notifier

TEST_CASE("the notifier hears itself through any flood") {
  test_node node{small()};
  for (std::size_t i = 0; i < flood; ++i)
    caf::anon_send(node.notifier(), actors::look_for_news{});
  CHECK(node->bounds.notifier.figures().depth == bound);
  CHECK(node->bounds.notifier.figures().dropped == flood - bound);
  node.run();
  node.hire();
  node.order();
  CHECK(node.messages() == node.intents());
}

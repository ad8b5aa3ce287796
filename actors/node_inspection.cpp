#include "actors/node_inspection.hpp"

#include "actors/actor_figures.hpp"
#include "actors/actor_names.hpp"
#include "actors/breather.hpp"
#include "actors/foresee.hpp"
#include "actors/message_attempts.hpp"
#include "actors/reply.hpp"
#include "actors/supervision_tree.hpp"
#include "actors/supervisor_query.hpp"

#include <boost/fiber/operations.hpp>
#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <unordered_map>
#include <utility>

namespace pickup::actors {

namespace {

using namespace std::chrono_literals;

/// Who has asked for actors looks at them for a while.
constexpr domain::duration attention = 30s;

/// Visits many actors and lets others have the thread in between. Not thread-safe.
class sweep {
public:
  sweep(const node_context& node, std::string_view kind) : node_(node), kind_(kind) {}

  template <class F>
  void visit(F with) {
    auto began = clock::now();
    visit_actors(node_, kind_, with, [&] {
      cost_ += clock::now() - began;
      boost::this_fiber::yield();
      began = clock::now();
    });
    cost_ += clock::now() - began;
  }

  /// Without what others did in between.
  std::chrono::nanoseconds cost() const { return cost_; }

private:
  using clock = std::chrono::steady_clock;

  const node_context& node_;
  const std::string_view kind_;
  std::chrono::nanoseconds cost_{0};
};

// What those that are measured have done so far, to be taken off what they will have done.
std::unordered_map<caf::actor_id, reading> read_all(sweep& over) {
  std::unordered_map<caf::actor_id, reading> all;
  over.visit([&](const actor_view&, const caf::abstract_actor& actor) {
    if (is_measured(actor))
      all.emplace(actor.id(), read(actor));
    return true;
  });
  return all;
}

} // namespace

actor_list node_inspection::list(const actor_query& what) {
  auto& node = node_;
  node.seen.watch_for(attention + what.window);
  nap_.until(pace_.turn(look_pace::clock::now()));
  sweep over{node, what.kind};
  std::unordered_map<caf::actor_id, reading> before;
  if (what.window.count() > 0) {
    before = read_all(over);
    nap_.until(nap::clock::now() + what.window);
  }
  const surroundings known{node};
  actor_list found;
  top highest{what.by.value_or(actor_order::messages), what.most};
  over.visit([&](const actor_view& who, const caf::abstract_actor& actor) {
    auto now = read(actor);
    if (const auto earlier = before.find(actor.id()); earlier != before.end())
      now = since(now, earlier->second);
    auto figures = figures_of(who, actor, now, known);
    if (what.by)
      highest.add(std::move(figures));
    else
      found.actors.push_back(std::move(figures));
    return what.by || found.actors.size() < what.most;
  });
  if (what.by)
    found.actors = highest.take();
  for (auto& f : found.actors)
    f.state = state_of(node, f.who);
  found.total = count_actors(node, what.kind);
  found.measured = node.seen.probes();
  found.took = over.cost();
  pace_.took(found.took);
  return found;
}

domain::result<actor_details> node_inspection::find(const actor_view& who) {
  auto& node = node_;
  const auto actor = find_actor(node, who);
  if (!actor)
    return find_ended(who);
  node.seen.watch_for(attention);
  const auto& alive = *caf::actor_cast<caf::abstract_actor*>(actor);
  auto figures = figures_of(who, alive, read(alive), surroundings{node});
  figures.state = state_of(node, who);
  auto [promise, answer] = reply<actor_snapshot>::make();
  caf::anon_send(actor, show_state{std::move(promise)});
  const auto given = answer.wait_for(patience);
  const domain::error late{domain::errc::timeout,
                           "show " + who.kind + ' ' + who.id
                               + ": did not answer within a second: it hangs, or much waits "
                                 "before it",
                           {}};
  return actor_details{std::move(figures), supervisor_of(node, who),
                       given ? *given : domain::result<actor_snapshot>{late},
                       node.restarts.of(who)};
}

domain::result<actor_details> node_inspection::find_ended(const actor_view& who) const {
  const auto kept = upkeep_of(node_, who);
  if (!kept && kept.error().code == domain::errc::timeout)
    return kept.error();
  if (!kept || !kept->child)
    return no_actor("find actor", who);
  actor_details d{{},
                  kept->supervisor.name,
                  domain::error{domain::errc::conflict,
                                "show " + who.kind + ' ' + who.id + ": does not run",
                                {}},
                  node_.restarts.of(who)};
  d.figures.who = who;
  d.figures.state = to_string(kept->child->state);
  d.figures.restarts = d.stories.size();
  if (!d.stories.empty())
    d.figures.last_exit = d.stories.front().reason;
  return d;
}

domain::result<fate> node_inspection::foresee(const actor_view& who) {
  return actors::foresee(node_, who);
}

tree_node node_inspection::tree() {
  return tree_of(node_);
}

domain::result<calls_on_map>
node_inspection::calls_under_way(domain::service s, const std::optional<domain::box>& within,
                                 std::size_t most) {
  const auto& view = node_.journal.view();
  const auto shard = node_.shard_of(s);
  calls_on_map found;
  breather others;
  // Numbers count from 1, so below 1 there are none.
  auto below = std::numeric_limits<std::uint64_t>::max();
  for (auto left = most; left > 0 && below > 1;) {
    const auto ids = view.newest_live_calls(shard, below, std::min(left, breather::in_a_row));
    left -= ids.size();
    below = ids.empty() ? 1 : ids.back().n();
    for (const auto id : ids) {
      others.before_read();
      auto stored = view.find(id);
      if (!stored)
        return stored.error();
      if (*stored && under_way((*stored)->phase)
          && (!within || within->contains((*stored)->request.where)))
        found.newest.push_back(std::move(**stored));
    }
  }
  found.truncated = !view.newest_live_calls(shard, below, 1).empty();
  found.total = within && !found.truncated ? found.newest.size() : view.live_call_count(shard);
  return found;
}

domain::result<std::vector<message_attempt>>
node_inspection::messages_of(domain::call_id call) {
  return actors::messages_of(node_, call);
}

reject_list node_inspection::rejects() {
  const auto& node = node_;
  reject_list all;
  for (const auto* kind : node.bounds.all()) {
    const auto& name = kind->options().name;
    for (const auto& [message, count] : kind->losses())
      all.mailboxes.push_back({name, message, count});
    if (const auto late = kind->figures().late; late > 0)
      all.ended.push_back({name, "", late});
  }
  for (std::size_t i = 0; i < refusal_causes; ++i)
    if (const auto n = node.counters.calls_refused[i].load(); n > 0)
      all.calls.push_back({"", std::string{name(static_cast<refusal_cause>(i))}, n});
  return all;
}

std::vector<restart_story> node_inspection::restarts(std::uint64_t after, std::size_t most) {
  return node_.restarts.list(after, most);
}

domain::result<trace_view> node_inspection::start_trace(const trace_order& what) {
  // Calls and couriers may come to life later; of the others there are few.
  if (!call_of(what.whose) && !courier_of(what.whose) && !find_actor(node_, what.whose))
    return no_actor("find actor", what.whose);
  return node_.traces.start(what);
}

std::vector<trace_view> node_inspection::list_traces() {
  return node_.traces.list();
}

std::vector<traced_message> node_inspection::traced_about(domain::call_id call) {
  return node_.traces.about(name_of(call));
}

domain::result<trace_view> node_inspection::find_trace(std::uint64_t n, std::size_t after) {
  return node_.traces.find(n, after);
}

domain::status_result node_inspection::end_trace(std::uint64_t n) {
  return node_.traces.end(n);
}

void node_inspection::watch_for(domain::duration time) {
  node_.seen.watch_for(time);
}

} // namespace pickup::actors

#include "actors/foresee.hpp"

#include "actors/actor_names.hpp"
#include "actors/reply.hpp"
#include "actors/supervisor_query.hpp"
#include "domain/call.hpp"
#include "supervision/observation.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace pickup::actors {

namespace {

using namespace std::chrono_literals;

// Those of a courier's calls that are dispatched anew when the courier is lost; nothing when
// the dispatcher does not say.
std::optional<std::uint64_t> movable_jobs(const node_context& node,
                                          domain::courier_id courier) {
  const auto& view = node.journal.view();
  const auto known = view.find(courier);
  const auto dispatcher =
      known ? node.dispatchers.find(node.shard_of(known->courier.service)) : dispatcher_actor{};
  if (!dispatcher)
    return std::nullopt;
  auto [promise, answer] = reply<std::vector<domain::call_id>>::make();
  caf::anon_send(dispatcher, list_jobs{courier, std::move(promise)});
  const auto jobs = answer.wait_for(patience);
  if (!jobs || !*jobs)
    return std::nullopt;
  return std::ranges::count_if(**jobs, [&](domain::call_id id) {
    const auto call = view.find(id);
    return call && *call
           && step(**call, domain::lose_courier{courier}, node.now())->next.phase
                  == domain::phase::dispatching;
  });
}

bool shares_threads(const actor_view& who) {
  return who.kind == "call" || who.kind == "courier" || who.kind == "dispatcher";
}

// Whether this actor, if it hung, would leave no thread to the others. Ledger and notifiers may
// have threads of their own; where they have none, they never take a second.
bool is_last_thread(const node_context& node, caf::actor_id own) {
  std::vector<caf::actor_id> apart{own};
  const auto leave_out = [&](auto, const auto& actor) {
    apart.push_back(actor.id());
    return true;
  };
  node.ledgers.visit(leave_out, [] {});
  node.notifiers.visit(leave_out, [] {});
  const auto hanging =
      std::ranges::count_if(supervision::running_messages(), [&](const auto& running) {
        return running.since >= 1s && std::ranges::count(apart, running.actor) == 0;
      });
  return static_cast<std::uint64_t>(hanging) + 1 >= node.options.limits.workers();
}

} // namespace

domain::result<fate> foresee(const node_context& node, const actor_view& who) {
  auto kept = upkeep_of(node, who);
  fate f;
  f.hang_limit = node.options.supervision.hang_limit;
  const auto actor = find_actor(node, who);
  f.on_last_thread = actor && shares_threads(who) && is_last_thread(node, actor.id());
  f.supervisor = supervisor_of(node, who);
  if (!kept) {
    f.then = aftermath::unknown;
    if (actor)
      return f;
    return kept.error().code == domain::errc::timeout ? kept.error()
                                                      : no_actor("find actor", who);
  }
  f.quarantined = kept->child && kept->child->state == supervision::child_state::quarantined;
  if (f.quarantined)
    return f;
  if (!actor)
    return no_actor("find actor", who);
  if (kept->child && kept->child->restarts_left == 0) {
    f.then = aftermath::quarantined;
    if (const auto courier = courier_of(who))
      f.calls_redispatched = movable_jobs(node, *courier);
    return f;
  }
  // Who gives up leaves it to their own supervisor, and so on up to the process.
  auto giving_up = std::move(kept->supervisor);
  if (giving_up.restarts_left > 0)
    return f;
  f.then = aftermath::process_ends;
  f.actors = count_actors(node, "");
  if (giving_up.name == "root")
    return f;
  const auto above = upkeep_of(node, {"root", ""});
  if (!above) {
    f.then = aftermath::unknown;
  } else if (above->supervisor.restarts_left > 0) {
    f.then = aftermath::supervisor_restarted;
    f.actors = giving_up.counts.active;
    f.with_dispatcher = courier_of(who).has_value();
    if (f.with_dispatcher)
      ++f.actors;
  }
  return f;
}

} // namespace pickup::actors

#include "actors/tree.hpp"

#include "actors/actor_names.hpp"
#include "actors/call.hpp"
#include "actors/dispatcher.hpp"
#include "actors/ledger.hpp"
#include "actors/provider_notifier.hpp"
#include "supervision/supervisor.hpp"

#include <caf/deep_to_string.hpp>
#include <caf/send.hpp>
#include <spdlog/fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace pickup::actors {

namespace {

using supervision::child_key;
using namespace std::chrono_literals;

/// What a child may take to end; the process has less than five seconds for all.
constexpr supervision::shutdown soon{supervision::shutdown::manner::within, 2s};

// Of what was last stored of a call: what its actor handled names none.
std::string correlation_of(const node_context& n, const std::optional<actor_view>& actor) {
  const auto call = actor ? call_of(*actor) : std::nullopt;
  if (!call)
    return {};
  const auto stored = n.journal.view().find(*call);
  return stored && *stored ? (*stored)->correlation_id : std::string{};
}

std::function<void(const supervision::restart_report&)> reporter(node_context& n) {
  return [&n](const supervision::restart_report& crash) {
    ++(crash.outcome == supervision::verdict::fences ? n.counters.zombies
                                                     : n.counters.restarts);
    const auto actor = child_actor(crash.supervisor, crash.child);
    n.restarts.note(crash, actor, n.now());
    spdlog::warn("actor.crashed supervisor={:?} child={:?} incarnation={} actor={} "
                 "handling={:?} outcome={} with=\"{}\" correlation_id={:?} reason={:?}",
                 crash.supervisor, crash.child, crash.incarnation, crash.actor,
                 crash.message_type, to_string(crash.outcome), fmt::join(crash.siblings, ", "),
                 correlation_of(n, actor), caf::deep_to_string(crash.reason));
  };
}

supervision::supervisor_options limits(node_context& n, std::string name,
                                       std::uint32_t intensity) {
  supervision::supervisor_options o;
  o.name = std::move(name);
  o.intensity = intensity;
  o.period = n.options.supervision.period;
  o.report = reporter(n);
  return o;
}

caf::actor start_calls(caf::actor_system& sys, node_context& n, domain::shard_id shard) {
  supervision::child_template t;
  t.rules.end = soon;
  t.child_intensity = n.options.supervision.child_intensity;
  // Calls up to this one were there before anybody could do anything to them.
  const auto last_found =
      n.call_supervisors.find(shard) ? 0 : n.journal.view().last_call(shard);
  t.start = [&n, last_found, generation = ++n.last_generation](
                caf::actor_system& in, child_key key, std::uint32_t incarnation) {
    const auto id = domain::call_id::from_packed(key);
    const bool found =
        incarnation == 0 && id.n() <= last_found && !n.quarantined_calls.holds(id);
    n.quarantined_calls.release(id);
    const bool fresh = incarnation == 0 && n.journal.view().version(id).value() == 0;
    const auto from = found ? origin::found : fresh ? origin::fresh : origin::restarted;
    return caf::actor_cast<caf::actor>(start_call(in, n, id, from, generation));
  };
  t.initial = [&n, shard] {
    n.calls_started.at(shard) = false;
    std::vector<child_key> keys;
    for (auto id : n.journal.view().live_calls(shard))
      keys.push_back(id.packed());
    return keys;
  };
  t.on_started = [&n, shard] {
    n.calls_started.at(shard) = true;
    if (const auto dispatcher = n.dispatchers.find(shard))
      caf::anon_send(dispatcher, match_more{});
  };
  t.on_quarantine = [&n](child_key key) {
    quarantine_call(n, domain::call_id::from_packed(key));
  };
  auto supervisor = supervision::start_dynamic_supervisor(
      sys, limits(n, "calls " + label(shard), n.options.supervision.call_intensity),
      std::move(t));
  n.call_supervisors.put(shard, supervisor);
  // What the calls of an earlier supervisor had under way may still become true.
  n.journal.submit(storage::barrier_op{
      [&n, shard, supervisor, known = n.journal.view().live_calls(shard)](const auto&) {
        std::vector<domain::call_id> late;
        std::ranges::set_difference(n.journal.view().live_calls(shard), known,
                                    std::back_inserter(late));
        for (auto id : late)
          caf::anon_send(supervisor, supervision::start_child{id.packed(), {}});
        if (const auto dispatcher = n.dispatchers.find(shard))
          caf::anon_send(dispatcher, calls_restarted{});
      }});
  return supervisor;
}

} // namespace

caf::actor start_tree(caf::actor_system& sys, node_context& n, runs_on notifier_thread) {
  using supervision::child_rules;
  const child_rules worker{.end = soon};
  const child_rules supervisor{.kind = supervision::child_kind::supervisor};
  std::vector<supervision::child_spec> children;
  const auto add = [&](std::string id, const child_rules& rules, auto start) {
    children.push_back(
        {std::move(id),
         [start](caf::actor_system& in) { return caf::actor_cast<caf::actor>(start(in)); },
         rules,
         {}});
  };
  add("ledger", worker, [&n](caf::actor_system& in) { return start_ledger(in, n); });
  for (auto shard : n.shards)
    add("calls " + label(shard), supervisor,
        [&n, shard](caf::actor_system& in) { return start_calls(in, n, shard); });
  for (auto shard : n.shards)
    add("dispatcher " + label(shard), worker, [&n, shard](caf::actor_system& in) {
      return start_dispatcher(in, n, shard, reporter(n));
    });
  if (n.options.notify.sends())
    add("notifier alimtalk", worker, [&n, notifier_thread](caf::actor_system& in) {
      return start_provider_notifier(in, n, notifier_thread);
    });
  else
    add("notifier log", worker, [&n, notifier_thread](caf::actor_system& in) {
      return start_notifier(in, n, notifier_thread);
    });
  auto root = supervision::start_supervisor(
      sys, limits(n, "root", n.options.supervision.intensity), std::move(children));
  n.roots.put("root", root);
  return root;
}

} // namespace pickup::actors

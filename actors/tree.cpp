#include "actors/tree.hpp"

#include "actors/call.hpp"
#include "actors/dispatcher.hpp"
#include "actors/ledger.hpp"
#include "supervision/supervisor.hpp"

#include <caf/deep_to_string.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace pickup::actors {

namespace {

using supervision::child_key;
using supervision::restart;

std::function<void(const supervision::crash_report&)> reporter(node_context& n) {
  return [&n](const supervision::crash_report& crash) {
    ++n.counters.restarts;
    spdlog::warn("actor.crashed supervisor=\"{}\" child=\"{}\" restarted={} reason=\"{}\"",
                 crash.supervisor, crash.child, crash.restarted,
                 caf::deep_to_string(crash.reason));
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
  t.how = restart::transient;
  t.start = [&n, generation = ++n.last_generation](caf::actor_system& in, child_key key,
                                                   std::uint32_t incarnation) {
    const auto id = domain::call_id::from_packed(key);
    const bool fresh = incarnation == 0 && n.journal.view().version(id).value() == 0;
    return caf::actor_cast<caf::actor>(start_call(in, n, id, fresh, generation));
  };
  t.initial = [&n, shard] {
    std::vector<child_key> keys;
    for (auto id : n.journal.view().live_calls(shard))
      keys.push_back(id.packed());
    return keys;
  };
  t.given_up = [&n](child_key key) { give_up_call(n, domain::call_id::from_packed(key)); };
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
      }});
  return supervisor;
}

} // namespace

caf::actor start_tree(caf::actor_system& sys, node_context& n, runs_on notifier_thread) {
  std::vector<supervision::child_spec> children;
  // The ledger ends when the journal takes nothing more; then a restart would not help.
  children.push_back(
      {"ledger",
       [&n](caf::actor_system& in) { return caf::actor_cast<caf::actor>(start_ledger(in, n)); },
       restart::permanent});
  for (auto shard : n.shards)
    children.push_back(
        {"calls " + label(shard),
         [&n, shard](caf::actor_system& in) { return start_calls(in, n, shard); },
         restart::permanent});
  for (auto shard : n.shards)
    children.push_back({"dispatcher " + label(shard),
                        [&n, shard](caf::actor_system& in) {
                          return caf::actor_cast<caf::actor>(
                              start_dispatcher(in, n, shard, reporter(n)));
                        },
                        restart::permanent});
  children.push_back({"notifier log",
                      [&n, notifier_thread](caf::actor_system& in) {
                        return caf::actor_cast<caf::actor>(
                            start_notifier(in, n, notifier_thread));
                      },
                      restart::permanent});
  return supervision::start_supervisor(sys, limits(n, "root", n.options.supervision.intensity),
                                       std::move(children));
}

} // namespace pickup::actors

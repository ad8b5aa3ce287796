#include "actors/node_metrics.hpp"

#include "actors/node_operation.hpp"
#include "actors/provider_notifier.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace pickup::actors {

namespace {

// For how long something could have been forgotten that is still there: a channel has not told
// it yet, or there is more than steps can keep up with.
double overdue_seconds(const node_context& node, domain::shard_id shard) {
  const auto kept = node.options.retention.ended_calls;
  if (kept == domain::duration::zero())
    return 0;
  const auto before = node.now() - kept;
  const auto since = storage::overdue_since(node.journal.view(), shard, before);
  return since && *since ? std::chrono::duration<double>{before - **since}.count() : 0;
}

// Entries that the channels have still to look at, each by the channel that is farthest behind.
std::uint64_t backlog(const node_context& node) {
  std::uint64_t behind = 0;
  for (const auto shard : node.shards) {
    const auto head = node.journal.view().head(shard).value();
    auto seen = head;
    for (const auto& [channel, read] : node.read_up_to)
      seen = std::min(seen, read.at(shard).load());
    behind += head - seen;
  }
  return behind;
}

void add_journal(std::vector<metric>& all, const node_context& node) {
  const auto gauge = [&](const char* name, const char* help, auto value_of) {
    for (const auto shard : node.shards)
      all.push_back({name, help, false, "shard=\"" + label(shard) + "\"",
                     static_cast<double>(value_of(shard))});
  };
  const auto& view = node.journal.view();
  gauge("pickupd_calls_confirmed", "Calls that have a courier and have not ended.",
        [&](auto shard) { return view.live_assignments(shard); });
  gauge("pickupd_retained_calls", "Calls that are kept, live ones too.",
        [&](auto shard) { return view.call_count(shard); });
  gauge("pickupd_journal_first_position", "From where on the journal is complete.",
        [&](auto shard) { return view.first(shard).value(); });
  gauge("pickupd_journal_last_position", "The last commit's position.",
        [&](auto shard) { return view.head(shard).value(); });
  gauge("pickupd_retention_overdue_seconds", "For how long the oldest could have been trimmed.",
        [&](auto shard) { return overdue_seconds(node, shard); });
}

} // namespace

std::vector<metric> metrics_of(node_context& node) {
  std::vector<metric> all;
  const auto counter = [&](const char* name, const char* help, std::uint64_t value) {
    all.push_back({name, help, true, "", static_cast<double>(value)});
  };
  const auto& c = node.counters;
  const auto j = node.journal.stats();
  counter("pickupd_calls_created_total", "Calls accepted.", c.calls_created);
  for (std::size_t i = 0; i < refusal_causes; ++i)
    all.push_back({"pickupd_calls_refused_total",
                   "Calls refused because management could not confirm them.", true,
                   "cause=\"" + std::string{name(static_cast<refusal_cause>(i))} + '"',
                   static_cast<double>(c.calls_refused[i])});
  counter("pickupd_reservations_total", "Couriers reserved for calls.", c.reservations);
  counter("pickupd_stale_commits_total", "Commits refused by a fence.", c.stale_commits);
  counter("pickupd_messages_sent_total", "Messages handed to customers.", c.messages_sent);
  counter("pickupd_actor_restarts_total", "Actors that crashed.", c.restarts);
  counter("pickupd_calls_quarantined_total", "Calls whose actor kept crashing.",
          c.quarantined_calls);
  counter("pickupd_couriers_quarantined_total", "Couriers whose actor kept crashing.",
          c.quarantined_couriers);
  counter("pickupd_zombie_actors_total", "Actors left behind: not even a kill ended them.",
          c.zombies);
  counter("pickupd_journal_commits_total", "Durable commits.", j.commits);
  counter("pickupd_journal_syncs_total", "Synced writes that commits shared.", j.groups);
  counter("pickupd_trimmed_calls_total", "Ended calls that were forgotten.", j.forgotten_calls);
  counter("pickupd_trimmed_keys_total", "Idempotency keys that were forgotten.",
          j.forgotten_keys);
  all.push_back({"pickupd_calls_beginning", "New calls that have no answer yet.", false, "",
                 static_cast<double>(node.new_calls.inside())});
  all.push_back({"pickupd_calls_quarantined", "Calls without an actor, as it kept crashing.",
                 false, "", static_cast<double>(node.quarantined_calls.size())});
  all.push_back({"pickupd_couriers_quarantined",
                 "Couriers without an actor, as it kept crashing.", false, "",
                 static_cast<double>(node.quarantined_couriers.size())});
  all.push_back({"pickupd_call_actors", "Calls that are alive as actors.", false, "",
                 static_cast<double>(node.calls.size())});
  add_journal(all, node);
  const auto gauge = [&](const char* name, const char* help, auto value_of) {
    for (const auto& [shard, state] : node.dispatcher_state)
      all.push_back({name, help, false, "shard=\"" + label(shard) + "\"",
                     static_cast<double>(value_of(state))});
  };
  gauge("pickupd_calls_waiting", "Calls that wait for a courier.",
        [](const dispatcher_gauges& g) { return g.waiting.load(); });
  gauge("pickupd_jobs", "Reserved and live assignments.",
        [](const dispatcher_gauges& g) { return g.reserved.load(); });
  gauge("pickupd_couriers", "Couriers the dispatcher knows.",
        [](const dispatcher_gauges& g) { return g.couriers.load(); });
  gauge("pickupd_couriers_free", "Of them, those who could get one more job.",
        [](const dispatcher_gauges& g) { return g.free.load(); });
  for (const auto& [stage, paused] :
       {std::pair{"manage", node.manage_paused.load()}, {"assign", node.assign_paused.load()}})
    all.push_back({"pickupd_stage_paused", "1 while an operator has paused a stage.", false,
                   "stage=\"" + std::string{stage} + '"', paused ? 1.0 : 0.0});
  all.push_back({"pickupd_messages_backlog",
                 "Journal entries not looked at, and messages on their way.", false, "",
                 static_cast<double>(backlog(node) + node.messages_waiting)});
  add_histogram(all, "pickupd_commit_seconds",
                "From a decision about a call until it was durable.", "", c.commits.read());
  add_histogram(all, "pickupd_assignment_seconds",
                "From a call's making, or its time, to its first courier.", "",
                c.assignments.read());
  for (const auto shard : node.shards)
    all.push_back({"pickupd_calls_scheduled", "Calls whose time is still to come.", false,
                   "shard=\"" + label(shard) + "\"",
                   static_cast<double>(node.journal.view().scheduled_calls(shard))});
  const auto carried = [&](const char* name, const char* help, auto member) {
    for (const auto& [channel, counts] : node.carried)
      all.push_back({name, help, true, "channel=\"" + channel + "\"",
                     static_cast<double>((counts.*member).load())});
  };
  using counts = channel_counters;
  carried("pickupd_message_requests_total", "Requests to send a message.", &counts::sent);
  carried("pickupd_message_retries_total", "Of them, those not the first of their message.",
          &counts::retries);
  carried("pickupd_messages_reconciled_total",
          "Messages with an unknown outcome, found out by asking.", &counts::reconciled);
  carried("pickupd_messages_delivered_total", "Messages that reached the customer.",
          &counts::delivered);
  carried("pickupd_messages_handed_over_total", "Messages handed over to the next channel.",
          &counts::handed_over);
  carried("pickupd_messages_superseded_total", "Messages that later news made pointless.",
          &counts::superseded);
  carried("pickupd_messages_dead_total", "Dead letters, and messages to bad numbers.",
          &counts::dead);
  all.push_back({"pickupd_dead_letters", "Dead letters, and messages to bad numbers, stored.",
                 false, "",
                 static_cast<double>(node.journal.view().dead_letters(provider_channel))});
  carried("pickupd_message_alarms_total", "Faults that somebody has to mend.", &counts::alarms);
  if (!node.carried.empty())
    all.push_back({"pickupd_messages_on_their_way", "Messages on their way to a provider.",
                   false, "", static_cast<double>(node.messages_waiting)});
  for (const auto& b : list_breakers(node)) {
    const auto labels = "breaker=\"" + b.name + "\"";
    for (const auto* state : {"closed", "open", "half_open", "forced_open", "disabled"})
      all.push_back({"pickupd_breaker_state", "1 for the state a circuit breaker is in.", false,
                     labels + ",state=\"" + state + "\"", b.state == state ? 1.0 : 0.0});
    all.push_back({"pickupd_breaker_rejected_total", "Calls refused by an open breaker.", true,
                   labels, static_cast<double>(b.rejected)});
  }
  const auto of_mailboxes = [&](const char* name, const char* help, bool adds_up,
                                auto value_of) {
    for (const auto* kind : node.bounds.all())
      all.push_back({name, help, adds_up, "actor=\"" + kind->options().name + "\"",
                     static_cast<double>(value_of(kind->figures()))});
  };
  using figures = supervision::mailbox_figures;
  const auto seconds = [](auto time) { return std::chrono::duration<double>{time}.count(); };
  of_mailboxes("pickupd_mailbox_depth", "Messages that wait, of the bounded classes.", false,
               [](const figures& f) { return f.depth; });
  of_mailboxes("pickupd_mailbox_high_water", "The most that ever waited at one actor.", false,
               [](const figures& f) { return f.high_water; });
  of_mailboxes("pickupd_mailbox_rejected_total", "Messages refused by a full mailbox.", true,
               [](const figures& f) { return f.rejected; });
  of_mailboxes("pickupd_mailbox_dropped_total", "Messages dropped with nobody told.", true,
               [](const figures& f) { return f.dropped; });
  of_mailboxes("pickupd_mailbox_conflated_total", "Messages superseded by a newer one.", true,
               [](const figures& f) { return f.conflated; });
  of_mailboxes("pickupd_mailbox_late_total", "Messages to actors that had ended.", true,
               [](const figures& f) { return f.late; });
  of_mailboxes("pickupd_actor_messages_total", "Messages handled.", true,
               [](const figures& f) { return f.handled; });
  for (const auto* kind : node.bounds.all()) {
    const auto labels = "actor=\"" + kind->options().name + '"';
    const auto seen = kind->figures();
    add_histogram(all, "pickupd_mailbox_wait_seconds", "How long messages waited: a sample.",
                  labels, seen.waits);
    add_histogram(all, "pickupd_handler_seconds", "How long handling took: a sample.", labels,
                  seen.handling);
  }
  of_mailboxes("pickupd_mailbox_longest_wait_seconds", "The longest waiting time measured.",
               false, [&](const figures& f) { return seconds(f.longest_wait); });
  return all;
}

} // namespace pickup::actors

#include "actors/node_metrics.hpp"

#include "actors/node_operation.hpp"

#include <chrono>

namespace pickup::actors {

std::vector<metric> metrics_of(node_context& node) {
  std::vector<metric> all;
  const auto counter = [&](const char* name, const char* help, std::uint64_t value) {
    all.push_back({name, help, true, "", static_cast<double>(value)});
  };
  const auto& c = node.counters;
  const auto j = node.journal.stats();
  counter("pickupd_calls_created_total", "Calls accepted.", c.calls_created);
  counter("pickupd_calls_refused_total",
          "Calls refused because management could not confirm them.", c.calls_refused);
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
  all.push_back({"pickupd_calls_beginning", "New calls that have no answer yet.", false, "",
                 static_cast<double>(node.new_calls.inside())});
  all.push_back({"pickupd_call_actors", "Calls that are alive as actors.", false, "",
                 static_cast<double>(node.calls.size())});
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
  of_mailboxes("pickupd_mailbox_waits_total", "Messages whose waiting time was measured.", true,
               [](const figures& f) { return f.waits; });
  of_mailboxes("pickupd_mailbox_wait_seconds_total", "The waiting times measured, together.",
               true, [&](const figures& f) { return seconds(f.total_wait); });
  of_mailboxes("pickupd_mailbox_longest_wait_seconds", "The longest waiting time measured.",
               false, [&](const figures& f) { return seconds(f.longest_wait); });
  return all;
}

} // namespace pickup::actors

// What all actors of one node share. Thread-safe. Outlives every actor; owned by the local
// gateway.
#pragma once

#include "actors/courier_news.hpp"
#include "actors/directory.hpp"
#include "actors/door.hpp"
#include "actors/handles.hpp"
#include "actors/mailboxes.hpp"
#include "actors/messaging.hpp"
#include "actors/options.hpp"
#include "actors/quarantine.hpp"
#include "actors/restart_log.hpp"
#include "actors/tracer.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "storage/journal.hpp"
#include "supervision/observation.hpp"
#include "supervision/shared_breaker.hpp"

#include <caf/actor.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::actors {

/// Why a new call was refused.
enum class refusal_cause : std::uint8_t {
  journal_failed,
  manage_paused,
  too_many_begin,
  breaker_open,
  no_dispatcher,
  dispatcher_late,
  too_many_wait,
};

inline constexpr std::size_t refusal_causes = 7;

constexpr std::string_view name(refusal_cause why) {
  constexpr std::array<std::string_view, refusal_causes> names{
      "journal failed",     "manage paused",      "too many begin", "breaker open",
      "dispatcher is away", "dispatcher is late", "too many wait"};
  return names.at(static_cast<std::size_t>(why));
}

/// What the node has done since it started. Written by any actor, read by anybody.
struct node_counters {
  supervision::duration_histogram commits; ///< of calls: from a decision until it was durable
  supervision::duration_histogram assignments; ///< from a call's making to its first courier
  std::atomic<std::uint64_t> calls_created = 0;
  std::array<std::atomic<std::uint64_t>, refusal_causes> calls_refused{};
  std::atomic<std::uint64_t> reservations = 0;
  std::atomic<std::uint64_t> stale_commits = 0;
  std::atomic<std::uint64_t> messages_sent = 0;
  std::atomic<std::uint64_t> restarts = 0;
  std::atomic<std::uint64_t> quarantined_calls = 0;
  std::atomic<std::uint64_t> quarantined_couriers = 0;
  std::atomic<std::uint64_t> zombies = 0;

  void refuse(refusal_cause why) { ++calls_refused[static_cast<std::size_t>(why)]; }
};

/// What a dispatcher shows of itself.
struct dispatcher_gauges {
  std::atomic<bool> ready = false;
  std::atomic<std::uint64_t> waiting = 0;
  std::atomic<std::uint64_t> reserved = 0;
  std::atomic<std::uint64_t> couriers = 0;
  std::atomic<std::uint64_t> free = 0; ///< could get one more job
};

/// A shard as logs, metrics and intents name it: "pickup/0".
inline std::string label(domain::shard_id shard) {
  return std::string{domain::name(shard.service)} + "/" + std::to_string(shard.zone.value());
}

inline supervision::breaker_options admission_rules(const breaker_options& o) {
  supervision::breaker_options rules;
  rules.window = supervision::time_based{o.window};
  rules.minimum_number_of_calls = o.minimum_calls;
  rules.failure_rate_threshold = o.failure_rate;
  rules.slow_call_rate_threshold = o.slow_rate;
  rules.slow_call_duration = o.slow_call;
  rules.permitted_calls_in_half_open = o.trial_calls;
  rules.wait_in_open = o.wait;
  rules.max_wait_in_open = o.max_wait;
  return rules;
}

/// A channel is left alone from its first fault on: what it owes waits in the journal.
inline supervision::breaker_options channel_rules() {
  using namespace std::chrono_literals;
  supervision::breaker_options rules;
  rules.window = supervision::count_based{1};
  rules.minimum_number_of_calls = 1;
  rules.failure_rate_threshold = 1;
  rules.slow_call_duration = 1h; // slow is not wrong: nobody waits for it
  rules.permitted_calls_in_half_open = 1;
  rules.wait_in_open = 100ms;
  rules.max_wait_in_open = 30s;
  return rules;
}

/// A provider is judged by its last answers.
inline supervision::breaker_options provider_rules(const notify::options& o) {
  using namespace std::chrono_literals;
  supervision::breaker_options rules;
  rules.window = supervision::count_based{20};
  rules.minimum_number_of_calls = 5;
  rules.failure_rate_threshold = 0.5;
  rules.slow_call_duration = 1h; // its time-outs are failures
  rules.permitted_calls_in_half_open = 3;
  rules.wait_in_open = o.breaker_wait;
  rules.max_wait_in_open = o.breaker_max_wait;
  return rules;
}

struct node_context {
  /// @param steady_clock never goes back and never jumps; what breakers and heartbeats go by
  node_context(actors::options o, storage::journal& j, std::function<domain::timestamp()> clock,
               std::filesystem::path messages, messaging to_providers = {},
               supervision::shared_breaker::clock_function steady_clock =
                   supervision::shared_breaker::clock::now)
      : options(std::move(o)),
        journal(j),
        now(std::move(clock)),
        steady(std::move(steady_clock)),
        started_at(steady()),
        message_file(std::move(messages)),
        outside(std::move(to_providers)),
        bounds(*this),
        new_calls(options.mailboxes.new_calls) {
    // One zone a service, until zones are configured.
    for (auto s : domain::services) {
      const domain::shard_id shard{s, {}};
      shards.push_back(shard);
      last_call[shard] = journal.view().last_call(shard);
      dispatcher_state.try_emplace(shard);
      news.try_emplace(shard);
      calls_started.try_emplace(shard);
      admission.try_emplace(shard, admission_rules(options.breaker), steady);
    }
    if (!options.notify.sends()) {
      channels.try_emplace("log", channel_rules(), steady);
      note_reader("log");
      journal_readers.emplace_back("log");
    } else {
      journal_readers.emplace_back("alimtalk.ended");
      note_reader("alimtalk");
      for (const auto* provider : {"alimtalk", "sms"})
        if (provider != std::string_view{"sms"} || options.notify.has_sms()) {
          channels.try_emplace(provider, provider_rules(options.notify), steady);
          carried.try_emplace(provider);
        }
    }
    last_courier = journal.view().last_courier().value();
  }

  /// Where the calls and couriers of a service go.
  domain::shard_id shard_of(domain::service s) const { return {s, {}}; }

  /// Lets go of all actors: handles must not outlive the actor system, and a thread of a
  /// detached actor ends only when nobody holds it.
  void forget_actors() {
    calls.clear();
    couriers.clear();
    dispatchers.clear();
    notifiers.clear();
    ledgers.clear();
    call_supervisors.clear();
    courier_supervisors.clear();
    roots.clear();
  }

  /// A channel has looked at the journal up to here.
  void looked_at(std::string_view channel, domain::shard_id shard, domain::seq_no n) {
    read_up_to.find(channel)->second.at(shard) = n.value();
  }

  attempt_no new_attempt() { return attempt_no{++last_attempt}; }

  const actors::options options;
  storage::journal& journal;
  /// The wall clock, for what is stored or shown. It may jump, either way.
  const std::function<domain::timestamp()> now;
  const supervision::shared_breaker::clock_function steady;
  const supervision::shared_breaker::clock::time_point started_at;
  const std::filesystem::path message_file;
  const messaging outside;
  /// Stand between new calls and their dispatcher.
  std::map<domain::shard_id, supervision::shared_breaker> admission;
  /// Stand between the notifier and each of its channels.
  std::map<std::string, supervision::shared_breaker, std::less<>> channels;
  std::atomic<bool> manage_paused = false; ///< by an operator: no new call
  std::atomic<bool> assign_paused = false; ///< by an operator: no call gets a courier
  supervision::observation seen;
  restart_log restarts;
  tracer traces{seen, now, steady};
  const mailboxes bounds;
  door new_calls;

  std::vector<domain::shard_id> shards;
  /// The channels that read the journal: nothing is forgotten before all have come past it.
  std::vector<std::string> journal_readers;
  /// They take supervision::start_child with a call's packed id as the key.
  directory<domain::shard_id, caf::actor> call_supervisors;
  directory<domain::call_id, call_actor> calls;
  directory<domain::courier_id, courier_actor> couriers;
  directory<domain::shard_id, dispatcher_actor> dispatchers;
  directory<std::string_view, notifier_actor> notifiers; ///< by channel
  directory<std::string_view, ledger_actor> ledgers;     ///< one, named "ledger"
  /// By shard, as the supervisors of calls.
  directory<domain::shard_id, caf::actor> courier_supervisors;
  directory<std::string_view, caf::actor> roots; ///< one, named "root"

  std::map<domain::shard_id, courier_news> news; ///< what dispatchers are to look at

  // Those whose actor kept crashing.
  quarantine<domain::call_id> quarantined_calls;
  quarantine<domain::courier_id> quarantined_couriers;

  std::map<domain::shard_id, std::atomic<std::uint64_t>> last_call;
  std::atomic<std::uint64_t> last_courier = 0;
  std::atomic<std::uint64_t> last_attempt = 0;
  std::atomic<std::uint64_t> last_generation = 0; ///< of the supervisors of calls

  std::map<domain::shard_id, dispatcher_gauges> dispatcher_state;
  /// Whether every live call of a shard has been given its actor.
  std::map<domain::shard_id, std::atomic<bool>> calls_started;
  std::map<std::string, channel_counters, std::less<>> carried; ///< by provider
  std::atomic<std::uint64_t> messages_waiting = 0;              ///< on their way to a provider
  /// The journal's position up to which each channel that runs has looked, by shard.
  std::map<std::string, std::map<domain::shard_id, std::atomic<std::uint64_t>>, std::less<>>
      read_up_to;
  node_counters counters;

  // Counts towards the faults of options.faults.
  std::atomic<std::uint64_t> fault_call = 0;
  std::atomic<std::uint64_t> fault_dispatcher = 0;

private:
  void note_reader(const std::string& channel) {
    for (const auto shard : shards)
      read_up_to[channel].try_emplace(shard);
  }
};

} // namespace pickup::actors

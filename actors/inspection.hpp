// What can be seen of a running node's actors, for code that knows nothing of actors. Nothing
// here waits for a busy actor but a snapshot, and that for a second at most. Thread-safe. Owned
// by the application; outlives every server that calls it.
#pragma once

#include "actors/operation.hpp"
#include "domain/call.hpp"
#include "domain/position.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pickup::actors {

using std::chrono::nanoseconds;

/// Of the times measured.
struct quantiles {
  nanoseconds p50{0};
  nanoseconds p99{0};
};

/// What an actor is handling.
struct work_under_way {
  std::string message;
  nanoseconds since{0};
};

/// One actor. What is counted of one actor is counted from when it was first watched.
struct actor_figures {
  actor_view who;
  std::string state; ///< "DISPATCHING", "ready", "off_shift", …
  std::uint64_t depth = 0;
  std::uint64_t high_water = 0;
  std::uint64_t messages = 0;
  std::uint64_t rejected = 0;
  std::optional<quantiles> wait;
  std::optional<quantiles> handling;
  std::uint64_t restarts = 0; ///< among the node's latest, as in restarts()
  std::string last_exit;      ///< the reason of the last of them
  std::optional<work_under_way> running;
};

enum class actor_order : std::uint8_t {
  messages,
  depth,
  high_water,
  wait,
  handling,
  rejected,
  restarts,
  running, ///< what takes longest now
};

struct actor_query {
  std::string kind;              ///< empty: all
  std::optional<actor_order> by; ///< the highest first; unset: in no order
  std::size_t most = 100;
  std::chrono::milliseconds window{0}; ///< count and measure for so long; 0: all there is
};

struct actor_list {
  std::vector<actor_figures> actors;
  std::uint64_t total = 0;
  std::uint64_t measured = 0;       ///< of all kinds, how many are measured each on its own
  std::chrono::nanoseconds took{0}; ///< what looking cost, without waiting
};

/// One restart, or what else a supervisor did about a child's end.
struct restart_story {
  std::uint64_t n = 0; ///< counts from 1
  domain::timestamp at;
  std::string supervisor;
  std::string child;
  std::optional<actor_view> actor; ///< unless the child is a supervisor
  std::uint32_t incarnation = 0;
  std::string message; ///< what it was handling; empty when that is not known
  std::string reason;
  std::string by;      ///< the operator who ordered it; empty when nobody did
  std::string outcome; ///< restarts, drops, quarantines, escalates or fences
  std::vector<std::string> siblings;
  std::optional<std::uint64_t> caused_by; ///< the restart that led to this one
  std::string story;                      ///< all of it in words
};

/// What an actor says of itself, by name.
using actor_snapshot = std::vector<std::pair<std::string, std::string>>;

struct actor_details {
  actor_figures figures;
  std::string supervisor;
  domain::result<actor_snapshot> snapshot; ///< errors: timeout (no answer), conflict (no actor)
  std::vector<restart_story> stories;      ///< newest first
};

/// What its supervisors do when an actor ends other than well.
enum class aftermath : std::uint8_t {
  restarted,
  quarantined,          ///< not started again, as it crashed too often
  supervisor_restarted, ///< its supervisor gives up, and is started again with all below
  process_ends,         ///< all of them give up
  unknown,              ///< a supervisor did not tell in time
};

/// What would follow if an actor ended now.
struct fate {
  std::string supervisor;
  bool quarantined = false; ///< it is so already, and does not run
  aftermath then = aftermath::restarted;
  std::uint64_t actors = 1;     ///< that end with it, itself included
  bool with_dispatcher = false; ///< that of its couriers is among them
  /// As their courier would count as lost; unset when the dispatcher did not say.
  std::optional<std::uint64_t> calls_redispatched = 0;
  bool on_last_thread = false;    ///< it shares the threads of the actors, and all others hang
  domain::duration hang_limit{0}; ///< the process ends when all threads hang for so long
};

/// A supervisor or a worker, and those below.
struct tree_node {
  std::string name;
  bool supervisor = false;
  std::string state;
  std::uint64_t restarts = 0;
  std::optional<std::chrono::milliseconds> backoff; ///< until it is started again
  std::optional<actor_view> actor;
  // of supervisors
  std::string strategy;
  std::uint32_t intensity = 0;
  std::chrono::milliseconds period{0};
  std::uint32_t restarts_left = 0;
  std::uint64_t active = 0;
  std::uint64_t restarting = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t zombies = 0;
  bool truncated = false;
  std::vector<tree_node> children;
};

/// How many messages, or calls, found no room, and why.
struct reject_count {
  std::string actor; ///< kind; empty for calls that were refused before there was an actor
  std::string what;  ///< type of message, or cause
  std::uint64_t count = 0;
};

struct reject_list {
  std::vector<reject_count> mailboxes;
  std::vector<reject_count> ended; ///< to actors that had ended; by kind
  std::vector<reject_count> calls; ///< new calls, by cause
};

/// Whose messages to follow, and for how long.
struct trace_order {
  actor_view whose; ///< a call or courier need not be alive
  std::size_t messages = 1000;
  domain::duration time{0};
};

struct traced_message {
  domain::timestamp at;
  actor_view actor; ///< who handled it
  std::string message;
  std::vector<actor_view> about;
  std::optional<nanoseconds> waited;
  std::optional<nanoseconds> took; ///< unset while it is being handled
  bool failed = false;             ///< it ended the actor

  friend auto operator<=>(const traced_message&, const traced_message&) = default;
};

struct trace_view {
  std::uint64_t n = 0;
  trace_order what;
  domain::timestamp started_at;
  domain::timestamp ends_at;
  bool done = false;
  bool truncated = false; ///< it was full before its time was over
  std::vector<traced_message> messages;
};

/// Calls that somebody has to act for, as far as they were looked at.
struct calls_on_map {
  std::vector<domain::call> newest; ///< newest first
  bool truncated = false;           ///< there were more than were looked at
  /// Of those looked for, or, when it is truncated, of all under way.
  std::uint64_t total = 0;
};

/// A message to a customer, and what has become of it.
struct message_attempt {
  std::string intent;   ///< "pickup/0:17"
  std::string kind;     ///< RECEIVED, CONFIRMED, …
  domain::timestamp at; ///< of what was last done for it
  std::string correlation_id;
  std::string state; ///< told, waiting, or the delivery's
  std::string via;   ///< alimtalk, sms or lms; empty for the log
  std::uint32_t attempts = 0;
  std::int32_t code = 0;
  std::string reason;
};

class inspection {
public:
  virtual ~inspection() = default;

  /// Takes as long as the query's window, or until the node is about to end.
  virtual actor_list list(const actor_query& what) = 0;
  /// Also one that is being restarted, or in quarantine. Errors: not_found.
  virtual domain::result<actor_details> find(const actor_view& who) = 0;
  /// Errors: not_found.
  virtual domain::result<fate> foresee(const actor_view& who) = 0;
  virtual tree_node tree() = 0;
  /// At most `most` of those after number `after`, newest first.
  virtual std::vector<restart_story> restarts(std::uint64_t after, std::size_t most) = 0;
  virtual reject_list rejects() = 0;

  /// Looks at the `most` newest calls that somebody has to act for, for those in a box, or for
  /// all. Errors: io, corrupt.
  virtual domain::result<calls_on_map> calls_under_way(domain::service s,
                                                       const std::optional<domain::box>& within,
                                                       std::size_t most) = 0;
  /// The messages a call's customer was owed, oldest first. Errors: io, corrupt.
  virtual domain::result<std::vector<message_attempt>> messages_of(domain::call_id call) = 0;

  /// Errors: conflict (too many at a time), not_found (no such kind or id).
  virtual domain::result<trace_view> start_trace(const trace_order& what) = 0;
  /// The latest, oldest first, without their messages.
  virtual std::vector<trace_view> list_traces() = 0;
  /// What traces have seen of messages to a call, and about it, oldest first; each once.
  virtual std::vector<traced_message> traced_about(domain::call_id call) = 0;
  /// @param after how many of its messages to leave out
  /// Errors: not_found.
  virtual domain::result<trace_view> find_trace(std::uint64_t n, std::size_t after) = 0;
  virtual domain::status_result end_trace(std::uint64_t n) = 0;

  /// Has actors measure every message for that long from now on.
  virtual void watch_for(domain::duration time) = 0;
};

} // namespace pickup::actors

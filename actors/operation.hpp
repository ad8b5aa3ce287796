// What operators and tests may do to a running node, for code that knows nothing of actors.
// Thread-safe. Owned by the application; outlives every server that calls it.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/service.hpp"
#include "domain/time.hpp"
#include "domain/views.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::actors {

/// An actor: kind "call", "courier", "dispatcher", "ledger" or "notifier", and an
/// id that is unique among its kind: "pickup:17", "5", "pickup", "node", "log".
struct actor_view {
  std::string kind;
  std::string id;

  friend auto operator<=>(const actor_view&, const actor_view&) = default;
};

/// What an actor is made to do.
enum class fault : std::uint8_t {
  kill,    ///< end at once
  crash,   ///< throw in the place of handling its next message
  hang,    ///< do nothing for a given time, once it is to handle its next message
  restart, ///< end once what waits is handled, to be started again; or start in spite of
           ///< quarantine
};

constexpr std::string_view name(fault f) {
  constexpr std::array<std::string_view, 4> names{"kill", "crash", "hang", "restart"};
  return names.at(static_cast<std::size_t>(f));
}

/// The two stages of admission. Paused, `manage` refuses new calls; `assign` leaves them
/// 호출중.
enum class stage : std::uint8_t { manage, assign };

constexpr std::string_view name(stage s) {
  return s == stage::manage ? "manage" : "assign";
}

/// A circuit breaker, named after what it guards: "admission:pickup".
struct breaker_view {
  std::string name;
  std::string state;       ///< closed, open, half_open, forced_open or disabled
  std::uint64_t calls = 0; ///< judged by now
  std::uint64_t failed = 0;
  std::uint64_t slow = 0;
  std::uint64_t rejected = 0;                    ///< since the start
  std::optional<domain::duration> retry_after{}; ///< unset while it waits for nothing
};

enum class breaker_command : std::uint8_t {
  trip,    ///< refuse everything until told otherwise
  reset,   ///< closed, as if just made
  disable, ///< let everything pass until told otherwise
};

constexpr std::string_view name(breaker_command c) {
  constexpr std::array<std::string_view, 3> names{"trip", "reset", "disable"};
  return names.at(static_cast<std::size_t>(c));
}

/// What operators have ordered for good, and what a node has ordered itself until they say
/// otherwise: it outlasts a node's life.
struct standing_orders {
  bool manage_paused = false;
  bool assign_paused = false;
  std::map<std::string, breaker_command> breakers; ///< by name; those tripped or disabled
};

/// Who gives an order, for the log and the story that is told of it.
struct orderer {
  std::string name; ///< as they say; nobody checks it
  std::string correlation_id;
};

/// A message that did not reach its customer.
struct dead_letter_view {
  std::string intent; ///< "pickup/0:17": the shard and the journal position
  domain::service service = domain::service::pickup;
  std::uint64_t call = 0;
  std::string kind;
  std::string tel;   ///< masked
  std::string via;   ///< alimtalk, sms or lms
  std::string state; ///< dead or bad_number
  std::int32_t code = 0;
  std::string reason;
  domain::timestamp at; ///< when it ended
};

struct dead_letter_list {
  std::vector<dead_letter_view> newest; ///< the last to end first
  std::uint64_t total = 0;              ///< all that are stored
};

/// What an operator does, to be written to the journal. No text may have more than 256 bytes.
struct audited {
  std::string operator_name; ///< as they say; nobody checks it
  std::string action;
  std::string object;
  std::string detail;
  std::string correlation_id;
  std::optional<domain::service> service{}; ///< of the object, when it is of one
};

/// The same as it was written.
struct audit_view {
  std::string id; ///< "pickup/0:512": the shard and the journal position
  domain::timestamp at;
  std::string operator_name;
  std::string action;
  std::string object;
  std::string detail;
  std::string correlation_id;
};

/// Where a reader of the audit has come to: the journal position by shard.
using audit_cursor = std::map<domain::shard_id, domain::seq_no>;

class inspection;

class operation {
public:
  virtual ~operation() = default;

  /// The node's actors, to be looked at; null while it has none. Hold it no longer than a
  /// request takes: the node's life does not end before.
  virtual std::shared_ptr<inspection> inspect() = 0;

  /// @param time how long a hang lasts
  /// Errors: not_found when no such actor is alive, nor one to be restarted in quarantine.
  virtual domain::status_result disturb(const actor_view& who, fault what,
                                        domain::duration time, const orderer& by) = 0;

  virtual void pause(stage which, bool paused, const orderer& by) = 0;

  virtual std::vector<breaker_view> list_breakers() = 0;
  /// Errors: not_found.
  virtual domain::status_result command(const std::string& breaker, breaker_command what,
                                        const orderer& by) = 0;

  /// The last to end, at most `most`; of each shard the last 1,000 are known. Errors: io,
  /// corrupt, unavailable.
  virtual domain::result<dead_letter_list> list_dead_letters(std::size_t most) = 0;

  /// Why each courier of a call was chosen, the first of them first; empty when nobody was yet.
  /// Errors: not_found, io, corrupt, unavailable.
  virtual domain::result<std::vector<domain::assignment_explanation>>
  explain(domain::call_id call) = 0;

  // Errors of all that follow: those of gateway's commands. A call in quarantine is given
  // another chance by either of the two commands.

  /// Takes a call from its courier, who is not asked again for it, and dispatches it anew.
  /// Errors: not_found; conflict.
  virtual domain::result<domain::call_view> reassign(domain::call_id call, std::string reason,
                                                     std::string correlation_id) = 0;
  /// Cancels as gateway::cancel() does, but for the operator.
  virtual domain::result<domain::call_view>
  cancel_as_operator(domain::call_id call, std::string reason, std::string correlation_id) = 0;
  /// Writes down what is done; its audit_view::id, once it is durable. Errors: invalid_argument
  /// (a text is too long).
  virtual domain::result<std::string> audit(audited what) = 0;
  /// What was done, the newest first, at most `most`; of what is older than the one with the id
  /// `before`, if it is given. Errors: invalid_argument (nothing has this id), io, corrupt,
  /// unavailable.
  virtual domain::result<std::vector<audit_view>>
  list_audit(std::size_t most, const std::optional<std::string>& before) = 0;
  /// What was done since, of each shard in its order; moves `last` on. Who begins with an empty
  /// one is told what is done from now on. Errors: io, corrupt, unavailable.
  virtual domain::result<std::vector<audit_view>> audited_after(audit_cursor& last) = 0;
};

/// What operators may do to the process a node runs in. Thread-safe. Owned by the application;
/// outlives every server that calls it.
class process_control {
public:
  virtual ~process_control() = default;

  /// Ends the process as SIGTERM does: in order, soon, not at once.
  virtual void drain() = 0;
  /// Makes a copy of the data directory while running; where it is. Errors: io, unavailable.
  virtual domain::result<std::string> back_up() = 0;
};

} // namespace pickup::actors

// The state machine of a call and of its assignment. Pure: time is an argument.
#pragma once

#include "domain/courier.hpp"
#include "domain/explanation.hpp"
#include "domain/ids.hpp"
#include "domain/position.hpp"
#include "domain/result.hpp"
#include "domain/service.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pickup::domain {

/// Where a call stands, in detail. On disk: append, never renumber.
enum class phase : std::uint8_t {
  requested = 1,     ///< accepted, not yet with the dispatcher
  dispatching = 2,   ///< the dispatcher has it; no courier
  confirmed = 3,     ///< a courier is assigned
  arrived = 4,       ///< the courier is at the place
  picked_up = 5,     ///< the courier has it
  completed = 6,     ///< done
  canceled = 7,      ///< by customer or operator
  unfulfilled = 8,   ///< nobody was found in time
  pickup_failed = 9, ///< the courier reported failure
  scheduled = 10,    ///< accepted for a time that is still far; the dispatcher gets it then
};

/// The highest number a phase has.
inline constexpr phase last_phase = phase::scheduled;

/// Where a call stands, as the API's `status` says it.
enum class status : std::uint8_t { called, dispatching, confirmed, canceled };

/// What happened in a transition. On disk: append, never renumber.
enum class event : std::uint8_t {
  called = 1,
  managed = 2,
  assigned = 3,
  arrived = 4,
  picked_up = 5,
  completed = 6,
  call_canceled = 7,
  assign_canceled = 8,
  unfulfilled = 9,
  pickup_failed = 10,
  scheduled = 11,
};

/// The highest number an event has.
inline constexpr event last_event = event::scheduled;

/// Why an assignment or a call ended early. On disk: append, never renumber.
enum class cause : std::uint8_t {
  none = 0,
  customer = 1,
  by_operator = 2, ///< "operator" is C++'s own word
  courier_declined = 3,
  courier_lost = 4,
  pickup_failed = 5,
  expired = 6,
};

/// What the customer is told. On disk: append, never renumber.
enum class message : std::uint8_t {
  received = 1,
  confirmed = 2,
  reassigned = 3,
  arrived = 4,
  picked_up = 5,
  completed = 6,
  canceled = 7,
  unfulfilled = 8,
  failed = 9,
};

constexpr status status_of(phase p) {
  switch (p) {
  case phase::requested:
  case phase::scheduled: return status::called;
  case phase::dispatching: return status::dispatching;
  case phase::confirmed:
  case phase::arrived:
  case phase::picked_up:
  case phase::completed: return status::confirmed;
  case phase::canceled:
  case phase::unfulfilled:
  case phase::pickup_failed: return status::canceled;
  }
  return status::canceled;
}

/// Nothing happens to a call after these.
constexpr bool ended(phase p) {
  return p == phase::completed || status_of(p) == status::canceled;
}

/// Somebody has to act for the call now: it has not ended, nor is its time still to come.
constexpr bool under_way(phase p) {
  return p != phase::scheduled && !ended(p);
}

/// "REQUESTED", "PICKED_UP", …
std::string_view name(phase p);
/// "호출", "호출중", "호출확정", "호출취소".
std::string_view name(status s);
/// "PickupCalled", "TaxiAssignCancelled", …
std::string name(event e, service s);
/// "customer", "operator", …; empty for none.
std::string_view name(cause c);
/// "RECEIVED", "CONFIRMED", …
std::string_view name(message m);

std::optional<status> parse_status(std::string_view text);

/// What the customer asked for. Never changes.
struct call_request {
  service_class wanted = service_class::under10kg;
  std::string tel;      ///< as given
  std::string location; ///< the place's name as given; empty when only coordinates were
  position where;
  std::optional<std::int64_t> cost; ///< won
  std::optional<std::string> memo;
  std::optional<timestamp> pickup_at; ///< nobody is to come earlier; unset: as soon as possible

  friend bool operator==(const call_request&, const call_request&) = default;
};

/// The last courier of a call.
struct assignment {
  seq_no id; ///< the journal position of the commit that made it
  courier_id courier;
  metres distance; ///< from courier to call when it was made
  bool live = false;

  friend bool operator==(const assignment&, const assignment&) = default;
};

/// A call as stored: its state, without its history.
struct call {
  call_id id;
  version_no version; ///< how many commits it has seen; the journal counts
  call_request request;
  domain::phase phase = domain::phase::requested;
  timestamp created_at;
  timestamp updated_at;
  timestamp wait_until;                 ///< unfulfilled when no courier is found by then
  std::optional<timestamp> dispatch_at; ///< when a scheduled call goes to the dispatcher
  std::optional<assignment> assigned;   ///< the last one, until the call is dispatched again
  std::uint32_t times_assigned = 0;
  std::vector<courier_id> excluded; ///< not to be asked again, in the order they dropped out
  seq_no last;                      ///< the journal position of its last commit
  std::string correlation_id;       ///< of the last transition

  bool has_live_assignment() const { return assigned && assigned->live; }

  friend bool operator==(const call&, const call&) = default;
};

/// One step of a call's life, as its history shows it.
struct transition {
  domain::event event = domain::event::called;
  domain::phase phase = domain::phase::requested; ///< after it
  domain::cause cause = domain::cause::none;
  courier_id courier{}; ///< whom it concerns; 0 when nobody
  seq_no assignment{};  ///< which assignment ended; 0 for none, or for the one just made
  metres distance{};    ///< for `assigned`
  std::string reason{}; ///< free words with a cancellation
  timestamp due{};      ///< for `scheduled`: when the dispatcher gets the call

  friend bool operator==(const transition&, const transition&) = default;
};

// -- commands --

/// The dispatcher registered the call.
struct manage {};

/// The dispatcher is to have the call at `due`, not earlier.
struct schedule {
  timestamp due;
};

/// The dispatcher reserved this courier.
struct assign {
  courier_id courier;
  metres distance;
  std::optional<explanation> why{};
};

/// The customer or an operator takes the call back.
struct cancel {
  domain::cause by = cause::customer;
  std::string reason;
};

/// The courier's side of a job.
enum class job_step : std::uint8_t { decline, arrived, picked_up, completed, failed };

std::string_view name(job_step step);

/// A courier reports on the job they hold.
struct job_report {
  courier_id courier;
  job_step step = job_step::arrived;
};

/// No heartbeat of this courier for too long.
struct lose_courier {
  courier_id courier;
};

/// An operator takes the call from its courier, who is not asked again for it.
struct reassign {
  std::string reason;
};

/// The time a call may wait is over.
struct expire {};

using command =
    std::variant<manage, schedule, assign, cancel, job_report, lose_courier, reassign, expire>;

/// What a command makes of a call: the next state and what is to be recorded and told.
struct decision {
  call next;
  std::vector<transition> transitions; ///< empty: nothing changes, nothing is stored
  std::optional<domain::message> message;
  std::optional<explanation> why{}; ///< of the assignment, when it makes one
};

/// A new call, not yet with the dispatcher. The time it may wait counts from now or, when it
/// asks for a later time of pickup, from then: nobody has waited for who is not yet expected.
decision request(call_id id, call_request what, timestamp now, duration max_wait);

/// A time of pickup that lies no farther back than this means now: clocks differ, and requests
/// take their time.
inline constexpr duration past_tolerance = std::chrono::minutes{1};

/// Whether a call may ask for this time. Errors: out_of_range, with the fact "field".
status_result check_pickup_at(timestamp pickup_at, timestamp now, duration max_ahead);

/// When the dispatcher is to get the call; nothing when it is to have it at once.
std::optional<timestamp> dispatch_time(const call_request& what, timestamp now,
                                       duration lead_time);

/// Applies `what` to a call. Errors: conflict (not legal in this phase, with the fact "phase"),
/// not_found (the courier does not hold this job). A cancellation of a canceled call, and news
/// that come too late (a lost courier whose job moved on, an expiry of a call that found its
/// courier), change nothing.
result<decision> step(const call& before, const command& what, timestamp now);

/// Adds a further command to a decision that is not yet stored, so that both share one commit.
/// The messages merge: the later one is the one told.
result<decision> then(decision first, const command& what, timestamp now);

} // namespace pickup::domain

// What can be set about the actors. Plain values, checked by validate(); see
// config/pickupd.toml for the cost of too high and too low.
#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "notify/options.hpp"

#include <cstdint>
#include <string>

namespace pickup::actors {

using namespace std::chrono_literals;

struct dispatch_options {
  double max_pickup_distance_m = 20'000;      ///< metres
  domain::duration max_wait = 30min;          ///< a call without a courier is then unfulfilled
  domain::duration lead_time = 15min;         ///< a scheduled call is dispatched so much before
  domain::duration max_ahead = 720h;          ///< no pickup is scheduled later than this
  domain::duration courier_lost_after = 120s; ///< without a heartbeat
  domain::duration manage_timeout =
      1s; ///< a POST is refused when the dispatcher has not answered by then
  domain::duration idempotency_window = 24h; ///< how long a key is remembered
  domain::duration assign_pause_min = 100ms; ///< after matching failed; doubles up to …
  domain::duration assign_pause_max = 10s;   ///< … this
};

struct limits_options {
  domain::duration request_timeout = 5s; ///< the longest a command waits for its commit
  std::uint32_t call_queue = 32;         ///< commands that may wait at one call
  std::uint32_t scheduler_threads = 2;   ///< CAF workers; 0 means one a core
  std::uint32_t workers() const;         ///< how many that is
};

struct supervision_options {
  std::uint32_t intensity = 10;          ///< restarts a supervisor allows …
  domain::duration period = 10s;         ///< … within this time
  std::uint32_t call_intensity = 1000;   ///< the same for the supervisor of calls
  std::uint32_t courier_intensity = 100; ///< the same for the supervisor of couriers
  std::uint32_t child_intensity = 5;     ///< the same for one call or courier
  domain::duration hang_limit = 30s;     ///< the process ends when no actor runs for so long
  bool measure = true;                   ///< what actors do can be seen while they do it
};

/// How much may wait at one actor of each kind; what comes beyond it is refused.
struct mailboxes_options {
  std::uint32_t new_calls = 4096;  ///< that have begun and have no answer yet, in all
  std::uint32_t call = 64;         ///< commands and questions at one call
  std::uint32_t dispatcher = 8192; ///< new calls and new couriers at one dispatcher
  std::uint32_t courier = 64;      ///< changes of the record at one courier
  std::uint32_t ledger = 64;       ///< nobody but itself tells it anything
  std::uint32_t notifier = 64;     ///< nobody but itself tells it anything
};

/// When new calls of a service are refused for a while, see supervision/breaker.hpp.
struct breaker_options {
  domain::duration window = 10s;      ///< new calls of this time are judged by
  std::uint32_t minimum_calls = 20;   ///< fewer are not judged
  double failure_rate = 0.5;          ///< the part that failed that opens it
  double slow_rate = 0.5;             ///< the part that was slow that opens it
  domain::duration slow_call = 610ms; ///< longer is slow
  std::uint32_t trial_calls = 10;     ///< that decide whether it closes again
  domain::duration wait = 1s;         ///< open for so long; doubles each time …
  domain::duration max_wait = 30s;    ///< … up to this
};

/// For how long what is over is kept.
struct retention_options {
  domain::duration ended_calls = 2160h; ///< from a call's end on: 90 days; 0: for ever
};

/// Faults made on purpose, for tests. All off by default.
struct fault_options {
  /// Matching fails until the node has run for this long. 0: off.
  domain::duration fail_matching_for = 0s;
  /// Every n-th reservation crashes the call actor that receives it, before its commit. 0: off.
  std::uint32_t crash_call_every = 0;
  /// Every n-th reservation crashes the dispatcher that made it, before its commit. 0: off.
  std::uint32_t crash_dispatcher_every = 0;
};

struct options {
  dispatch_options dispatch;
  limits_options limits;
  supervision_options supervision;
  mailboxes_options mailboxes;
  breaker_options breaker;
  notify::options notify;
  retention_options retention;
  fault_options faults;
};

/// The first value that cannot work, by its name in the configuration file.
domain::status_result validate(const options& o);

} // namespace pickup::actors

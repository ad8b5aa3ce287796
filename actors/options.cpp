#include "actors/options.hpp"

#include "domain/options.hpp"

#include <algorithm>
#include <thread>

namespace pickup::actors {

namespace {

constexpr std::uint32_t most_scheduler_threads = 256;
// A queue is memory promised to every live call, so it has an end.
constexpr std::uint32_t longest_call_queue = 65'536;
// The same for mailboxes: of actors of which there are many, and of those there are few of.
constexpr std::uint32_t most_at_one_of_many = 65'536;
constexpr std::uint32_t most_at_one_of_few = 1'048'576;

constexpr domain::duration longest_retention = std::chrono::days{3660};

constexpr domain::duration shortest_window{100};

std::string at_least(std::string_view other, domain::duration value) {
  return "be at least " + std::string{other} + " (" + domain::to_text(value) + ")";
}

bool is_part(double x) {
  return x > 0 && x <= 1;
}

} // namespace

std::uint32_t limits_options::workers() const {
  return scheduler_threads != 0 ? scheduler_threads
                                : std::max(1U, std::thread::hardware_concurrency());
}

domain::status_result validate(const options& o) {
  const auto& d = o.dispatch;
  const auto& l = o.limits;
  const auto& v = o.supervision;
  const auto& m = o.mailboxes;
  return domain::option_checks{}
      .positive("dispatch.max_pickup_distance_m", d.max_pickup_distance_m)
      .positive("dispatch.max_wait", d.max_wait)
      .positive("dispatch.lead_time", d.lead_time)
      .positive("dispatch.max_ahead", d.max_ahead)
      // Else every call would be dispatched at once, and none be scheduled.
      .require(d.max_ahead >= d.lead_time, "dispatch.max_ahead",
               at_least("dispatch.lead_time", d.lead_time), domain::to_text(d.max_ahead))
      .positive("dispatch.courier_lost_after", d.courier_lost_after)
      .positive("dispatch.manage_timeout", d.manage_timeout)
      .positive("dispatch.idempotency_window", d.idempotency_window)
      .positive("dispatch.assign_pause_min", d.assign_pause_min)
      .positive("dispatch.assign_pause_max", d.assign_pause_max)
      .require(d.assign_pause_max >= d.assign_pause_min, "dispatch.assign_pause_max",
               at_least("dispatch.assign_pause_min", d.assign_pause_min),
               domain::to_text(d.assign_pause_max))
      .positive("limits.request_timeout", l.request_timeout)
      // Registering is part of a request: cut off earlier, none would learn why it was refused.
      .require(l.request_timeout >= d.manage_timeout, "limits.request_timeout",
               at_least("dispatch.manage_timeout", d.manage_timeout),
               domain::to_text(l.request_timeout))
      .between("limits.call_queue", l.call_queue, 1, longest_call_queue)
      .between("limits.scheduler_threads", l.scheduler_threads, 0, most_scheduler_threads)
      .positive("supervision.period", o.supervision.period)
      // Or the supervisor gives up before any child is quarantined.
      .require(v.child_intensity <= std::min(v.call_intensity, v.courier_intensity),
               "supervision.child_intensity",
               "be at most supervision.call_intensity and supervision.courier_intensity",
               std::to_string(v.child_intensity))
      .positive("supervision.hang_limit", o.supervision.hang_limit)
      .between("mailboxes.new_calls", m.new_calls, 1, most_at_one_of_few)
      .between("mailboxes.call", m.call, 1, most_at_one_of_many)
      .between("mailboxes.dispatcher", m.dispatcher, 1, most_at_one_of_few)
      .between("mailboxes.courier", m.courier, 1, most_at_one_of_many)
      .between("mailboxes.ledger", m.ledger, 1, most_at_one_of_few)
      .between("mailboxes.notifier", m.notifier, 1, most_at_one_of_few)
      .positive("breaker.window", o.breaker.window)
      .require(o.breaker.window >= shortest_window, "breaker.window",
               "be at least " + domain::to_text(shortest_window),
               domain::to_text(o.breaker.window))
      .between("breaker.minimum_calls", o.breaker.minimum_calls, 1, 100'000)
      .require(is_part(o.breaker.failure_rate), "breaker.failure_rate",
               "be more than 0 and at most 1", std::to_string(o.breaker.failure_rate))
      .require(is_part(o.breaker.slow_rate), "breaker.slow_rate",
               "be more than 0 and at most 1", std::to_string(o.breaker.slow_rate))
      .positive("breaker.slow_call", o.breaker.slow_call)
      .between("breaker.trial_calls", o.breaker.trial_calls, 1, 10'000)
      .positive("breaker.wait", o.breaker.wait)
      .positive("breaker.max_wait", o.breaker.max_wait)
      .require(o.breaker.max_wait >= o.breaker.wait, "breaker.max_wait",
               at_least("breaker.wait", o.breaker.wait), domain::to_text(o.breaker.max_wait))
      .require(o.retention.ended_calls >= domain::duration::zero(), "retention.ended_calls",
               "not be negative", domain::to_text(o.retention.ended_calls))
      .require(o.retention.ended_calls <= longest_retention, "retention.ended_calls",
               "be at most " + domain::to_text(longest_retention),
               domain::to_text(o.retention.ended_calls))
      .first_refusal();
}

} // namespace pickup::actors

#include "domain/call.hpp"

#include "domain/overloaded.hpp"

#include <algorithm>
#include <array>

namespace pickup::domain {

namespace {

// Writes the steps of one decision.
class writer {
public:
  writer(const call& before, timestamp now) : decision_{before, {}, {}} {
    next().updated_at = now;
  }

  call& next() { return decision_.next; }

  writer& record(transition t) {
    next().phase = t.phase;
    decision_.transitions.push_back(std::move(t));
    return *this;
  }

  writer& tell(message m) {
    decision_.message = m;
    return *this;
  }

  writer& explain(std::optional<explanation> why) {
    decision_.why = std::move(why);
    return *this;
  }

  // Ends the live assignment, if there is one, on the way to `after`.
  writer& cancel_assignment(cause why, phase after, std::string reason = {}) {
    if (next().has_live_assignment()) {
      next().assigned->live = false;
      record({event::assign_canceled,
              after,
              why,
              next().assigned->courier,
              next().assigned->id,
              {},
              std::move(reason),
              {}});
    }
    return *this;
  }

  // Sends the call back to the dispatcher, not to be offered to the same courier again.
  writer& dispatch_again(cause why, std::string reason = {}) {
    const auto gone = next().assigned->courier;
    cancel_assignment(why, phase::dispatching, std::move(reason));
    next().assigned.reset();
    next().excluded.push_back(gone);
    return *this;
  }

  decision finish() { return std::move(decision_); }

private:
  decision decision_;
};

decision unchanged(const call& before) {
  return {before, {}, {}};
}

std::string describe(const call& c) {
  return std::string{name(c.id.service())} + " call " + std::to_string(c.id.number());
}

error illegal(std::string_view action, const call& c) {
  return {errc::conflict,
          std::string{action} + ": " + describe(c) + ": is " + std::string{name(c.phase)},
          {{"phase", std::string{name(c.phase)}}}};
}

result<decision> on_manage(const call& before, timestamp now) {
  if (before.phase != phase::requested && before.phase != phase::scheduled)
    return illegal("manage", before);
  return writer{before, now}
      .record({event::managed, phase::dispatching})
      .tell(message::received)
      .finish();
}

result<decision> on_schedule(const call& before, const schedule& what, timestamp now) {
  if (before.phase != phase::requested)
    return illegal("schedule", before);
  writer w{before, now};
  w.next().dispatch_at = what.due;
  w.record({event::scheduled, phase::scheduled, cause::none, {}, {}, {}, {}, what.due});
  return w.finish();
}

result<decision> on_assign(const call& before, const assign& what, timestamp now) {
  if (before.phase != phase::dispatching)
    return illegal("assign", before);
  writer w{before, now};
  w.next().assigned = assignment{{}, what.courier, what.distance, true};
  w.record({event::assigned, phase::confirmed, cause::none, what.courier, {}, what.distance});
  w.tell(w.next().times_assigned++ == 0 ? message::confirmed : message::reassigned);
  w.explain(what.why);
  return w.finish();
}

result<decision> on_cancel(const call& before, const cancel& what, timestamp now) {
  if (status_of(before.phase) == status::canceled)
    return unchanged(before);
  if (before.phase == phase::picked_up || before.phase == phase::completed)
    return illegal("cancel", before);
  return writer{before, now}
      .record({event::call_canceled, phase::canceled, what.by, {}, {}, {}, what.reason, {}})
      .cancel_assignment(what.by, phase::canceled)
      .tell(message::canceled)
      .finish();
}

// What a courier's report leads to, and from where it is legal.
struct job_rule {
  event recorded;
  phase after;
  message told;
  std::array<phase, 2> legal_from;
};

job_rule rule_of(job_step step) {
  switch (step) {
  case job_step::arrived:
    return {
        event::arrived, phase::arrived, message::arrived, {phase::confirmed, phase::confirmed}};
  case job_step::picked_up:
    return {event::picked_up,
            phase::picked_up,
            message::picked_up,
            {phase::arrived, phase::arrived}};
  case job_step::completed:
    return {event::completed,
            phase::completed,
            message::completed,
            {phase::picked_up, phase::picked_up}};
  case job_step::failed:
    return {event::pickup_failed,
            phase::pickup_failed,
            message::failed,
            {phase::confirmed, phase::arrived}};
  case job_step::decline: break;
  }
  return {event::assign_canceled, phase::dispatching, {}, {phase::confirmed, phase::confirmed}};
}

result<decision> on_report(const call& before, const job_report& what, timestamp now) {
  const auto action = name(what.step);
  if (!before.assigned || before.assigned->courier != what.courier) {
    const auto& out = before.excluded;
    if (std::find(out.begin(), out.end(), what.courier) != out.end())
      return illegal(action, before);
    return error{errc::not_found,
                 std::string{action} + ": " + describe(before) + ": not a job of courier "
                     + std::to_string(what.courier.value()),
                 {}};
  }
  const auto rule = rule_of(what.step);
  if (std::find(rule.legal_from.begin(), rule.legal_from.end(), before.phase)
      == rule.legal_from.end())
    return illegal(action, before);
  writer w{before, now};
  if (what.step == job_step::decline)
    return w.dispatch_again(cause::courier_declined).finish();
  const auto why = what.step == job_step::failed ? cause::pickup_failed : cause::none;
  const auto ended = what.step == job_step::completed ? before.assigned->id : seq_no{};
  w.record({rule.recorded, rule.after, why, what.courier, ended}).tell(rule.told);
  if (what.step == job_step::failed)
    w.cancel_assignment(why, rule.after);
  if (what.step == job_step::completed)
    w.next().assigned->live = false;
  return w.finish();
}

result<decision> on_lost(const call& before, const lose_courier& what, timestamp now) {
  if (before.phase != phase::confirmed || before.assigned->courier != what.courier)
    return unchanged(before);
  return writer{before, now}.dispatch_again(cause::courier_lost).finish();
}

result<decision> on_reassign(const call& before, const reassign& what, timestamp now) {
  if (before.phase != phase::confirmed && before.phase != phase::arrived)
    return illegal("reassign", before);
  return writer{before, now}.dispatch_again(cause::by_operator, what.reason).finish();
}

result<decision> on_expire(const call& before, timestamp now) {
  // Before the call itself, the clock has gone back: then only the dispatcher, which says that
  // time is over, knows how long it was.
  const bool early = now >= before.created_at && now < before.wait_until;
  if (before.phase != phase::dispatching || early)
    return unchanged(before);
  return writer{before, now}
      .record({event::unfulfilled, phase::unfulfilled, cause::expired})
      .tell(message::unfulfilled)
      .finish();
}

} // namespace

std::string_view name(phase p) {
  switch (p) {
  case phase::requested: return "REQUESTED";
  case phase::dispatching: return "DISPATCHING";
  case phase::confirmed: return "CONFIRMED";
  case phase::arrived: return "ARRIVED";
  case phase::picked_up: return "PICKED_UP";
  case phase::completed: return "COMPLETED";
  case phase::canceled: return "CANCELED";
  case phase::unfulfilled: return "UNFULFILLED";
  case phase::pickup_failed: return "PICKUP_FAILED";
  case phase::scheduled: return "SCHEDULED";
  }
  return "";
}

std::string_view name(status s) {
  switch (s) {
  case status::called: return "호출";
  case status::dispatching: return "호출중";
  case status::confirmed: return "호출확정";
  case status::canceled: return "호출취소";
  }
  return "";
}

std::string name(event e, service s) {
  const auto suffix = [e]() -> std::string_view {
    switch (e) {
    case event::called: return "Called";
    case event::managed: return "Managed";
    case event::assigned: return "Assigned";
    case event::arrived: return "Arrived";
    case event::picked_up: return "PickedUp";
    case event::completed: return "Completed";
    case event::call_canceled: return "CallCancelled";
    case event::assign_canceled: return "AssignCancelled";
    case event::unfulfilled: return "Unfulfilled";
    case event::pickup_failed: return "Failed";
    case event::scheduled: return "Scheduled";
    }
    return "";
  };
  return std::string{s == service::pickup ? "Pickup" : "Taxi"}.append(suffix());
}

std::string_view name(cause c) {
  switch (c) {
  case cause::none: return "";
  case cause::customer: return "customer";
  case cause::by_operator: return "operator";
  case cause::courier_declined: return "courier_declined";
  case cause::courier_lost: return "courier_lost";
  case cause::pickup_failed: return "pickup_failed";
  case cause::expired: return "expired";
  }
  return "";
}

std::string_view name(message m) {
  switch (m) {
  case message::received: return "RECEIVED";
  case message::confirmed: return "CONFIRMED";
  case message::reassigned: return "REASSIGNED";
  case message::arrived: return "ARRIVED";
  case message::picked_up: return "PICKED_UP";
  case message::completed: return "COMPLETED";
  case message::canceled: return "CANCELED";
  case message::unfulfilled: return "UNFULFILLED";
  case message::failed: return "FAILED";
  }
  return "";
}

std::string_view name(job_step step) {
  switch (step) {
  case job_step::decline: return "decline";
  case job_step::arrived: return "arrived";
  case job_step::picked_up: return "picked-up";
  case job_step::completed: return "completed";
  case job_step::failed: return "failed";
  }
  return "";
}

std::optional<status> parse_status(std::string_view text) {
  for (auto s : {status::called, status::dispatching, status::confirmed, status::canceled})
    if (name(s) == text)
      return s;
  return std::nullopt;
}

decision request(call_id id, call_request what, timestamp now, duration max_wait) {
  call blank;
  blank.id = id;
  blank.wait_until = std::max(now, what.pickup_at.value_or(now)) + max_wait;
  blank.request = std::move(what);
  blank.created_at = now;
  return writer{blank, now}.record({event::called, phase::requested}).finish();
}

status_result check_pickup_at(timestamp pickup_at, timestamp now, duration max_ahead) {
  const auto refuse = [&](const std::string& must) {
    return error{errc::out_of_range,
                 "create call: pickupAt: must " + must + ", got " + to_rfc3339(pickup_at),
                 {{"field", "pickupAt"}}};
  };
  if (pickup_at < now - past_tolerance)
    return refuse("not be past, it is " + to_rfc3339(now));
  if (pickup_at > now + max_ahead)
    return refuse("not be later than " + to_rfc3339(now + max_ahead));
  return done{};
}

std::optional<timestamp> dispatch_time(const call_request& what, timestamp now,
                                       duration lead_time) {
  if (!what.pickup_at || *what.pickup_at - lead_time <= now)
    return std::nullopt;
  return *what.pickup_at - lead_time;
}

result<decision> step(const call& before, const command& what, timestamp now) {
  return std::visit(overloaded{
                        [&](const manage&) { return on_manage(before, now); },
                        [&](const schedule& x) { return on_schedule(before, x, now); },
                        [&](const assign& x) { return on_assign(before, x, now); },
                        [&](const cancel& x) { return on_cancel(before, x, now); },
                        [&](const job_report& x) { return on_report(before, x, now); },
                        [&](const lose_courier& x) { return on_lost(before, x, now); },
                        [&](const reassign& x) { return on_reassign(before, x, now); },
                        [&](const expire&) { return on_expire(before, now); },
                    },
                    what);
}

result<decision> then(decision first, const command& what, timestamp now) {
  auto second = step(first.next, what, now);
  if (!second)
    return second;
  auto& steps = first.transitions;
  steps.insert(steps.end(), second->transitions.begin(), second->transitions.end());
  first.next = std::move(second->next);
  if (second->message)
    first.message = second->message;
  if (second->why)
    first.why = std::move(second->why);
  return first;
}

} // namespace pickup::domain

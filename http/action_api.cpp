#include "http/action_api.hpp"

#include "actors/inspection.hpp"
#include "domain/options.hpp"
#include "http/audit_json.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"
#include "http/text.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace pickup::http {

namespace {

using namespace std::chrono_literals;

constexpr domain::duration longest_hang = 1min;
constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_reason = 200;
constexpr std::size_t longest_detail = 256;
constexpr std::uint64_t most_listed = 1000;

response refusal(const domain::error& why, const request& r) {
  return to_response(to_problem(why), r.correlation_id);
}

// As they say; nobody checks it.
domain::result<std::string> operator_of(const request& r) {
  if (r.operator_name.empty())
    return std::string{"operator"};
  auto name = percent_decoded(r.operator_name);
  if (!name || name->empty() || name->size() > longest_name)
    return domain::error{domain::errc::invalid_argument,
                         "read request: X-Operator: must be a name of at most 64 bytes, "
                         "percent-encoded",
                         {}};
  return *std::move(name);
}

domain::result<bool> is_dry(const target& t) {
  const auto given = t.parameter("dry-run").value_or("false");
  if (given != "true" && given != "false")
    return bad_query("dry-run", "true or false");
  return given == "true";
}

domain::result<std::string> reason_of(const target& t) {
  const std::string reason{t.parameter("reason").value_or("")};
  if (reason.size() > longest_reason)
    return bad_query("reason", "at most 200 bytes long");
  return reason;
}

domain::timestamp now() {
  return std::chrono::floor<domain::duration>(std::chrono::system_clock::now());
}

// For the audit, whose texts are short; never in the middle of a character.
std::string shortened(std::string text) {
  if (text.size() > longest_detail) {
    text.resize(longest_detail);
    while (!text.empty() && (text.back() & 0xC0) == 0x80)
      text.pop_back();
    if (!text.empty() && (text.back() & 0x80) != 0)
      text.pop_back();
  }
  return text;
}

void write_effect(json_writer& out, const effect& e) {
  out.begin_object();
  out.field("code", name(e.code));
  out.field("text", e.text);
  out.field_of_texts("facts", e.facts).end_object();
}

void write_done(json_writer& out, const action& what, const foresight& seen, bool dry,
                const std::optional<std::string>& audit) {
  out.begin_object();
  out.field("action", what.verb);
  out.field("object", what.object);
  out.field("dryRun", dry);
  out.key("effects").begin_array();
  for (const auto& effect : seen.effects)
    write_effect(out, effect);
  out.end_array();
  out.field("actorsStopped", seen.actors_stopped);
  out.field("callsRedispatched", seen.calls_redispatched);
  out.field("audit", audit);
  if (!dry && !what.found_name.empty())
    out.field(what.found_name, *what.found);
  out.end_object();
}

// What throws has failed too, and is told of like all else that has.
domain::status_result try_out(const action& what, const actors::orderer& by) {
  try {
    return what.carry_out(by);
  } catch (const std::exception& e) {
    return domain::error{domain::errc::io, what.verb + ' ' + what.object + ": " + e.what(), {}};
  }
}

} // namespace

response action_api::perform(const request& r, const target& t, action what) {
  const auto dry = is_dry(t);
  if (!dry)
    return refusal(dry.error(), r);
  const auto who = operator_of(r);
  if (!who)
    return refusal(who.error(), r);
  const auto seen = what.foresee();
  if (!seen)
    return refusal(seen.error(), r);
  std::optional<std::string> recorded;
  if (!*dry) {
    // What was begun without a record could be done without one; so the record comes first.
    auto audit = operation_->audit(
        {*who, what.verb, what.object, what.detail, r.correlation_id, what.service});
    if (audit)
      recorded = *std::move(audit);
    else if (!what.without_record)
      // A record that is late may come yet, of something that was not done.
      return audit.error().code == domain::errc::timeout
                 ? failed(r, *who, what, {}, audit.error())
                 : refusal(audit.error(), r);
    else
      spdlog::warn("action.unrecorded action={} object={:?} operator={:?} correlation_id={:?} "
                   "reason={:?}",
                   what.verb, what.object, *who, r.correlation_id, audit.error().text);
    if (const auto done = try_out(what, {*who, r.correlation_id}); !done)
      return failed(r, *who, what, recorded, done.error());
  }
  json_writer out;
  write_done(out, what, *seen, *dry, recorded);
  return {200, "application/json", out.take(), {}};
}

// The record of it is there already: another one says what became of it.
response action_api::failed(const request& r, const std::string& who, const action& what,
                            const std::optional<std::string>& recorded, domain::error why) {
  const auto told = operation_->audit(
      {who, "failed", what.object,
       shortened(what.verb + (recorded ? ' ' + *recorded : "") + ": " + why.text),
       r.correlation_id, what.service});
  if (!told)
    spdlog::warn("action.failed action={} object={:?} operator={:?} correlation_id={:?} "
                 "reason={:?} unrecorded={:?}",
                 what.verb, what.object, who, r.correlation_id, why.text, told.error().text);
  if (recorded)
    why.facts.emplace_back("audit", *recorded);
  return refusal(why, r);
}

// -- actors

domain::result<foresight> action_api::foresee(const actors::actor_view& who, actors::fault what,
                                              domain::duration time) {
  const auto node = operation_->inspect();
  if (!node)
    return domain::error{domain::errc::unavailable, "disturb: there are no actors now", {}};
  const auto fate = node->foresee(who);
  if (!fate)
    return fate.error();
  if (fate->quarantined && what != actors::fault::restart)
    return domain::error{domain::errc::conflict,
                         "disturb " + who.kind + ' ' + who.id
                             + ": does not run: it crashed too often; restart starts it again",
                         {}};
  if (fate->quarantined)
    return foresight{{{effect_code::another_chance,
                       "its supervisor " + fate->supervisor
                           + " gives it another chance, though it crashed too often",
                       {{"supervisor", fate->supervisor}}}},
                     0,
                     0};
  if (what == actors::fault::hang)
    return seen_in_hang(*fate, who, time);
  auto f = seen_in(*fate, who.kind);
  const auto service = domain::parse_service(who.id);
  if (who.kind == "dispatcher" && service && fate->then == actors::aftermath::restarted) {
    const auto couriers = gateway_->list_couriers({service}, {0, 1});
    if (!couriers)
      return couriers.error();
    f.actors_stopped += couriers->total;
    f.effects.push_back(
        {effect_code::couriers_restarted,
         "its " + std::to_string(couriers->total) + " courier actors are started again with it",
         {{"couriers", std::to_string(couriers->total)}}});
    f.effects.push_back({effect_code::turns_kept,
                         "calls that wait keep their turn; assignments stay as they are"});
  } else if (who.kind == "call") {
    f.effects.push_back({effect_code::command_refused,
                         "a command it is working on is answered 503, and may be repeated"});
  } else if (who.kind == "notifier") {
    f.effects.push_back({effect_code::messages_kept,
                         "messages wait for a moment; none is lost, none is sent twice"});
  }
  return f;
}

response action_api::disturb(const request& r, const target& t, const actors::actor_view& who,
                             actors::fault what) {
  const auto time = read_duration(t, "for", 1s, 1ms, longest_hang);
  if (!time)
    return refusal(time.error(), r);
  action a;
  a.verb = name(what);
  a.object = who.kind + ' ' + who.id;
  if (what == actors::fault::hang)
    a.detail = domain::to_text(*time);
  a.foresee = [&] { return foresee(who, what, *time); };
  a.carry_out = [&](const actors::orderer& by) {
    return operation_->disturb(who, what, *time, by);
  };
  return perform(r, t, std::move(a));
}

// -- stages and breakers

response action_api::pause(const request& r, const target& t, actors::stage which,
                           bool paused) {
  action a;
  a.verb = paused ? "pause" : "resume";
  a.object = "stage " + std::string{name(which)};
  a.foresee = [&] { return foresight{{effect_of(which, paused)}, 0, 0}; };
  a.carry_out = [&](const actors::orderer& by) -> domain::status_result {
    operation_->pause(which, paused, by);
    return domain::done{};
  };
  return perform(r, t, std::move(a));
}

response action_api::command(const request& r, const target& t, const std::string& breaker,
                             actors::breaker_command what) {
  action a;
  a.verb = name(what);
  a.object = "breaker " + breaker;
  a.foresee = [&]() -> domain::result<foresight> {
    const auto all = operation_->list_breakers();
    const auto known = std::ranges::find(all, breaker, &actors::breaker_view::name);
    if (known == all.end())
      return domain::error{
          domain::errc::not_found, "command breaker " + breaker + ": there is none", {}};
    return foresight{{{effect_code::breaker_state,
                       "it is " + known->state + " now",
                       {{"state", known->state}}},
                      effect_of(what)},
                     0,
                     0};
  };
  a.carry_out = [&](const actors::orderer& by) {
    return operation_->command(breaker, what, by);
  };
  return perform(r, t, std::move(a));
}

// -- calls and couriers

domain::result<actors::call_view> action_api::look_up(domain::call_id call) {
  auto found = gateway_->find(call);
  if (!found)
    return found.error();
  if (!*found)
    return domain::error{
        domain::errc::not_found, "find " + name_of(call) + ": there is none", {}};
  return std::move(**found);
}

domain::result<actors::courier_view> action_api::look_up(domain::courier_id courier) {
  auto found = gateway_->find(courier);
  if (!found)
    return found.error();
  if (!*found)
    return domain::error{
        domain::errc::not_found, "find " + name_of(courier) + ": there is none", {}};
  return std::move(**found);
}

response
action_api::command_call(const request& r, const target& t, domain::call_id call,
                         const std::string& verb, const domain::command& what,
                         std::function<domain::result<actors::call_view>()> carry_out) {
  action a;
  a.verb = verb;
  a.object = name_of(call);
  a.detail = t.parameter("reason").value_or("");
  a.service = call.service();
  a.foresee = [&]() -> domain::result<foresight> {
    const auto found = look_up(call);
    if (!found)
      return found.error();
    const auto made = step(found->call, what, now());
    return made ? domain::result<foresight>{seen_in(*made)} : made.error();
  };
  a.carry_out = [&](const actors::orderer&) -> domain::status_result {
    const auto done = carry_out();
    return done ? domain::status_result{domain::done{}} : done.error();
  };
  return perform(r, t, std::move(a));
}

response action_api::cancel(const request& r, const target& t, domain::call_id call) {
  const auto reason = reason_of(t);
  if (!reason)
    return refusal(reason.error(), r);
  return command_call(
      r, t, call, "cancel", domain::cancel{domain::cause::by_operator, *reason},
      [&] { return operation_->cancel_as_operator(call, *reason, r.correlation_id); });
}

response action_api::reassign(const request& r, const target& t, domain::call_id call) {
  const auto reason = reason_of(t);
  if (!reason)
    return refusal(reason.error(), r);
  return command_call(r, t, call, "reassign", domain::reassign{*reason},
                      [&] { return operation_->reassign(call, *reason, r.correlation_id); });
}

response action_api::set_shift(const request& r, const target& t, domain::courier_id courier,
                               bool on) {
  const auto found = look_up(courier);
  if (!found)
    return refusal(found.error(), r);
  action a;
  a.verb = on ? "on-shift" : "off-shift";
  a.object = name_of(courier);
  a.service = found->courier.service;
  a.foresee = [&]() -> domain::result<foresight> {
    const auto same = found->courier.on_shift == on;
    return foresight{{same ? no_change() : effect_of_shift(on, found->load)}, 0, 0};
  };
  a.carry_out = [&](const actors::orderer&) -> domain::status_result {
    domain::courier_change change;
    change.on_shift = on;
    const auto done = gateway_->change(courier, change, r.correlation_id);
    return done ? domain::status_result{domain::done{}} : done.error();
  };
  return perform(r, t, std::move(a));
}

namespace {

action unmasking(std::string object, domain::service of, std::string tel) {
  action a;
  a.verb = "unmask";
  a.object = std::move(object);
  a.service = of;
  a.foresee = [] {
    return foresight{{{effect_code::number_shown, "you see the whole telephone number"}}, 0, 0};
  };
  a.carry_out = [](const actors::orderer&) -> domain::status_result { return domain::done{}; };
  a.found_name = "tel";
  *a.found = std::move(tel);
  return a;
}

} // namespace

response action_api::unmask(const request& r, const target& t, domain::call_id call) {
  auto found = look_up(call);
  return found ? perform(
             r, t, unmasking(name_of(call), call.service(), std::move(found->call.request.tel)))
               : refusal(found.error(), r);
}

response action_api::unmask(const request& r, const target& t, domain::courier_id courier) {
  auto found = look_up(courier);
  return found ? perform(
             r, t,
             unmasking(name_of(courier), found->courier.service, std::move(found->courier.tel)))
               : refusal(found.error(), r);
}

// -- the process

response action_api::drain(const request& r, const target& t) {
  action a;
  a.verb = "drain";
  a.object = "process";
  a.foresee = [] {
    return foresight{{{effect_code::drained,
                       "no new connection is taken, what is in flight is finished, and the "
                       "process ends within seconds"},
                      {effect_code::process_restarted,
                       "what is durable stays; a service manager starts it again"}},
                     0,
                     0};
  };
  // Wanted most when the disk has failed.
  a.without_record = true;
  a.carry_out = [this](const actors::orderer&) -> domain::status_result {
    process_->drain();
    return domain::done{};
  };
  return perform(r, t, std::move(a));
}

response action_api::back_up(const request& r, const target& t) {
  action a;
  a.verb = "backup";
  a.object = "process";
  a.foresee = [] {
    return foresight{{{effect_code::copied,
                       "a copy of the database is made beside it; calls go on meanwhile"}},
                     0,
                     0};
  };
  a.found_name = "path";
  a.carry_out = [this, path = a.found](const actors::orderer&) -> domain::status_result {
    auto made = process_->back_up();
    if (!made)
      return made.error();
    *path = std::move(*made);
    return domain::done{};
  };
  return perform(r, t, std::move(a));
}

response action_api::list_audit(const request& r, const target& t) {
  const auto limit = read_number(t, "limit", 100, 1, most_listed);
  if (!limit)
    return refusal(limit.error(), r);
  std::optional<std::string> before;
  if (const auto id = t.parameter("before"))
    before = *id;
  const auto found = operation_->list_audit(static_cast<std::size_t>(*limit), before);
  if (!found)
    return refusal(found.error(), r);
  json_writer out;
  out.begin_object().key("actions").begin_array();
  for (const auto& a : *found)
    write_audited(out, a);
  out.end_array().end_object();
  return {200, "application/json", out.take(), {}};
}

} // namespace pickup::http

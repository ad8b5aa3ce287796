#include "http/foresight.hpp"

#include "domain/options.hpp"

#include <optional>

namespace pickup::http {

namespace {

effect lost_courier(std::optional<std::uint64_t> calls) {
  const std::string lost =
      "the courier counts as lost until an operator restarts the actor, and ";
  if (!calls)
    return {effect_code::courier_lost_unknown,
            lost
                + "the calls they have yet to come to are dispatched anew; how many, the "
                  "dispatcher did not say"};
  return {effect_code::courier_lost,
          lost + std::to_string(*calls) + (*calls == 1 ? " call" : " calls")
              + " they have yet to come to would be dispatched anew",
          {{"calls", std::to_string(*calls)}}};
}

} // namespace

std::string name_of(domain::call_id call) {
  return "call " + std::string{domain::name(call.service())} + ':'
         + std::to_string(call.number());
}

std::string name_of(domain::courier_id courier) {
  return "courier " + std::to_string(courier.value());
}

std::string_view name(effect_code c) {
  switch (c) {
  case effect_code::nothing: return "nothing";
  case effect_code::calls_refused: return "calls_refused";
  case effect_code::calls_accepted: return "calls_accepted";
  case effect_code::calls_wait: return "calls_wait";
  case effect_code::calls_served: return "calls_served";
  case effect_code::breaker_state: return "breaker_state";
  case effect_code::breaker_refuses: return "breaker_refuses";
  case effect_code::breaker_closes: return "breaker_closes";
  case effect_code::breaker_passes: return "breaker_passes";
  case effect_code::job_lost: return "job_lost";
  case effect_code::phase: return "phase";
  case effect_code::customer_told: return "customer_told";
  case effect_code::jobs_again: return "jobs_again";
  case effect_code::no_new_jobs: return "no_new_jobs";
  case effect_code::number_shown: return "number_shown";
  case effect_code::drained: return "drained";
  case effect_code::process_restarted: return "process_restarted";
  case effect_code::copied: return "copied";
  case effect_code::durable_stays: return "durable_stays";
  case effect_code::restarted: return "restarted";
  case effect_code::another_chance: return "another_chance";
  case effect_code::quarantined: return "quarantined";
  case effect_code::call_stays: return "call_stays";
  case effect_code::courier_lost: return "courier_lost";
  case effect_code::courier_lost_unknown: return "courier_lost_unknown";
  case effect_code::supervisor_restarted: return "supervisor_restarted";
  case effect_code::process_ends: return "process_ends";
  case effect_code::unforeseen: return "unforeseen";
  case effect_code::couriers_restarted: return "couriers_restarted";
  case effect_code::turns_kept: return "turns_kept";
  case effect_code::command_refused: return "command_refused";
  case effect_code::messages_kept: return "messages_kept";
  case effect_code::hangs: return "hangs";
  case effect_code::new_calls_refused: return "new_calls_refused";
  case effect_code::commands_late: return "commands_late";
  case effect_code::messages_late: return "messages_late";
  case effect_code::all_hang: return "all_hang";
  case effect_code::hang_ends_process: return "hang_ends_process";
  }
  return "";
}

effect effect_of(actors::breaker_command what) {
  using enum actors::breaker_command;
  switch (what) {
  case trip: return {effect_code::breaker_refuses, "it refuses everything until it is reset"};
  case reset: return {effect_code::breaker_closes, "it is closed, as if just made"};
  case disable:
    return {effect_code::breaker_passes, "it lets everything pass until it is reset"};
  }
  return {};
}

effect effect_of(actors::stage which, bool paused) {
  if (which == actors::stage::manage)
    return paused ? effect{effect_code::calls_refused,
                           "new calls are refused with 503 until it is resumed"}
                  : effect{effect_code::calls_accepted, "new calls are accepted again"};
  return paused ? effect{effect_code::calls_wait,
                         "calls stay 호출중, without a courier, until it is resumed"}
                : effect{effect_code::calls_served,
                         "calls that wait get their couriers, the oldest first"};
}

effect no_change() {
  return {effect_code::nothing, "nothing: it is so already"};
}

effect effect_of_shift(bool on, std::uint32_t load) {
  if (on)
    return {effect_code::jobs_again, "they can get jobs again"};
  return {effect_code::no_new_jobs,
          "they get no new job; the " + std::to_string(load) + " they have they keep",
          {{"load", std::to_string(load)}}};
}

foresight seen_in(const domain::decision& made) {
  foresight f;
  for (const auto& step : made.transitions) {
    if (step.event == domain::event::assign_canceled)
      f.effects.push_back({effect_code::job_lost,
                           name_of(step.courier) + " loses the job",
                           {{"courier", std::to_string(step.courier.value())}}});
    else
      f.effects.push_back({effect_code::phase,
                           "the call becomes " + std::string{name(step.phase)},
                           {{"phase", std::string{name(step.phase)}}}});
  }
  if (made.message)
    f.effects.push_back({effect_code::customer_told,
                         "the customer is told " + std::string{name(*made.message)},
                         {{"message", std::string{name(*made.message)}}}});
  if (made.transitions.empty())
    f.effects.push_back(no_change());
  else if (made.next.phase == domain::phase::dispatching)
    f.calls_redispatched = 1;
  return f;
}

foresight seen_in_hang(const actors::fate& f, const actors::actor_view& who,
                       domain::duration time) {
  foresight seen{
      {{effect_code::hangs,
        "it does nothing for " + domain::to_text(time) + ", once it is to handle a message",
        {{"time", domain::to_text(time)}}}},
      0,
      0};
  auto& effects = seen.effects;
  if (who.kind == "dispatcher")
    effects.push_back(
        {effect_code::new_calls_refused,
         "new calls of " + who.id
             + " are refused with 503, and those that wait get no courier, meanwhile",
         {{"service", who.id}}});
  else if (who.kind == "call")
    effects.push_back(
        {effect_code::commands_late, "commands to the call are answered late, or with 503"});
  else if (who.kind == "notifier")
    effects.push_back({effect_code::messages_late, "messages to customers wait meanwhile"});
  if (!f.on_last_thread)
    return seen;
  effects.push_back({effect_code::all_hang,
                     "with it all threads of the actors hang: nothing is decided meanwhile"});
  if (time >= f.hang_limit)
    effects.push_back({effect_code::hang_ends_process,
                       "after " + domain::to_text(f.hang_limit)
                           + " of that the process ends with 70, for its service manager to "
                             "start again; what is durable stays",
                       {{"time", domain::to_text(f.hang_limit)}}});
  return seen;
}

foresight seen_in(const actors::fate& f, const std::string& kind) {
  using enum actors::aftermath;
  const auto supervisor = "its supervisor " + f.supervisor;
  switch (f.then) {
  case restarted:
    return {{{effect_code::restarted,
              supervisor + " starts it again; what is durable is read again",
              {{"supervisor", f.supervisor}}}},
            1,
            0};
  case quarantined:
    return {{{effect_code::quarantined,
              supervisor + " does not start it again: it has crashed too often",
              {{"supervisor", f.supervisor}}},
             kind == "call"
                 ? effect{effect_code::call_stays,
                          "the call stays as it is until an operator restarts its actor"}
                 : lost_courier(f.calls_redispatched)},
            1,
            f.calls_redispatched.value_or(0)};
  case supervisor_restarted:
    return {{{effect_code::supervisor_restarted,
              supervisor + " gives up, as too many have crashed: with it "
                  + (f.with_dispatcher ? "and its dispatcher " : "") + std::to_string(f.actors)
                  + " actors end, and all are started again",
              {{"supervisor", f.supervisor},
               {"actors", std::to_string(f.actors)},
               {"dispatcher", f.with_dispatcher ? "true" : "false"}}}},
            f.actors,
            0};
  case process_ends:
    return {{{effect_code::process_ends,
              supervisor
                  + " gives up, as too many have crashed, and nobody is left to go on: "
                    "the process ends with 70, for its service manager to start again",
              {{"supervisor", f.supervisor}}},
             {effect_code::durable_stays, "what is durable stays"}},
            f.actors,
            0};
  case unknown:
    return {{{effect_code::unforeseen,
              supervisor + " did not say within a second what it would do",
              {{"supervisor", f.supervisor}}}},
            1,
            0};
  }
  return {};
}

} // namespace pickup::http

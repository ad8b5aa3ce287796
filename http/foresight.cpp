#include "http/foresight.hpp"

#include "domain/options.hpp"

#include <optional>

namespace pickup::http {

namespace {

std::string lost_jobs(std::optional<std::uint64_t> calls) {
  if (!calls)
    return "the calls they have yet to come to are dispatched anew; how many, the dispatcher "
           "did not say";
  return std::to_string(*calls) + (*calls == 1 ? " call" : " calls")
         + " they have yet to come to would be dispatched anew";
}

} // namespace

std::string name_of(domain::call_id call) {
  return "call " + std::string{domain::name(call.service())} + ':'
         + std::to_string(call.number());
}

std::string name_of(domain::courier_id courier) {
  return "courier " + std::to_string(courier.value());
}

std::string effect_of(actors::breaker_command what) {
  switch (what) {
  case actors::breaker_command::trip: return "it refuses everything until it is reset";
  case actors::breaker_command::reset: return "it is closed, as if just made";
  case actors::breaker_command::disable: return "it lets everything pass until it is reset";
  }
  return "";
}

std::string effect_of(actors::stage which, bool paused) {
  if (which == actors::stage::manage)
    return paused ? "new calls are refused with 503 until it is resumed"
                  : "new calls are accepted again";
  return paused ? "calls stay 호출중, without a courier, until it is resumed"
                : "calls that wait get their couriers, the oldest first";
}

foresight seen_in(const domain::decision& made) {
  foresight f;
  for (const auto& step : made.transitions) {
    if (step.event == domain::event::assign_canceled)
      f.effects.push_back(name_of(step.courier) + " loses the job");
    else
      f.effects.push_back("the call becomes " + std::string{name(step.phase)});
  }
  if (made.message)
    f.effects.push_back("the customer is told " + std::string{name(*made.message)});
  if (made.transitions.empty())
    f.effects.emplace_back("nothing: it is so already");
  else if (made.next.phase == domain::phase::dispatching)
    f.calls_redispatched = 1;
  return f;
}

foresight seen_in_hang(const actors::fate& f, const actors::actor_view& who,
                       domain::duration time) {
  foresight seen{
      {"it does nothing for " + domain::to_text(time) + ", once it is to handle a message"},
      0,
      0};
  auto& effects = seen.effects;
  if (who.kind == "dispatcher")
    effects.push_back("new calls of " + who.id
                      + " are refused with 503, and those that wait get no courier, meanwhile");
  else if (who.kind == "call")
    effects.emplace_back("commands to the call are answered late, or with 503");
  else if (who.kind == "notifier")
    effects.emplace_back("messages to customers wait meanwhile");
  if (!f.on_last_thread)
    return seen;
  effects.emplace_back("with it all threads of the actors hang: nothing is decided meanwhile");
  if (time >= f.hang_limit)
    effects.push_back("after " + domain::to_text(f.hang_limit)
                      + " of that the process ends with 70, for its service manager to start "
                        "again; what is durable stays");
  return seen;
}

foresight seen_in(const actors::fate& f, const std::string& kind) {
  using enum actors::aftermath;
  const auto supervisor = "its supervisor " + f.supervisor;
  switch (f.then) {
  case restarted:
    return {{supervisor + " starts it again; what is durable is read again"}, 1, 0};
  case quarantined:
    return {{supervisor + " does not start it again: it has crashed too often",
             kind == "call"
                 ? "the call stays as it is until an operator restarts its actor"
                 : "the courier counts as lost until an operator restarts the actor, and "
                       + lost_jobs(f.calls_redispatched)},
            1,
            f.calls_redispatched.value_or(0)};
  case supervisor_restarted:
    return {{supervisor + " gives up, as too many have crashed: with it "
             + (f.with_dispatcher ? "and its dispatcher " : "") + std::to_string(f.actors)
             + " actors end, and all are started again"},
            f.actors,
            0};
  case process_ends:
    return {{supervisor
                 + " gives up, as too many have crashed, and nobody is left to go on: "
                   "the process ends with 70, for its service manager to start again",
             "what is durable stays"},
            f.actors,
            0};
  case unknown: return {{supervisor + " did not say within a second what it would do"}, 1, 0};
  }
  return {};
}

} // namespace pickup::http

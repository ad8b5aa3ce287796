// What operators' actions would do, as one would say it. Pure.
#pragma once

#include "actors/inspection.hpp"
#include "actors/operation.hpp"
#include "domain/call.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::http {

/// "call pickup:17", "courier 5".
std::string name_of(domain::call_id call);
std::string name_of(domain::courier_id courier);

/// What an effect is, whatever the language it is told in.
enum class effect_code : std::uint8_t {
  nothing, ///< it is so already
  // stages and breakers
  calls_refused,
  calls_accepted,
  calls_wait,
  calls_served,
  breaker_state, ///< what it is now
  breaker_refuses,
  breaker_closes,
  breaker_passes,
  // calls and couriers
  job_lost,
  phase, ///< what the call becomes
  customer_told,
  jobs_again,
  no_new_jobs,
  number_shown,
  // the process
  drained,
  process_restarted,
  copied,
  durable_stays,
  // actors that end
  restarted,
  another_chance, ///< in spite of quarantine
  quarantined,
  call_stays,
  courier_lost,         ///< and so many calls dispatched anew
  courier_lost_unknown, ///< or nobody knows how many
  supervisor_restarted,
  process_ends,
  unforeseen, ///< a supervisor did not say
  couriers_restarted,
  turns_kept,
  command_refused,
  messages_kept,
  // actors that hang
  hangs,
  new_calls_refused,
  commands_late,
  messages_late,
  all_hang,
  hang_ends_process,
};

/// "nothing", "calls_refused", …
std::string_view name(effect_code c);

/// One thing that an action does. `text` says it in English, with the facts.
struct effect {
  effect_code code;
  std::string text;
  std::vector<domain::fact> facts{};
};

/// What an action would do, in words and numbers.
struct foresight {
  std::vector<effect> effects;
  std::uint64_t actors_stopped = 0;
  std::uint64_t calls_redispatched = 0;
};

effect effect_of(actors::breaker_command what);
effect effect_of(actors::stage which, bool paused);
/// It is so already.
effect no_change();
/// On a courier with so many jobs.
effect effect_of_shift(bool on, std::uint32_t load);
/// What a decision about a call does.
foresight seen_in(const domain::decision& made);
/// What an actor that hangs for so long holds up.
foresight seen_in_hang(const actors::fate& f, const actors::actor_view& who,
                       domain::duration time);
/// What becomes of an actor of this kind when it ends, as its supervisors would have it.
foresight seen_in(const actors::fate& f, const std::string& kind);

} // namespace pickup::http

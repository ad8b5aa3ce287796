// What operators' actions would do, as one would say it. Pure.
#pragma once

#include "actors/inspection.hpp"
#include "actors/operation.hpp"
#include "domain/call.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pickup::http {

/// "call pickup:17", "courier 5".
std::string name_of(domain::call_id call);
std::string name_of(domain::courier_id courier);

/// What an action would do, in words and numbers.
struct foresight {
  std::vector<std::string> effects;
  std::uint64_t actors_stopped = 0;
  std::uint64_t calls_redispatched = 0;
};

std::string effect_of(actors::breaker_command what);
std::string effect_of(actors::stage which, bool paused);
/// What a decision about a call does.
foresight seen_in(const domain::decision& made);
/// What an actor that hangs for so long holds up.
foresight seen_in_hang(const actors::fate& f, const actors::actor_view& who,
                       domain::duration time);
/// What becomes of an actor of this kind when it ends, as its supervisors would have it.
foresight seen_in(const actors::fate& f, const std::string& kind);

} // namespace pickup::http

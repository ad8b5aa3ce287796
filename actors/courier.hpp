// The courier actor: one courier, the only writer of their record, and the keeper of their
// heartbeat. Their load is none of its business: that is the count of live assignments.
#pragma once

#include "actors/handles.hpp"
#include "actors/node.hpp"
#include "domain/ids.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>

namespace pickup::actors {

/// Starts the actor of a courier; it enters itself into the directory and, at its end, takes
/// itself out.
/// @param epoch the dispatcher's: what it has judged is stored in its time only
/// @param incarnation 0 for a start, more for a restart. One started for an id the journal does
/// not know gets register_courier as its first message.
courier_actor start_courier(caf::actor_system& sys, node_context& n, domain::courier_id id,
                            domain::epoch_no epoch, std::uint32_t incarnation);

} // namespace pickup::actors

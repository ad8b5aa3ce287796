// The call actor: one live call, and the only writer of that call and of its assignment.
// Decides one command at a time; what comes meanwhile waits in a bounded queue. A restarted one
// finds out from the journal what is true.
#pragma once

#include "actors/handles.hpp"
#include "actors/node.hpp"
#include "domain/ids.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>

namespace pickup::actors {

/// What the dispatcher has to know of a call.
domain::ticket ticket_of(const domain::call& c);

/// Where a call comes from when its actor starts.
enum class origin {
  fresh,     ///< new; gets begin_call as its first message
  found,     ///< stored before the node started, and nothing has happened to it since
  restarted, ///< stored; what an earlier incarnation had under way may still become true
};

/// Starts the actor of a call; it is entered into the directory and, at its end, takes itself
/// out.
/// @param generation of its supervisor: a child of an earlier one does not take its place
call_actor start_call(caf::actor_system& sys, node_context& n, domain::call_id id, origin from,
                      std::uint64_t generation);

/// Sees to a call whose actor keeps crashing and is not started again: what it needs of its
/// dispatcher is settled from the journal.
void quarantine_call(node_context& n, domain::call_id id);

} // namespace pickup::actors

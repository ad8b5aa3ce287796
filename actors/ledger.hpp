// The ledger actor: keeps the journal's hours. Every second it has the sightings that changed
// stored; it has forgotten what is over, see forgetting.hpp; and it watches the journal's
// health: when a write has failed nothing can be promised any more, and the ledger ends with
// the reason, which ends the process, to be rebuilt from what is durable.
#pragma once

#include "actors/handles.hpp"
#include "actors/node.hpp"

#include <caf/actor_system.hpp>

namespace pickup::actors {

ledger_actor start_ledger(caf::actor_system& sys, node_context& n);

} // namespace pickup::actors

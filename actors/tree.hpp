// The supervision tree of one node. Thread-safe functions.
#pragma once

#include "actors/node.hpp"
#include "actors/notifier.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

namespace pickup::actors {

/// Starts ledger, calls, dispatchers (with their couriers) and notifier under one root
/// supervisor, which it answers. When the root gives up, everything else is gone.
caf::actor start_tree(caf::actor_system& sys, node_context& n, runs_on notifier_thread);

} // namespace pickup::actors

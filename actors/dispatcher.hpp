// The dispatcher actor: one for each shard. It knows who waits and who is free (a
// domain::board), reserves couriers for calls, and supervises its courier actors. It stores
// nothing: a restarted one opens a new epoch, which refuses what its predecessor promised but
// had not committed, and rebuilds its board from what is durable.
#pragma once

#include "actors/handles.hpp"
#include "actors/node.hpp"
#include "domain/ids.hpp"
#include "supervision/child_spec.hpp"

#include <caf/actor_system.hpp>

#include <functional>

namespace pickup::actors {

/// Starts the dispatcher of a shard and enters it into the directory.
/// @param report told of every crash of a courier
dispatcher_actor
start_dispatcher(caf::actor_system& sys, node_context& n, domain::shard_id shard,
                 std::function<void(const supervision::restart_report&)> report);

} // namespace pickup::actors

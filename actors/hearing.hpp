// What couriers' phones tell, on its way in: the views take it, then the dispatchers are told
// to look, and only then is it answered. So whatever follows the answer finds it: the next
// request in the views, the next call at a dispatcher, whose mailbox keeps the order. No
// message carries a place, and nobody waits for an actor. A courier's own actor is told only
// when it has to start its heartbeat's clock. Thread-safe.
#pragma once

#include "actors/gateway.hpp"
#include "actors/node.hpp"

#include <span>
#include <vector>

namespace pickup::actors {

domain::error no_such_courier(domain::courier_id id);

/// The actor that stands for a courier. Errors: not_found; unavailable while it restarts.
domain::result<courier_actor> find_courier(const node_context& n, domain::courier_id id);

/// Couriers told where they are; see gateway::locate.
std::vector<not_located> hear(node_context& n, std::span<const located> places);

/// A courier called about something else. Nobody, when there is no such courier.
void hear(node_context& n, domain::courier_id id);

/// Has the dispatcher of a shard look at what the views say of these couriers.
void look_at(node_context& n, domain::shard_id shard,
             const std::vector<domain::courier_id>& ids);

} // namespace pickup::actors

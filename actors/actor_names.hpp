// How actors are named to people and found by name: kind and id, see actor_view. Thread-safe.
#pragma once

#include "actors/node.hpp"
#include "actors/operation.hpp"

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::actors {

actor_view name_of(domain::call_id id);
actor_view name_of(domain::courier_id id);
actor_view dispatcher_name(domain::shard_id shard);
actor_view ledger_name();
actor_view notifier_name(std::string_view channel);

/// The call a name of that kind stands for, alive or not.
std::optional<domain::call_id> call_of(const actor_view& name);
std::optional<domain::courier_id> courier_of(const actor_view& name);

/// The actor that is this child of this supervisor; nothing when that is one itself.
std::optional<actor_view> child_actor(std::string_view supervisor, const std::string& child);

/// The actor of this name; empty when none is alive.
caf::actor find_actor(const node_context& node, const actor_view& name);
/// not_found, for who wanted to do something with one that is not alive.
domain::error no_actor(const std::string& action, const actor_view& name);

/// How many are alive of a kind, or of all kinds when it is empty.
std::uint64_t count_actors(const node_context& node, std::string_view kind);

/// Visits those alive of a kind, or of all, until `visit` answers false. Actors that begin or
/// end meanwhile may be left out. A visit is short and looks nobody up: what it would look up
/// is locked. `pause` is called now and then without a lock.
void visit_actors(
    const node_context& node, std::string_view kind,
    const std::function<bool(const actor_view&, const caf::abstract_actor&)>& visit,
    const std::function<void()>& pause);

} // namespace pickup::actors

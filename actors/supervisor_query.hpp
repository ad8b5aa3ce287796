// What the supervisors of a node say of themselves and of their children, asked by message.
// Thread-safe; may be called from fibers.
#pragma once

#include "actors/node.hpp"
#include "actors/operation.hpp"
#include "actors/reply.hpp"
#include "supervision/management.hpp"

#include <optional>
#include <string>

namespace pickup::actors {

/// How long a supervisor, or an actor, may take to say how it stands.
inline constexpr domain::duration patience = std::chrono::seconds{1};

/// The name of an actor's supervisor: "root", "calls pickup/0", "couriers taxi/0". Empty for a
/// courier nobody knows.
std::string supervisor_of(const node_context& node, const actor_view& who);

/// Empty when there is none of that name now.
caf::actor find_supervisor(const node_context& node, const std::string& name);

/// What this one will say; nothing when there is none of that name now. Of a dynamic
/// supervisor's children only the one of this key, if any is given.
std::optional<answer<supervision::supervisor_status>>
ask_supervisor(const node_context& node, const std::string& name,
               std::optional<supervision::child_key> only = {});

/// How a supervisor and one of its children fare.
struct upkeep {
  supervision::supervisor_status supervisor;
  std::optional<supervision::child_status> child; ///< nothing when it is not known there
};

/// Waits for the supervisor, for its patience at most. Errors: not_found (no such supervisor),
/// timeout.
domain::result<upkeep> upkeep_of(const node_context& node, const actor_view& who);

} // namespace pickup::actors

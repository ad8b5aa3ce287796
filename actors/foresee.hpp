// What would become of an actor, asked of its supervisors. Thread-safe; may be called from
// fibers, and waits for each supervisor no longer than its patience.
#pragma once

#include "actors/inspection.hpp"
#include "actors/node.hpp"

namespace pickup::actors {

/// Errors: not_found; timeout, when nobody says whether it is there.
domain::result<fate> foresee(const node_context& node, const actor_view& who);

} // namespace pickup::actors

// The supervision tree as its supervisors tell it. Thread-safe; may be called from fibers.
#pragma once

#include "actors/inspection.hpp"
#include "actors/node.hpp"

namespace pickup::actors {

/// Asks all supervisors at once, and waits for them no longer than their patience.
tree_node tree_of(const node_context& node);

} // namespace pickup::actors

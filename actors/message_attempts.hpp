// What customers were owed and told of one call, read from the views. Thread-safe.
#pragma once

#include "actors/inspection.hpp"
#include "actors/node.hpp"

#include <vector>

namespace pickup::actors {

/// Oldest first. Errors: io, corrupt.
domain::result<std::vector<message_attempt>> messages_of(const node_context& node,
                                                         domain::call_id call);

} // namespace pickup::actors

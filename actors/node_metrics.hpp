// What a node shows to monitors. Thread-safe.
#pragma once

#include "actors/gateway.hpp"
#include "actors/node.hpp"

#include <vector>

namespace pickup::actors {

std::vector<metric> metrics_of(node_context& node);

} // namespace pickup::actors

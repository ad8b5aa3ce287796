// The couriers of a first run, so that the first call on a fresh machine finds one. Pure data.
#pragma once

#include "actors/gateway.hpp"

#include <vector>

namespace pickup::app {

/// Six couriers of each service at places in Seoul, with invented names and numbers.
std::vector<actors::create_courier> demo_couriers();

} // namespace pickup::app

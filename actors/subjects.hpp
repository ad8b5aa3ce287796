// Which calls and couriers a message between our actors is about. Pure.
#pragma once

#include "actors/operation.hpp"

#include <caf/mailbox_element.hpp>

#include <vector>

namespace pickup::actors {

std::vector<actor_view> subjects_of(const caf::mailbox_element& message);

} // namespace pickup::actors

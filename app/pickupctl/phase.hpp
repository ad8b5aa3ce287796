// Where a call stands, as a server says. Pure.
#pragma once

#include "app/pickupctl/json.hpp"
#include "domain/call.hpp"

#include <optional>

namespace pickup::ctl {

/// Nothing when the server knows phases that we do not.
std::optional<domain::phase> phase_of(const json_value& call);

} // namespace pickup::ctl

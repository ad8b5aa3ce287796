// Shows a call's steps as they happen. Not thread-safe; prints to standard output.
#pragma once

#include "app/pickupctl/settings.hpp"
#include "domain/result.hpp"

#include <string>

namespace pickup::ctl {

/// Asks for the timeline again and again, and prints what is new, until the call has ended or
/// somebody interrupts.
domain::result<int> follow_call(const settings& s, const std::string& timeline);

} // namespace pickup::ctl

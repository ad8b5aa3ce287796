// A line of the log as one JSON object. Pure functions; thread-safe.
#pragma once

#include "domain/time.hpp"

#include <string>
#include <string_view>

namespace pickup::app {

/// `line` reads `event key=value key="quoted value"`, with \" \\ \n \r \t in quotes; a `reason`
/// without quotes takes the rest. That becomes {"at", "level", "event", key: value, …}. What
/// does not read so is the member "message" from there on, as it stands: nothing is lost. All
/// values are texts, so that a member is of one type whatever it holds.
std::string to_json_line(domain::timestamp at, std::string_view level, std::string_view line);

} // namespace pickup::app

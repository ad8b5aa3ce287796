// Instants and lengths of time. Pure: nothing here reads a clock.
#pragma once

#include <chrono>
#include <string>

namespace pickup::domain {

/// Wall-clock time, UTC, to the millisecond.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using duration = std::chrono::milliseconds;

/// RFC 3339, UTC, milliseconds: "2026-11-22T09:30:00.250Z".
std::string to_rfc3339(timestamp t);

} // namespace pickup::domain

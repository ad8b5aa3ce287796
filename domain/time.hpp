// Instants and lengths of time. Pure: nothing here reads a clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::domain {

/// Wall-clock time, UTC, to the millisecond.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using duration = std::chrono::milliseconds;

/// RFC 3339, UTC, milliseconds: "2026-11-22T09:30:00.250Z".
std::string to_rfc3339(timestamp t);

/// Reads RFC 3339 with any offset: "2026-11-22T18:30:00+09:00". Digits beyond the millisecond
/// are cut off; a leap second is the first moment of the next minute. Nothing when it is
/// anything else.
std::optional<timestamp> parse_rfc3339(std::string_view text);

} // namespace pickup::domain

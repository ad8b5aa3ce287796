// How large and how busy the simulated city is. Plain values.
#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace pickup::ctl {

struct load_options {
  std::uint32_t couriers = 200; ///< of all services together
  double calls_a_second = 5;    ///< on the average of a simulated day
  double taxis = 0.3;           ///< the part of couriers and calls that is a taxi
  domain::duration day = std::chrono::minutes{10}; ///< how long a simulated day takes
  std::optional<domain::duration> time;            ///< unset: until interrupted
  std::uint64_t seed = 0;
};

/// What is being asked when a signal comes may take so long still: an answer that is not waited
/// for is a call that nobody ends.
inline constexpr auto request_grace = std::chrono::seconds{2};

/// "5/s", "90/min", "5": how many a second. Errors: invalid_argument.
domain::result<double> parse_rate(const std::string& text);

} // namespace pickup::ctl

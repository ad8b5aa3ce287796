// What the options of every folder have in common: lengths of time as text, and the refusal of
// values that cannot work. Pure values; an option_checks belongs to the one validate() it is
// in.
#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::domain {

/// "100ms", "-3s", "30min", "24h": a whole number in the largest unit that loses nothing.
std::string to_text(duration d);

/// The inverse of to_text: a whole number with one of its units, spaces between them allowed.
std::optional<duration> parse_duration(std::string_view text);

/// The longest time an option may ask for. Added to any sane clock it does not overflow.
inline constexpr duration longest_option = std::chrono::days{366};

/// Checks options one after the other and keeps the first refusal, which names the option in
/// its text ("dispatch.max_wait: must be positive, got -3s") and in its fact "option".
class option_checks {
public:
  option_checks& positive(std::string_view name, duration value);
  option_checks& positive(std::string_view name, double value);
  option_checks& between(std::string_view name, std::uint64_t value, std::uint64_t least,
                         std::uint64_t most);
  option_checks& not_empty(std::string_view name, std::string_view value);
  /// Any other condition: `must` says which, e.g. "be one of …".
  option_checks& require(bool holds, std::string_view name, std::string_view must,
                         std::string_view got);

  const status_result& first_refusal() const { return first_; }

private:
  status_result first_ = done{};
};

} // namespace pickup::domain

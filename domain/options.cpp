#include "domain/options.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace pickup::domain {

namespace {

struct unit {
  std::string_view name;
  std::int64_t milliseconds;
};

// Largest first, as to_text tries them.
constexpr std::array units{
    unit{"h", 3'600'000},
    unit{"min", 60'000},
    unit{"s", 1'000},
    unit{"ms", 1},
};

std::string to_text(double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

} // namespace

std::string to_text(duration d) {
  if (d == duration::zero())
    return "0s";
  for (const auto& u : units)
    if (d.count() % u.milliseconds == 0)
      return std::to_string(d.count() / u.milliseconds).append(u.name);
  return std::to_string(d.count()) + "ms";
}

std::optional<duration> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failure != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  while (text.starts_with(' '))
    text.remove_prefix(1);
  for (const auto& u : units) {
    const auto most = std::numeric_limits<std::int64_t>::max() / u.milliseconds;
    if (text == u.name && count <= most && count >= -most)
      return duration{count * u.milliseconds};
  }
  return std::nullopt;
}

option_checks& option_checks::positive(std::string_view name, duration value) {
  require(value > duration::zero(), name, "be positive", to_text(value));
  return require(value <= longest_option, name, "be at most " + to_text(longest_option),
                 to_text(value));
}

option_checks& option_checks::positive(std::string_view name, double value) {
  return require(std::isfinite(value) && value > 0, name, "be positive", to_text(value));
}

option_checks& option_checks::between(std::string_view name, std::uint64_t value,
                                      std::uint64_t least, std::uint64_t most) {
  require(value >= least, name, "be at least " + std::to_string(least), std::to_string(value));
  return require(value <= most, name, "be at most " + std::to_string(most),
                 std::to_string(value));
}

option_checks& option_checks::not_empty(std::string_view name, std::string_view value) {
  return require(!value.empty(), name, "not be empty", "\"\"");
}

option_checks& option_checks::require(bool holds, std::string_view name, std::string_view must,
                                      std::string_view got) {
  if (holds || !first_)
    return *this;
  std::string text{name};
  text.append(": must ").append(must).append(", got ").append(got);
  first_ = error{errc::invalid_argument, std::move(text), {{"option", std::string{name}}}};
  return *this;
}

} // namespace pickup::domain

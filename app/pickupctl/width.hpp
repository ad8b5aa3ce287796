// How text looks on a terminal. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pickup::ctl {

/// How many columns of a terminal UTF-8 takes: Hangul and its like take two each.
std::size_t width(std::string_view utf8);

/// Without what would steer a terminal: strangers wrote some of what is shown.
std::string printable(std::string_view utf8);

/// As much of it as fits in so many columns, the last one "…" when something is left out.
std::string fitted(std::string_view utf8, std::size_t columns);

/// Filled with spaces up to so many columns, on the right or, for numbers, on the left.
std::string padded(std::string_view utf8, std::size_t columns, bool to_the_right = false);

} // namespace pickup::ctl

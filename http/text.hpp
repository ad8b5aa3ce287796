// Small questions about text. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pickup::http {

/// The largest whole number every JSON reader keeps exactly.
inline constexpr std::uint64_t max_exact = (std::uint64_t{1} << 53) - 1;

/// How many characters (code points) valid UTF-8 has.
std::size_t characters(std::string_view utf8);

/// Whether `text` equals `lower_case`, ASCII letters in either case.
bool equals_ignoring_case(std::string_view text, std::string_view lower_case);

/// Without spaces and tabs at its ends.
std::string_view trimmed(std::string_view text);

/// A number as ids and pages are written: digits only, no leading zero, at most 2^53 − 1.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

/// The whole of `text` as a number; nothing when it is anything else.
std::optional<double> parse_number(std::string_view text);

/// The next piece of a list, trimmed, taken off its front; nothing when the list is used up.
std::optional<std::string_view> take_item(std::string_view& list, char separator);

} // namespace pickup::http

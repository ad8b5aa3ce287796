// How alike two names are written. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pickup::domain {

/// The letters of UTF-8 text, Hangul syllables taken apart into their jamo: 이슈 and 이수 then
/// differ in one letter of four, not in one of two. Bytes that are not UTF-8 are left out.
std::u32string letters_of(std::string_view text);

/// How many letters to insert, drop or replace to turn `a` into `b`; `limit + 1` when it takes
/// more than `limit`. The work is at most a's letters times b's, none when the lengths alone
/// differ by more than the limit.
std::size_t spelling_distance(std::u32string_view a, std::u32string_view b, std::size_t limit);

} // namespace pickup::domain

#include "domain/spelling.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>
#include <vector>

namespace pickup::domain {

namespace {

// Unicode 3.12: a syllable's code is computed from its jamo, and back.
constexpr char32_t first_syllable = 0xAC00;
constexpr char32_t last_syllable = 0xD7A3;
constexpr char32_t medials = 21;
constexpr char32_t finals = 28; // the first of them: none

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

void append_letters(std::u32string& letters, char32_t c) {
  if (c < first_syllable || c > last_syllable) {
    letters += c;
    return;
  }
  const auto index = c - first_syllable;
  letters.push_back(U'\u1100' + index / (medials * finals));
  letters.push_back(U'\u1161' + index / finals % medials);
  if (const auto final_jamo = index % finals; final_jamo != 0)
    letters.push_back(U'\u11A7' + final_jamo);
}

} // namespace

std::u32string letters_of(std::string_view text) {
  std::u32string letters;
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text.front());
    const auto ones = static_cast<std::size_t>(std::countl_one(lead));
    const auto size = ones == 0 ? 1 : ones; // ASCII has no leading one
    const auto tail = text.substr(1, size - 1);
    if (ones == 1 || ones > 4 || tail.size() + 1 < size
        || !std::ranges::all_of(tail, continues)) {
      text.remove_prefix(1);
      continue;
    }
    char32_t c = lead & (0xFFU >> (ones + 1));
    for (const char next : tail)
      c = c << 6 | (static_cast<unsigned char>(next) & 0x3FU);
    append_letters(letters, c);
    text.remove_prefix(size);
  }
  return letters;
}

std::size_t spelling_distance(std::u32string_view a, std::u32string_view b, std::size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit)
    return limit + 1;
  // Levenshtein's table, one row at a time: row[j] turns the letters of `a` read so far into
  // the first j of `b`.
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return std::min(row.back(), limit + 1);
}

} // namespace pickup::domain

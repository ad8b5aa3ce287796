#include "app/pickupctl/width.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace pickup::ctl {

namespace {

using range = std::pair<char32_t, char32_t>;

// Blocks of Unicode whose characters are wide (UAX #11: W and F).
constexpr std::array<range, 13> wide{{{0x1100, 0x115f},
                                      {0x2e80, 0x303e},
                                      {0x3041, 0x33ff},
                                      {0x3400, 0x4dbf},
                                      {0x4e00, 0x9fff},
                                      {0xa000, 0xa4cf},
                                      {0xac00, 0xd7a3},
                                      {0xf900, 0xfaff},
                                      {0xfe30, 0xfe6f},
                                      {0xff00, 0xff60},
                                      {0xffe0, 0xffe6},
                                      {0x1f300, 0x1faff},
                                      {0x20000, 0x3fffd}}};

// What joins the character before it: accents, the later parts of a Hangul syllable, selectors.
constexpr std::array<range, 5> joining{
    {{0x0300, 0x036f}, {0x1160, 0x11ff}, {0x200b, 0x200f}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}}};

template <std::size_t N>
bool within(const std::array<range, N>& ranges, char32_t c) {
  return std::ranges::any_of(ranges,
                             [c](const range& r) { return r.first <= c && c <= r.second; });
}

std::size_t columns_of(char32_t c) {
  if (within(joining, c))
    return 0;
  return within(wide, c) ? 2 : 1;
}

constexpr char32_t unreadable = 0xfffd;

struct character {
  char32_t code = unreadable;
  std::size_t bytes = 1;
};

// The character that `text` begins with; a byte that begins none counts as one.
character first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80)
    return {lead, 1};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size)
    return {};
  char32_t code = lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return {};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  return {code, size};
}

bool steers(char32_t c) {
  const auto is_control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  const auto turns_direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  return is_control || turns_direction || c == unreadable;
}

} // namespace

std::size_t width(std::string_view utf8) {
  std::size_t columns = 0;
  while (!utf8.empty()) {
    const auto c = first_of(utf8);
    columns += columns_of(c.code);
    utf8.remove_prefix(c.bytes);
  }
  return columns;
}

std::string printable(std::string_view utf8) {
  std::string text;
  while (!utf8.empty()) {
    const auto c = first_of(utf8);
    text += steers(c.code) ? "�" : utf8.substr(0, c.bytes);
    utf8.remove_prefix(c.bytes);
  }
  return text;
}

std::string fitted(std::string_view utf8, std::size_t columns) {
  if (width(utf8) <= columns)
    return std::string{utf8};
  std::string text;
  std::size_t taken = 1; // by the mark of what is left out
  while (columns > 0) {
    const auto c = first_of(utf8);
    taken += columns_of(c.code);
    if (taken > columns)
      return text + "…";
    text += utf8.substr(0, c.bytes);
    utf8.remove_prefix(c.bytes);
  }
  return text;
}

std::string padded(std::string_view utf8, std::size_t columns, bool to_the_right) {
  const auto taken = width(utf8);
  const std::string space(columns > taken ? columns - taken : 0, ' ');
  return to_the_right ? space + std::string{utf8} : std::string{utf8} + space;
}

} // namespace pickup::ctl

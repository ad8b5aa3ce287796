// Bytes as people read them. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pickup::testing {

/// "01a2ff", with a line's end after every 32 bytes.
inline std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && i % 32 == 0)
      text.push_back('\n');
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

/// The inverse of to_hex; white space is passed over.
inline std::string from_hex(std::string_view text) {
  std::string bytes;
  unsigned half = 0;
  bool second = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n')
      continue;
    half = half << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    if (second)
      bytes.push_back(static_cast<char>(half & 0xff));
    second = !second;
  }
  return bytes;
}

} // namespace pickup::testing

#include "http/text.hpp"

#include <algorithm>
#include <charconv>

namespace pickup::http {

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size()
         && std::equal(text.begin(), text.end(), lower_case.begin(), [](char a, char b) {
              return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
            });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t number = 0;
  const auto* last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data(), last, number);
  if (problem != std::errc{} || end != last || number > max_exact)
    return std::nullopt;
  if (text.size() > 1 && text.front() == '0')
    return std::nullopt;
  return number;
}

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const auto* last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data(), last, number);
  if (problem != std::errc{} || end != last)
    return std::nullopt;
  return number;
}

std::optional<std::string_view> take_item(std::string_view& list, char separator) {
  if (list.data() == nullptr)
    return std::nullopt;
  const auto cut = list.find(separator);
  const auto item = list.substr(0, cut);
  list = cut == list.npos ? std::string_view{} : list.substr(cut + 1);
  return trimmed(item);
}

} // namespace pickup::http

#include "http/preferences.hpp"

#include "http/text.hpp"

#include <algorithm>

namespace pickup::http {

namespace {

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2);
  return text;
}

} // namespace

std::chrono::seconds parse_wait(std::string_view prefer) {
  while (auto preference = take_item(prefer, ',')) {
    auto main_part = *preference;
    auto token = take_item(main_part, ';').value_or("");
    const auto equals = token.find('=');
    if (equals == token.npos || !equals_ignoring_case(trimmed(token.substr(0, equals)), "wait"))
      continue;
    const auto seconds = parse_decimal(unquoted(trimmed(token.substr(equals + 1))));
    return std::chrono::seconds{std::min<std::uint64_t>(seconds.value_or(0), max_wait.count())};
  }
  return {};
}

domain::result<std::optional<std::string>> read_idempotency_key(const request& r) {
  const auto key = r.idempotency_key;
  if (key.empty())
    return std::optional<std::string>{};
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  if (key.size() > 255 || !std::all_of(key.begin(), key.end(), visible))
    return domain::error{domain::errc::invalid_argument,
                         "read Idempotency-Key: must be 1 to 255 visible ASCII characters",
                         {}};
  return std::optional{std::string{key}};
}

} // namespace pickup::http

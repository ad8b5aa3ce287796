#include "http/target.hpp"

#include <simdjson.h>

#include <algorithm>

namespace pickup::http {

namespace {

domain::error malformed(std::string_view what, std::string_view why) {
  return {domain::errc::invalid_argument,
          std::string{"read target: "}.append(what).append(": ").append(why),
          {}};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

enum class plus { is_plus, is_space };

domain::result<std::string> decoded(std::string_view text, std::string_view what, plus p) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = text[i];
    if (c == '%') {
      const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const auto low = high >= 0 ? hex_digit(text[i + 2]) : -1;
      if (low < 0)
        return malformed(what, "% must be followed by two hexadecimal digits");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && p == plus::is_space) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return malformed(what, "control characters are not allowed");
    out += c;
  }
  if (!simdjson::validate_utf8(out))
    return malformed(what, "is not UTF-8");
  return out;
}

// Clients that think they talk to a proxy send the whole URL.
std::string_view without_origin(std::string_view text) {
  constexpr std::string_view scheme = "http://";
  if (text.substr(0, scheme.size()) != scheme)
    return text;
  const auto path = text.find('/', scheme.size());
  return path == text.npos ? "/" : text.substr(path);
}

} // namespace

std::optional<std::string_view> target::parameter(std::string_view name) const {
  const auto found = std::find_if(query.rbegin(), query.rend(),
                                  [name](const auto& entry) { return entry.first == name; });
  if (found == query.rend())
    return std::nullopt;
  return found->second;
}

domain::result<target> parse_target(std::string_view text) {
  text = without_origin(text.substr(0, text.find('#')));
  const auto mark = text.find('?');
  auto path = text.substr(0, mark);
  auto query = mark == text.npos ? std::string_view{} : text.substr(mark + 1);
  if (path.empty() || path.front() != '/')
    return malformed("path", "must begin with /");
  path.remove_prefix(1);
  if (!path.empty() && path.back() == '/')
    path.remove_suffix(1);

  target out;
  while (true) {
    const auto slash = path.find('/');
    auto segment = decoded(path.substr(0, slash), "path", plus::is_plus);
    if (!segment)
      return segment.error();
    out.segments.push_back(std::move(*segment));
    if (slash == path.npos)
      break;
    path.remove_prefix(slash + 1);
  }
  while (!query.empty()) {
    const auto cut = query.find('&');
    const auto pair = query.substr(0, cut);
    const auto equals = pair.find('=');
    auto key = decoded(pair.substr(0, equals), "query", plus::is_space);
    if (!key)
      return key.error();
    auto value =
        decoded(equals == pair.npos ? "" : pair.substr(equals + 1), "query", plus::is_space);
    if (!value)
      return value.error();
    if (!key->empty())
      out.query.emplace_back(std::move(*key), std::move(*value));
    query = cut == query.npos ? std::string_view{} : query.substr(cut + 1);
  }
  return out;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  auto made = decoded(text, "text", plus::is_plus);
  return made ? std::optional{*std::move(made)} : std::nullopt;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const auto c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const auto plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                       || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'
                       || c == '~';
    if (plain)
      out += c;
    else
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return out;
}

} // namespace pickup::http

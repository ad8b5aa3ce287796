#include "app/log_line.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <set>

namespace pickup::app {

namespace {

struct field {
  std::string_view key;
  std::string value;
};

/// An object that is being written.
class json_object {
public:
  json_object() { writer_.StartObject(); }

  void add(std::string_view key, std::string_view value) {
    writer_.Key(key.data(), length(key));
    writer_.String(value.data(), length(value));
  }

  std::string take() {
    writer_.EndObject();
    return {text_.GetString(), text_.GetSize()};
  }

private:
  static rapidjson::SizeType length(std::string_view text) {
    return static_cast<rapidjson::SizeType>(text.size());
  }

  rapidjson::StringBuffer text_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{text_};
};

// JSON is UTF-8: bytes that are not are told as \xHH.
std::string readable(std::string_view line) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (simdjson::validate_utf8(line.data(), line.size()))
    return std::string{line};
  std::string text;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      text += c;
    else
      text.append({'\\', 'x', digits[byte >> 4U], digits[byte & 15U]});
  }
  return text;
}

bool is_name(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

// Takes what ends before `end`, and the space behind it.
void take(std::string_view& from, std::size_t end) {
  from.remove_prefix(std::min(end + 1, from.size()));
}

std::optional<std::string_view> take_event(std::string_view& line) {
  const auto word = line.substr(0, line.find(' '));
  if (!is_name(word) || word.find('.') == word.npos)
    return std::nullopt;
  take(line, word.size());
  return word;
}

// Of an escaped character; those of other escapes stand for themselves, behind their backslash.
std::string unescaped(char c) {
  switch (c) {
  case 'n': return "\n";
  case 'r': return "\r";
  case 't': return "\t";
  case '"':
  case '\\': return {c};
  default: return {'\\', c};
  }
}

// A text in quotes that ends with a word, and where it ends.
std::optional<std::pair<std::string, std::size_t>> quoted(std::string_view text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"')
      return i + 1 == text.size() || text[i + 1] == ' '
                 ? std::optional{std::pair{std::move(value), i + 1}}
                 : std::nullopt;
    if (text[i] == '\\' && i + 1 < text.size())
      value += unescaped(text[++i]);
    else
      value += text[i];
  }
  return std::nullopt;
}

std::optional<field> take_field(std::string_view& line) {
  const auto equals = line.find('=');
  const auto key = line.substr(0, equals);
  if (equals == line.npos || !is_name(key))
    return std::nullopt;
  const auto text = line.substr(equals + 1);
  if (text.starts_with('"')) {
    auto value = quoted(text);
    if (!value)
      return std::nullopt;
    take(line, equals + 1 + value->second);
    return field{key, std::move(value->first)};
  }
  const auto value = key == "reason" ? text : text.substr(0, text.find(' '));
  take(line, equals + 1 + value.size());
  return field{key, std::string{value}};
}

} // namespace

std::string to_json_line(domain::timestamp at, std::string_view level, std::string_view line) {
  const auto text = readable(line);
  std::string_view rest = text;
  json_object out;
  out.add("at", domain::to_rfc3339(at));
  out.add("level", level);
  if (const auto event = take_event(rest))
    out.add("event", *event);
  std::set<std::string_view> taken{"at", "level", "event", "message"};
  while (!rest.empty()) {
    const auto before = rest;
    const auto next = take_field(rest);
    if (!next || !taken.insert(next->key).second) {
      out.add("message", before);
      break;
    }
    out.add(next->key, next->value);
  }
  return out.take();
}

} // namespace pickup::app

#include "config/templates.hpp"

#include "config/text_file.hpp"

#include <optional>
#include <utility>

#include <toml++/toml.h>

namespace pickup::config {

namespace {

std::optional<domain::message> parse_kind(std::string_view text) {
  for (auto kind = domain::message::received; kind <= domain::message::failed;
       kind = static_cast<domain::message>(static_cast<int>(kind) + 1))
    if (domain::name(kind) == text)
      return kind;
  return std::nullopt;
}

domain::error refusal(const std::string& origin, const std::string& why) {
  return {domain::errc::invalid_argument, "read templates: " + origin + ": " + why, {}};
}

domain::result<notify::message_template>
parse_one(const std::string& origin, const std::string& section, const toml::table& values) {
  notify::message_template t;
  for (const auto& [key, value] : values) {
    const auto text = value.value<std::string>();
    if (!text || (key.str() != "code" && key.str() != "text"))
      return refusal(origin,
                     section + "." + std::string{key.str()} + ": must be a code or a text");
    (key.str() == "code" ? t.code : t.text) = *text;
  }
  return t;
}

} // namespace

domain::result<notify::template_set> parse_templates(std::string_view toml,
                                                     const std::string& origin) {
  notify::template_set all;
  try {
    const auto root = toml::parse(toml);
    for (const auto& [section, value] : root) {
      const std::string name{section.str()};
      const auto kind = parse_kind(name);
      const auto* values = value.as_table();
      if (!kind || values == nullptr)
        return refusal(origin, name + ": no such kind of message");
      auto one = parse_one(origin, name, *values);
      if (!one)
        return one.error();
      all.emplace(*kind, std::move(*one));
    }
  } catch (const toml::parse_error& problem) {
    return refusal(origin, "line " + std::to_string(problem.source().begin.line) + ": "
                               + std::string{problem.description()});
  }
  if (auto checked = notify::check(all); !checked)
    return refusal(origin, checked.error().text);
  return all;
}

domain::result<notify::template_set> read_templates(const settings& s) {
  const auto& file = s.actors.notify.alimtalk.templates;
  if (file.empty())
    return parse_templates(builtin_templates(), "built in");
  auto text = read_text_file(file);
  if (!text)
    return text.error();
  return parse_templates(*text, file);
}

} // namespace pickup::config

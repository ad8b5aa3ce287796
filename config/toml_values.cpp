#include "config/toml_values.hpp"

#include <sstream>

namespace pickup::config {

namespace {

toml::node_type type_of(const field& target) {
  if (std::holds_alternative<std::uint32_t*>(target))
    return toml::node_type::integer;
  if (std::holds_alternative<double*>(target))
    return toml::node_type::floating_point;
  if (std::holds_alternative<bool*>(target))
    return toml::node_type::boolean;
  return toml::node_type::string;
}

} // namespace

std::optional<std::string> text_for(const field& target, const toml::node& value) {
  const auto wanted = type_of(target);
  // 20000 is as good a number as 20000.0.
  const bool fits = value.type() == wanted
                    || (wanted == toml::node_type::floating_point && value.is_integer());
  if (!fits)
    return std::nullopt;
  return value.is_string() ? value.ref<std::string>() : shown(value);
}

std::string shown(const toml::node& value) {
  if (value.is_table())
    return "a section";
  if (value.is_array())
    return "an array";
  std::ostringstream text;
  value.visit([&](const auto& v) { text << v; });
  return text.str();
}

} // namespace pickup::config

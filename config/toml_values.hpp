// TOML values as the text that option_table reads. Thread-safe: keeps nothing.
#pragma once

#include "config/option_table.hpp"

#include <optional>
#include <string>

#include <toml++/toml.h>

namespace pickup::config {

/// The value as assign() takes it; nothing when its TOML type is not the field's: a length of
/// time is a string, a count an integer, and "8080" in quotes is not one.
std::optional<std::string> text_for(const field& target, const toml::node& value);

/// The value as it stands in the file, for an error text; "an array" or "a section" for those.
std::string shown(const toml::node& value);

} // namespace pickup::config

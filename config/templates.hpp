// The texts of messages, read from a TOML file. Thread-safe: keeps nothing.
#pragma once

#include "config/settings.hpp"
#include "domain/result.hpp"
#include "notify/templates.hpp"

#include <string_view>

namespace pickup::config {

/// config/templates.toml as it was when this program was built.
std::string_view builtin_templates();

/// Reads a set of templates and checks it against the provider's limits.
/// @param origin stands before every error
/// Errors: invalid_argument, for an unknown kind or key too.
domain::result<notify::template_set> parse_templates(std::string_view toml,
                                                     const std::string& origin);

/// The file the settings name, or the built-in templates. Errors: io, invalid_argument.
domain::result<notify::template_set> read_templates(const settings& s);

} // namespace pickup::config

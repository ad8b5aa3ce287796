// The list of places pickupd starts with, as text for domain::gazetteer. Thread-safe.
#pragma once

#include "config/settings.hpp"
#include "domain/result.hpp"

#include <string>
#include <string_view>

namespace pickup::config {

/// config/places.csv as it was when this program was built.
std::string_view builtin_places();

/// The file the settings name, or the built-in places. Errors: io.
domain::result<std::string> read_places(const settings& s);

} // namespace pickup::config

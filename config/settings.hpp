// Everything that can be set about pickupd, and where it is read from. Plain values; load() may
// run in any thread and reads nothing but what it is given.
#pragma once

#include "actors/options.hpp"
#include "domain/result.hpp"
#include "http/options.hpp"
#include "storage/options.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace pickup::config {

struct settings {
  http::options http;
  storage::options storage;
  actors::options actors;
  bool demo_couriers = true;       ///< register demo couriers in a new data directory
  std::string places_file;         ///< empty: the built-in places
  std::string areas_file;          ///< empty: services come everywhere
  std::string log_level = "info";  ///< trace, debug, info, warn, error or off
  std::string log_format = "text"; ///< or json
  std::string fault_clock_file;    ///< for tests: milliseconds that the wall clock is wrong by
};

/// Where settings come from. What comes later wins: defaults, file, environment, flags.
struct sources {
  std::optional<std::filesystem::path> file;
  /// All variables of the process; only those that begin with PICKUPD_ count.
  std::map<std::string, std::string> environment;
  std::optional<std::string> listen;          ///< --listen
  std::optional<std::string> operator_listen; ///< --admin-listen
  std::optional<std::string> data_dir;        ///< --data-dir
};

/// Reads and checks all settings. Relative paths in the file are resolved against the file's
/// directory. Errors: io when the file cannot be read; invalid_argument for an unknown name or
/// a bad value, with its place: "config/pickupd.toml:12: dispatch.max_wait: must be …".
domain::result<settings> load(const sources& from);

/// The first value that cannot work. An error names its option in the fact "option".
domain::status_result validate(const settings& s);

} // namespace pickup::config

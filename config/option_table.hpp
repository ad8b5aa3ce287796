// Every option by its name, once: file, environment and listings all go through this table.
// Not thread-safe: a table points into the settings it was made for and must not outlive them.
#pragma once

#include "config/settings.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pickup::config {

/// A file or directory name; empty when there is none.
struct path_field {
  std::string* path;
};

/// Where an option's value lives; the type says how it is written.
using field =
    std::variant<std::string*, path_field, domain::duration*, std::uint32_t*, double*, bool*>;

struct option {
  std::string section; ///< "dispatch"
  std::string key;     ///< "max_wait"
  field value;

  std::string name() const { return section + '.' + key; }
  /// "PICKUPD_DISPATCH_MAX_WAIT".
  std::string environment_name() const;
};

/// All options, pointing into `s`.
std::vector<option> options_of(settings& s);

/// Reads `text` into the option. Errors: invalid_argument, as unfit() says it.
domain::status_result assign(const option& o, std::string_view text);

/// The refusal of a value that is not of the option's kind:
/// "dispatch.max_wait: must be a length of time such as \"30min\", got 30".
domain::error unfit(const option& o, std::string_view got);

/// An option with its value as one would write it.
struct listed_option {
  std::string name;
  std::string value;

  friend bool operator==(const listed_option&, const listed_option&) = default;
};

std::vector<listed_option> list_options(settings s);

} // namespace pickup::config

// The path and query of a request, decoded. Pure values.
#pragma once

#include "domain/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pickup::http {

/// A request target taken apart: percent-decoded, valid UTF-8, no control characters.
struct target {
  std::vector<std::string> segments; ///< of the path; a trailing slash makes no difference
  std::vector<std::pair<std::string, std::string>> query; ///< in the order given

  /// The last value of a query parameter.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

/// Takes "/a/b?c=d" apart, also behind "http://host". Errors: invalid_argument.
domain::result<target> parse_target(std::string_view text);

/// Undoes percent_encoded(); nothing when that leaves no valid UTF-8, or control characters.
std::optional<std::string> percent_decoded(std::string_view text);

/// Everything but unreserved ASCII as %XX, so that it may stand in a path or a query.
std::string percent_encoded(std::string_view text);

} // namespace pickup::http

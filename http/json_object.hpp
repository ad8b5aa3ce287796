// A JSON object from a request's body, read field by field. Every field may have several names;
// the last one written counts, and null is the same as absent.
// Not thread-safe. It points into a parser the calling thread keeps for itself, so it is valid
// until that thread parses the next body.
#pragma once

#include "domain/result.hpp"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::http {

/// The names of one field; the first is the one errors speak of.
using field = std::initializer_list<std::string_view>;

/// How many characters a text may have.
struct text_length {
  std::size_t least = 0;
  std::size_t most = 0;
};

class json_object {
public:
  /// Nesting deeper than this is refused: nothing here needs it.
  static constexpr std::size_t max_depth = 64;

  /// Errors: invalid_argument, saying where the text stops being JSON. `body` must outlive it.
  static domain::result<json_object> parse(const std::string& body);

  /// Hands over each object of a body that holds many, until `take` says no: a JSON array, or
  /// one object a line (NDJSON; empty lines do not count). What is no object is an error handed
  /// over in its place: one bad line spoils no other. Errors: invalid_argument when nothing of
  /// the body is what it should be.
  static domain::status_result
  parse_each(const std::string& body,
             const std::function<bool(domain::result<json_object>)>& take);

  // All errors below: invalid_argument, naming the field.

  domain::result<std::optional<std::string>> text(field names, text_length allowed) const;
  /// Also reads a number written as a string.
  domain::result<std::optional<double>> number(field names) const;
  /// A whole number from `least` to `most`; also reads one written as a string.
  domain::result<std::optional<std::int64_t>> whole(field names, std::int64_t least,
                                                    std::int64_t most) const;
  /// Also reads "true" and "false".
  domain::result<std::optional<bool>> flag(field names) const;
  domain::result<std::optional<std::vector<std::string>>> texts(field names) const;

private:
  explicit json_object(simdjson::dom::object fields) : fields_(fields) {}

  static domain::status_result
  parse_array(const std::string& body,
              const std::function<bool(domain::result<json_object>)>& take);
  static domain::status_result
  parse_lines(std::string_view lines,
              const std::function<bool(domain::result<json_object>)>& take);

  std::optional<simdjson::dom::element> find(field names) const;

  simdjson::dom::object fields_;
};

/// "read body: tel: must be …".
domain::error bad_field(std::string_view name, std::string_view reason);

} // namespace pickup::http

// Fields that calls and couriers share. Pure.
#pragma once

#include "domain/position.hpp"
#include "http/json_object.hpp"

#include <optional>
#include <string>

namespace pickup::http {

/// Whether `text` is a telephone number: 9 to 15 digits; + - and spaces are allowed between.
bool is_tel(std::string_view text);

/// A telephone number under any of `names`.
domain::result<std::optional<std::string>> read_tel(const json_object& body, field names);

/// `lat` and `lng`, both or neither.
domain::result<std::optional<domain::position>> read_position(const json_object& body);

} // namespace pickup::http

// Query parameters of the operators' port, read by the same rules everywhere. Pure. Errors of
// all: invalid_argument.
#pragma once

#include "domain/position.hpp"
#include "domain/result.hpp"
#include "domain/service.hpp"
#include "domain/time.hpp"
#include "http/target.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::http {

/// A whole number from `least` to `most`.
domain::result<std::uint64_t> read_number(const target& t, std::string_view name,
                                          std::uint64_t otherwise, std::uint64_t least,
                                          std::uint64_t most);

/// A length of time from `least` to `most`, as "500ms" or "1min".
domain::result<domain::duration> read_duration(const target& t, std::string_view name,
                                               domain::duration otherwise,
                                               domain::duration least, domain::duration most);

/// `south`, `west`, `north` and `east` in degrees; nothing when none of them is given.
domain::result<std::optional<domain::box>> read_box(const target& t);

/// `service`; pickup unless given.
domain::result<domain::service> read_service(const target& t);

domain::error bad_query(std::string_view name, const std::string& why);

} // namespace pickup::http

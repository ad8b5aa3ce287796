// The body of a new call. Pure.
#pragma once

#include "domain/call.hpp"
#include "domain/result.hpp"

#include <optional>
#include <string>

namespace pickup::http {

/// What the customer wrote. The place is still to be found when it has no coordinates.
struct call_order {
  domain::service_class wanted;
  std::string tel;
  std::optional<std::string> location;
  std::optional<domain::position> where;
  std::optional<std::int64_t> cost;
  std::optional<std::string> memo;
  std::optional<domain::timestamp> pickup_at;
};

/// Errors: invalid_argument.
domain::result<call_order> read_call(const std::string& body, domain::service s);

} // namespace pickup::http

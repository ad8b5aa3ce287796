// What a request's method alone decides about the answer. Pure.
#pragma once

#include "http/message.hpp"

#include <optional>
#include <string_view>

namespace pickup::http {

/// 405 when `allowed` (as an Allow header lists it) does not have the method, the answer to
/// OPTIONS, or nothing: go on.
std::optional<response> answer_by_method(const request& r, std::string_view allowed);

} // namespace pickup::http

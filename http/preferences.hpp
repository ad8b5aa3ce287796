// What request headers ask for beside the body. Pure.
#pragma once

#include "domain/result.hpp"
#include "http/message.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::http {

/// No answer is held longer than this.
inline constexpr std::chrono::seconds max_wait{30};

/// How long `Prefer: wait=N` (RFC 7240) asks the answer to be held, at most max_wait; zero when
/// it does not or cannot be read.
std::chrono::seconds parse_wait(std::string_view prefer);

/// The request's idempotency key: 1 to 255 visible ASCII characters. Errors: invalid_argument.
domain::result<std::optional<std::string>> read_idempotency_key(const request& r);

} // namespace pickup::http

// The identity that ties a request to everything it causes. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace pickup::http {

/// The client's X-Correlation-Id when it is printable ASCII of at most 128 characters, else the
/// trace id of `traceparent` (W3C Trace Context), else a new random one.
std::string correlation_id_of(std::string_view x_correlation_id, std::string_view traceparent);

} // namespace pickup::http

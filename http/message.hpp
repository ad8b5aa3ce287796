// A request and its answer, as everything but the transport sees them. Plain values.
#pragma once

#include "http/feed_channel.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::http {

/// A request that arrived whole. The views are valid until the answer is written.
struct request {
  std::string_view method;
  std::string_view target; ///< path and query, as on the wire
  std::string_view host;   ///< as the client calls the server; empty when it does not
  std::string_view content_type;
  std::string_view idempotency_key; ///< empty when there is none
  std::string_view prefer;
  std::string_view authorization;
  std::string_view operator_name; ///< percent-encoded
  std::string_view if_none_match;
  std::string body;
  std::string correlation_id;
  std::function<bool()> client_listens; ///< false once the client has sent its last byte
};

struct header {
  std::string_view name; ///< a literal
  std::string value;
};

struct response {
  int status = 200;
  std::string_view content_type = "application/json"; ///< a literal
  std::string body;
  std::vector<header> headers;
  bool turned_away = false; ///< to protect the rest: nothing was begun
  /// Sends what follows the head, for as long as the client listens; empty: the body does.
  std::function<void(feed_channel&)> feed = {};
};

} // namespace pickup::http

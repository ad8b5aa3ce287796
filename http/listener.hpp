// A listening socket, made by cpp-httplib with what it leaves out: a backlog that a burst of
// clients fits in, and the refusal of a port that is taken.
// Not thread-safe. Owned by the transport.
#pragma once

#include "domain/result.hpp"
#include "http/endpoint.hpp"
#include "http/unique_socket.hpp"

namespace pickup::http {

struct listener {
  unique_socket socket; ///< does not block
  int port = 0;
};

/// Listens at `at`; port 0 takes a free one. Errors: io, e.g.
/// "listen: 127.0.0.1:8080: Address already in use".
domain::result<listener> listen_at(const endpoint& at);

} // namespace pickup::http

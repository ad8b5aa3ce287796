#include "http/listener.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace pickup::http {

namespace {

// The library's own 5 makes every burst of clients wait for SYN retries of seconds.
constexpr int backlog = 4096;

// Gives access to the descriptor the library binds.
class binder : private httplib::Server {
public:
  binder() {
    set_socket_options([](socket_t s) {
      // Not SO_REUSEPORT: a second server on the same port must be refused.
      const int yes = 1;
      ::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
  }

  /// The port; -1 and errno when that failed.
  int bind(const endpoint& at) {
    if (at.port == 0)
      return bind_to_any_port(at.host);
    return bind_to_port(at.host, at.port) ? at.port : -1;
  }

  unique_socket take() { return unique_socket{svr_sock_.exchange(INVALID_SOCKET)}; }
};

domain::error cannot_listen(const endpoint& at, const char* why) {
  const auto is_ipv6 = at.host.find(':') != std::string::npos;
  const auto host = is_ipv6 ? "[" + at.host + "]" : at.host;
  return {domain::errc::io, "listen: " + host + ":" + std::to_string(at.port) + ": " + why, {}};
}

} // namespace

domain::result<listener> listen_at(const endpoint& at) {
  binder b;
  errno = 0;
  const auto port = b.bind(at);
  if (port < 0)
    return cannot_listen(at, errno == 0 ? "no such address" : std::strerror(errno));
  listener l{b.take(), port};
  if (::listen(l.socket.fd(), backlog) != 0 || ::fcntl(l.socket.fd(), F_SETFL, O_NONBLOCK) != 0)
    return cannot_listen(at, std::strerror(errno));
  return l;
}

} // namespace pickup::http

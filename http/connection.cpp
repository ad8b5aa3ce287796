#include "http/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace pickup::http {

namespace {

using clock = std::chrono::steady_clock;

// Who sends more than this after the answer is not heard to the end.
constexpr std::size_t polite_bytes = 1 << 20;

// Waits until `fd` is ready for `events`.
arrival wait_for(int fd, short events, steady_time deadline) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
    if (left <= 0)
      return arrival::late;
    pollfd p{fd, events, 0};
    const auto n = ::poll(&p, 1, static_cast<int>(std::min<long>(left, 60'000)));
    if (n > 0)
      return arrival::data;
    if (n < 0 && errno != EINTR)
      return arrival::closed;
  }
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

} // namespace

connection::connection(unique_socket s, const connection_limits& limits)
    : socket_(std::move(s)), write_limit_(limits.write), buffer_(limits.head_bytes) {
  const int yes = 1;
  ::setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  // The wait for a next request is a single blocking recv; this is its limit.
  const auto seconds = std::chrono::floor<std::chrono::seconds>(limits.keep_alive);
  timeval idle{};
  idle.tv_sec = seconds.count();
  idle.tv_usec = std::chrono::microseconds{limits.keep_alive - seconds}.count();
  ::setsockopt(socket_.fd(), SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle);
}

void connection::make_room() {
  if (begin_ == end_)
    begin_ = end_ = 0;
  if (begin_ > 0 && end_ == buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
}

arrival connection::await_request(const std::atomic<bool>& draining) {
  make_room();
  // Idle is said before draining is asked, and draining set before idle ones are looked for:
  // one of the two sides sees the other.
  idle_since_ = std::max<steady_time::rep>(1, clock::now().time_since_epoch().count());
  ssize_t n = 0;
  do
    n = ::recv(socket_.fd(), buffer_.data() + end_, buffer_.size() - end_,
               draining ? MSG_DONTWAIT : 0);
  while (n < 0 && errno == EINTR);
  idle_since_ = 0;
  if (n <= 0)
    return arrival::closed;
  end_ += static_cast<std::size_t>(n);
  return arrival::data;
}

arrival connection::fill(steady_time deadline) {
  make_room();
  if (end_ == buffer_.size())
    return arrival::closed; // a head never grows to this: its limits are checked as it arrives
  const auto more = read_some(buffer_.data() + end_, buffer_.size() - end_, deadline);
  end_ += more.got;
  return more.outcome;
}

connection::piece connection::read_some(char* to, std::size_t n, steady_time deadline) {
  while (true) {
    const auto got = ::recv(socket_.fd(), to, n, MSG_DONTWAIT);
    if (got > 0)
      return {arrival::data, static_cast<std::size_t>(got)};
    if (got == 0 || (!would_block(errno) && errno != EINTR))
      return {arrival::closed, 0};
    if (const auto ready = wait_for(socket_.fd(), POLLIN, deadline); ready != arrival::data)
      return {ready, 0};
  }
}

delivery connection::send(std::string_view bytes) {
  steady_time deadline{};
  while (!bytes.empty()) {
    const auto n =
        ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
      continue;
    }
    if (errno == EINTR)
      continue;
    if (!would_block(errno))
      return delivery::failed;
    if (deadline == steady_time{})
      deadline = clock::now() + write_limit_;
    if (wait_for(socket_.fd(), POLLOUT, deadline) != arrival::data)
      return delivery::failed;
  }
  return delivery::sent;
}

void connection::finish_politely(std::chrono::milliseconds limit) {
  ::shutdown(socket_.fd(), SHUT_WR);
  const auto deadline = clock::now() + limit;
  std::array<char, 4096> unread;
  for (std::size_t total = 0; total < polite_bytes;) {
    const auto more = read_some(unread.data(), unread.size(), deadline);
    if (more.outcome != arrival::data)
      return;
    total += more.got;
  }
}

connection::closing connection::close_if_idle(std::chrono::milliseconds least) {
  const auto since = idle_since_.load();
  if (since == 0 || clock::now() - steady_time{clock::duration{since}} < least)
    return closing::not_idle;
  // Reading only: if a request arrives at this moment, its answer can still be sent.
  ::shutdown(socket_.fd(), SHUT_RD);
  return closing::closed;
}

void connection::abort() {
  ::shutdown(socket_.fd(), SHUT_RDWR);
}

} // namespace pickup::http

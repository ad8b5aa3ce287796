#include "http/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace pickup::http {

namespace {

using clock = std::chrono::steady_clock;

// Who sends more than this after the answer is not heard to the end. Above any body that is too
// long by mistake.
constexpr std::size_t polite_bytes = 4 << 20;

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

} // namespace

connection::connection(unique_socket s, const connection_limits& limits)
    : socket_(std::move(s)),
      watch_(socket_.fd()),
      keep_alive_(limits.keep_alive),
      write_limit_(limits.write),
      buffer_(limits.head_bytes) {
  const int yes = 1;
  ::setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
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
  watch_.begin_idle();
  const auto now = clock::now();
  auto* const to = buffer_.data() + end_;
  const auto room = buffer_.size() - end_;
  auto first = read_some(to, room, draining ? now : now + keep_alive_);
  if (first.outcome == arrival::late)
    first = read_now(to, room); // what came just now is still answered
  watch_.end_idle();
  end_ += first.got;
  return first.outcome;
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
  while (watch_.await(socket_watch::side::reading, deadline))
    if (const auto more = read_now(to, n); more.outcome != arrival::late)
      return more;
  return {arrival::late, 0};
}

connection::piece connection::read_now(char* to, std::size_t n) {
  ssize_t got = 0;
  do
    got = ::recv(socket_.fd(), to, n, MSG_DONTWAIT);
  while (got < 0 && errno == EINTR);
  if (got == 0 || (got < 0 && !would_block(errno)))
    return {arrival::closed, 0};
  if (got < static_cast<ssize_t>(n))
    watch_.exhausted(socket_watch::side::reading);
  if (got < 0)
    return {arrival::late, 0};
  return {arrival::data, static_cast<std::size_t>(got)};
}

delivery connection::send(std::string_view bytes) {
  using enum socket_watch::side;
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
    watch_.exhausted(writing);
    if (deadline == steady_time{})
      deadline = clock::now() + write_limit_;
    if (!watch_.await(writing, deadline))
      return delivery::failed;
  }
  return delivery::sent;
}

arrival connection::await_end(steady_time deadline) {
  std::array<char, 256> ignored;
  while (true)
    if (const auto more = read_some(ignored.data(), ignored.size(), deadline);
        more.outcome != arrival::data)
      return more.outcome;
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

void connection::abort() {
  ::shutdown(socket_.fd(), SHUT_RDWR);
}

} // namespace pickup::http

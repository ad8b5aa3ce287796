// One client's connection: bytes in, bytes out, each with a time limit.
// Owned and used by the fiber that serves it; only idle_since(), close_if_idle()
// and abort() may be called by other threads, and only while it is alive (see connection_list).
#pragma once

#include "http/poller.hpp"
#include "http/unique_socket.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <vector>

namespace pickup::http {

struct connection_limits {
  std::size_t head_bytes = 0; ///< the largest head, and so the size of the buffer
  std::chrono::milliseconds keep_alive{0};
  std::chrono::milliseconds write{0};
};

/// How waiting for bytes ended.
enum class arrival { data, closed, late };

/// Whether the peer took all bytes in time.
enum class delivery { sent, failed };

class connection {
public:
  connection(unique_socket s, const connection_limits& limits);

  /// What has arrived and not been consumed. Views into it hold until the next await or fill.
  std::string_view buffered() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t n) { begin_ += n; }

  /// Waits for the first bytes of the next request for as long as a connection may be idle; not
  /// at all while `draining`.
  arrival await_request(const std::atomic<bool>& draining);
  /// Adds to the buffer.
  arrival fill(steady_time deadline);

  delivery send(std::string_view bytes);

  /// Waits while the peer has nothing to say; late when it has said nothing, or nothing that
  /// matters, until the deadline.
  arrival await_end(steady_time deadline);

  /// Says that no more will be sent and reads a little on, so that a client that is still
  /// sending gets to read the answer: closing at once would reset the connection.
  void finish_politely(std::chrono::milliseconds limit);

  /// Since when it waits for a next request, in steady_clock's ticks; 0 while it does not.
  steady_time::rep idle_since() const { return watch_.idle_since(); }
  /// Ends the waiting for a next request; false when it does not wait. A request that arrives
  /// at this moment is still answered.
  bool close_if_idle() { return watch_.end_idleness(); }
  /// Whether the peer was heard to send no more.
  bool peer_has_ended() const { return watch_.has_ended(); }
  /// Ends all reading and writing.
  void abort();

private:
  struct piece {
    arrival outcome = arrival::closed;
    std::size_t got = 0;
  };
  piece read_some(char* to, std::size_t n, steady_time deadline);
  /// Late when nothing has arrived.
  piece read_now(char* to, std::size_t n);
  void make_room();

  unique_socket socket_;
  socket_watch watch_;
  const std::chrono::milliseconds keep_alive_;
  const std::chrono::milliseconds write_limit_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

} // namespace pickup::http

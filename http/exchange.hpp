// One request and its answer, as the stream cpp-httplib reads and writes. Reading ends where
// the request ends or its time is over; what is written is kept and goes out in one send.
// Not thread-safe. Owned by the thread that answers; refers to the connection, which outlives
// it.
#pragma once

#include "http/connection.hpp"
#include "http/feed_channel.hpp"
#include "http/head_check.hpp"
#include "http/problem.hpp"

#include <httplib.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::http {

class exchange : public httplib::Stream {
public:
  exchange(connection& on, const request_extent& extent, steady_time deadline);
  /// For a request that is refused as it stands: instead of it the library reads an empty line,
  /// which it answers as a bad request.
  exchange(connection& on, problem why);
  ~exchange() override;
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  /// The one the calling thread is in: the library's callbacks are not told.
  static exchange& current();

  connection& on() const { return connection_; }
  /// How many bytes the decoded body may have.
  std::uint64_t most_body() const { return most_body_; }
  /// Why the request cannot be answered, if it cannot.
  const std::optional<problem>& refusal() const { return refusal_; }

  /// Echoed in the answer; empty until the library has read the head.
  std::string correlation_id;

  /// The body was read up to its end.
  void body_ended() { left_ = 0; }
  /// Whether the client may still be sending this request.
  bool has_unread() const { return left_ > 0 || refusal_; }
  /// Whether the next request's first byte can be told from the rest of this one. A chunked
  /// body may have ended in what the library takes for an end.
  bool next_is_in_sight() const { return !has_unread() && !chunked_; }

  /// What is to follow the head that was written; empty: nothing.
  std::function<void(feed_channel&)> feed;

  /// What becomes of the connection, decided when the answer is written.
  enum class afterwards { closes, stays_open };
  afterwards then = afterwards::closes;

  /// Sends what was written.
  delivery flush();

  // As the library sees it.
  ssize_t read(char* to, std::size_t n) override;
  ssize_t write(const char* from, std::size_t n) override;
  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return 0; }

private:
  connection& connection_;
  std::string_view instead_; ///< read before anything of the connection
  const std::uint64_t most_body_ = 0;
  std::uint64_t left_ = 0; ///< bytes of the request
  const bool chunked_ = false;
  const steady_time deadline_{};
  std::optional<problem> refusal_;
  std::string written_;
};

} // namespace pickup::http

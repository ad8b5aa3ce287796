// What cpp-httplib leaves open about a request's head: whether it is whole, how large it may
// be, and whether it is clear about where the request ends. Pure.
#pragma once

#include "http/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace pickup::http {

/// Longer lines are refused; with CR LF it is what the library takes.
inline constexpr std::size_t max_line = 8190;

struct head_limits {
  std::size_t lines = 100;             ///< header lines
  std::size_t bytes = 16'384;          ///< of all header lines together
  std::uint64_t body = 65'536;         ///< bytes announced
  std::uint64_t bulk_body = 2'097'152; ///< the same where the path takes many things at once
};

/// Where a request ends.
struct request_extent {
  std::size_t head = 0;                ///< bytes up to and with the empty line
  std::optional<std::uint64_t> body{}; ///< bytes announced
  bool chunked = false;                ///< the body tells its end itself
  std::uint64_t most_body = 0;         ///< bytes the body may have, however it is sent
  bool encoded = false;                ///< the body is larger than it travels
  bool bulk = false;                   ///< the body may turn out larger than others may be
  bool has_key = false;                ///< an Idempotency-Key was seen
  bool closes = false;                 ///< the client wants no other answer on this connection
  std::size_t odd_method = 0;          ///< length of a method that HTTP does not have
};

/// The head has not arrived whole.
struct incomplete {};

/// Looks at the head that `bytes` begin with.
std::variant<incomplete, request_extent, problem> check_head(std::string_view bytes,
                                                             const head_limits& limits);

} // namespace pickup::http

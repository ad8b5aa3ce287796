// Where a server listens. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::http {

struct endpoint {
  std::string host; ///< a name or an address, without brackets
  std::uint16_t port = 0;

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// Reads "HOST:PORT", with an IPv6 address in brackets: "[::1]:8080".
std::optional<endpoint> parse_endpoint(std::string_view text);

/// Whether HOST[:PORT] is an address or "localhost", and so no name that somebody else may have
/// given an address of this machine.
bool is_address_or_localhost(std::string_view host);

} // namespace pickup::http

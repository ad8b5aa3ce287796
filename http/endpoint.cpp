#include "http/endpoint.hpp"

#include "http/text.hpp"

#include <arpa/inet.h>

#include <charconv>

namespace pickup::http {

namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, port);
  if (failure != std::errc{} || rest != end)
    return std::nullopt;
  return port;
}

} // namespace

std::optional<endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':')
           != std::string_view::npos) // the port of a bare IPv6 address is a guess
    return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  if (host.empty() || !port)
    return std::nullopt;
  return endpoint{std::string{host}, *port};
}

bool is_address_or_localhost(std::string_view host) {
  if (host.starts_with('[')) // only an IPv6 address is
    return true;
  const std::string name{host.substr(0, host.find(':'))};
  in_addr address{};
  return equals_ignoring_case(name, "localhost")
         || ::inet_pton(AF_INET, name.c_str(), &address) == 1;
}

} // namespace pickup::http

#include "http/query.hpp"

#include "domain/options.hpp"
#include "http/text.hpp"

#include <array>

namespace pickup::http {

namespace {

constexpr std::array<std::string_view, 4> edge_names{"south", "west", "north", "east"};

} // namespace

domain::error bad_query(std::string_view name, const std::string& why) {
  return {domain::errc::invalid_argument,
          "read query: " + std::string{name} + ": must be " + why,
          {}};
}

domain::result<std::uint64_t> read_number(const target& t, std::string_view name,
                                          std::uint64_t otherwise, std::uint64_t least,
                                          std::uint64_t most) {
  const auto given = t.parameter(name);
  if (!given)
    return otherwise;
  const auto n = parse_decimal(*given);
  if (!n || *n < least || *n > most)
    return bad_query(name, "a whole number from " + std::to_string(least) + " to "
                               + std::to_string(most));
  return *n;
}

domain::result<domain::duration> read_duration(const target& t, std::string_view name,
                                               domain::duration otherwise,
                                               domain::duration least, domain::duration most) {
  const auto given = t.parameter(name);
  if (!given)
    return otherwise;
  const auto time = domain::parse_duration(*given);
  if (!time || *time < least || *time > most)
    return bad_query(name, "a length of time from " + domain::to_text(least) + " to "
                               + domain::to_text(most) + ", e.g. 500ms");
  return *time;
}

domain::result<std::optional<domain::box>> read_box(const target& t) {
  std::array<std::optional<double>, 4> edges;
  bool given = false;
  for (std::size_t i = 0; i < edges.size(); ++i)
    if (const auto text = t.parameter(edge_names[i])) {
      given = true;
      edges[i] = parse_number(*text);
      if (!edges[i])
        return bad_query(edge_names[i], "a number");
    }
  if (!given)
    return std::optional<domain::box>{};
  for (std::size_t i = 0; i < edges.size(); ++i)
    if (!edges[i])
      return bad_query(edge_names[i], "given with the other edges: south, west, north, east");
  const auto& [south, west, north, east] = edges;
  const auto south_west = domain::position::at(*south, *west);
  const auto north_east = domain::position::at(*north, *east);
  if (!south_west || !north_east)
    return bad_query("south, west, north, east", "within ±90 and ±180 degrees");
  if (*south > *north)
    return bad_query("south", "no higher than north");
  return std::optional{domain::box{*south_west, *north_east}};
}

domain::result<domain::service> read_service(const target& t) {
  const auto given = t.parameter("service");
  if (!given)
    return domain::service::pickup;
  const auto service = domain::parse_service(*given);
  if (!service)
    return bad_query("service", "pickup or taxi");
  return *service;
}

} // namespace pickup::http

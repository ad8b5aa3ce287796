#include "http/route.hpp"

#include "domain/overloaded.hpp"
#include "http/text.hpp"

#include <array>

namespace pickup::http {

namespace {

using segments_t = std::vector<std::string>;

std::optional<domain::job_step> parse_step(std::string_view text) {
  using domain::job_step;
  for (auto s : {job_step::decline, job_step::arrived, job_step::picked_up, job_step::completed,
                 job_step::failed})
    if (name(s) == text)
      return s;
  return std::nullopt;
}

std::optional<route> in_collection(const collection& c, const segments_t& path) {
  if (path.size() == 1) {
    switch (c.view) {
    case view::calls: return call_list{&c};
    case view::manages: return managed_list{&c};
    case view::assigns: return assignment_list{&c};
    }
  }
  const auto number = parse_decimal(path[1]);
  if (!number)
    return std::nullopt;
  const auto id = domain::call_id::of_number(c.service, *number);
  if (!id)
    return std::nullopt;
  if (path.size() == 2 && c.view == view::calls)
    return call_item{&c, *id};
  if (path.size() == 2 && c.view == view::manages)
    return managed_item{&c, *id};
  if (path.size() == 3 && c.view == view::calls && path[2] == "history")
    return call_history{&c, *id};
  return std::nullopt;
}

std::optional<route> in_couriers(const segments_t& path) {
  if (path.size() == 1)
    return courier_list{};
  if (path.size() == 2 && path[1] == "locations")
    return courier_locations{};
  if (path.size() == 2 && path[1] == "nearest")
    return nearest_couriers{};
  const auto number = parse_decimal(path[1]);
  if (!number || *number == 0)
    return std::nullopt;
  const domain::courier_id id{*number};
  if (path.size() == 2)
    return courier_item{id};
  if (path.size() == 3 && path[2] == "location")
    return courier_location{id};
  if (path.size() != 5 || path[2] != "jobs")
    return std::nullopt;
  const auto call = parse_decimal(path[3]);
  const auto step = parse_step(path[4]);
  if (!call || !step)
    return std::nullopt;
  return courier_job{id, *call, *step};
}

} // namespace

std::optional<route> find_route(const segments_t& path) {
  if (const auto* c = find_collection(path.front()))
    return in_collection(*c, path);
  if (path.front() == "couriers")
    return in_couriers(path);
  if (path.size() != 1)
    return std::nullopt;
  if (path.front() == "livez")
    return liveness{};
  if (path.front() == "readyz")
    return readiness{};
  if (path.front() == "metrics")
    return measurements{};
  if (path.front() == "openapi.yaml")
    return api_description{};
  return std::nullopt;
}

std::string_view allowed(const route& r) {
  return std::visit(domain::overloaded{
                        [](const call_list&) { return "GET, HEAD, POST, OPTIONS"; },
                        [](const call_item&) { return "GET, HEAD, DELETE, OPTIONS"; },
                        [](const courier_list&) { return "GET, HEAD, POST, OPTIONS"; },
                        [](const courier_locations&) { return "POST, OPTIONS"; },
                        [](const courier_item&) { return "GET, HEAD, PATCH, DELETE, OPTIONS"; },
                        [](const courier_location&) { return "PUT, OPTIONS"; },
                        [](const courier_job&) { return "POST, OPTIONS"; },
                        [](const auto&) { return "GET, HEAD, OPTIONS"; },
                    },
                    r);
}

} // namespace pickup::http

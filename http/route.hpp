// Which resource a path names, and what may be done with it. Pure.
#pragma once

#include "domain/call.hpp"
#include "domain/ids.hpp"
#include "http/collection.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pickup::http {

struct call_list {
  const collection* in;
};
struct call_item {
  const collection* in;
  domain::call_id id;
};
struct call_history {
  const collection* in;
  domain::call_id id;
};
struct managed_list {
  const collection* in;
};
struct managed_item {
  const collection* in;
  domain::call_id id;
};
struct assignment_list {
  const collection* in;
};
struct courier_list {};
struct courier_item {
  domain::courier_id id;
};
struct courier_locations {};
struct nearest_couriers {};
struct courier_location {
  domain::courier_id id;
};
/// A step of a job; the call is numbered within the courier's own service.
struct courier_job {
  domain::courier_id id;
  std::uint64_t call_number;
  domain::job_step step;
};
struct liveness {};
struct readiness {};
struct measurements {};
struct api_description {};

using route = std::variant<call_list, call_item, call_history, managed_list, managed_item,
                           assignment_list, courier_list, courier_locations, nearest_couriers,
                           courier_item, courier_location, courier_job, liveness, readiness,
                           measurements, api_description>;

/// The resource a path names; nothing when there can be none of that name or number.
std::optional<route> find_route(const std::vector<std::string>& segments);

/// The methods a resource has, as the Allow header lists them. HEAD goes with GET.
std::string_view allowed(const route& r);

} // namespace pickup::http

#include "http/api.hpp"

#include "domain/overloaded.hpp"
#include "http/method_check.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "http/target.hpp"
#include "http/text.hpp"

#include <algorithm>

namespace pickup::http {

namespace {

// application/json, alone or with a charset of UTF-8.
bool is_json(std::string_view content_type) {
  auto rest = content_type;
  const auto media_type = take_item(rest, ';').value_or("");
  if (!equals_ignoring_case(media_type, "application/json"))
    return false;
  while (auto parameter = take_item(rest, ';')) {
    const auto equals = parameter->find('=');
    if (!equals_ignoring_case(parameter->substr(0, equals), "charset"))
      continue;
    auto charset = equals == parameter->npos ? "" : parameter->substr(equals + 1);
    if (charset.size() >= 2 && charset.front() == '"' && charset.back() == '"')
      charset = charset.substr(1, charset.size() - 2);
    if (!equals_ignoring_case(charset, "utf-8"))
      return false;
  }
  return true;
}

} // namespace

domain::result<api> api::make(const options& o, actors::gateway& to,
                              const domain::gazetteer& places,
                              const domain::service_areas& areas, const traffic& counts,
                              budget& in_flight, budget& waiting) {
  const auto& per_pickup = o.default_place_pickup;
  const auto& per_taxi = o.default_place_taxi;
  for (const auto& name : {per_pickup, per_taxi})
    if (!places.find(name))
      return domain::error{domain::errc::invalid_argument,
                           "start http: default place \"" + name + "\": not in the gazetteer",
                           {}};
  return api{call_api{to,
                      places,
                      {*places.find(per_pickup), *places.find(per_taxi)},
                      areas,
                      in_flight,
                      waiting},
             courier_api{to}, health_api{to, counts}};
}

response api::answer(const request& r) {
  const auto t = parse_target(r.target);
  if (!t)
    return to_response(to_problem(t.error()), r.correlation_id);
  const auto found = find_route(t->segments);
  if (!found)
    return to_response(http_problem(404, "find resource: no such path or id"),
                       r.correlation_id);
  if (auto decided = answer_by_method(r, allowed(*found)))
    return *std::move(decided);
  if (!r.body.empty() && !is_json(r.content_type))
    return to_response(http_problem(415, "read body: Content-Type must be application/json"),
                       r.correlation_id);
  return std::visit(
      domain::overloaded{
          [&](const call_list& x) {
            return r.method == "POST" ? calls_.create(r, x) : calls_.list(r, *t, x);
          },
          [&](const call_item& x) {
            return r.method == "DELETE" ? calls_.cancel(r, *t, x) : calls_.find(r, x);
          },
          [&](const call_history& x) { return calls_.history(r, x); },
          [&](const managed_list& x) { return calls_.list(r, *t, x); },
          [&](const managed_item& x) { return calls_.find(r, x); },
          [&](const assignment_list& x) { return calls_.list(r, *t, x); },
          [&](const courier_list&) {
            return r.method == "POST" ? couriers_.create(r) : couriers_.list(r, *t);
          },
          [&](const courier_item& x) {
            if (r.method == "PATCH")
              return couriers_.change(r, x);
            return r.method == "DELETE" ? couriers_.remove(r, x) : couriers_.find(r, x);
          },
          [&](const courier_location& x) { return couriers_.locate(r, x); },
          [&](const courier_job& x) { return couriers_.report(r, x); },
          [&](const liveness&) { return health_.live(r); },
          [&](const readiness&) { return health_.ready(r); },
          [&](const measurements&) { return health_.metrics(); },
      },
      *found);
}

} // namespace pickup::http

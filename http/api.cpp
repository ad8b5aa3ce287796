#include "http/api.hpp"

#include "domain/overloaded.hpp"
#include "http/method_check.hpp"
#include "http/openapi.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "http/target.hpp"
#include "http/text.hpp"

#include <algorithm>

namespace pickup::http {

namespace {

// application/json, alone or with a charset of UTF-8; where many things are told at once they
// may come a line each.
bool is_read_here(std::string_view content_type, const route& r) {
  auto rest = content_type;
  const auto media_type = take_item(rest, ';').value_or("");
  const auto is_lines = equals_ignoring_case(media_type, "application/x-ndjson")
                        && std::holds_alternative<courier_locations>(r);
  if (!is_lines && !equals_ignoring_case(media_type, "application/json"))
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
  const auto finder = place_finder::make(o, places);
  if (!finder)
    return finder.error();
  return api{call_api{to, *finder, areas, in_flight, waiting},
             courier_api{to, *finder, o.max_bulk_items}, health_api{to, counts}};
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
  if (!r.body.empty() && !is_read_here(r.content_type, *found))
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
          [&](const courier_locations&) { return couriers_.locate_all(r); },
          [&](const nearest_couriers&) { return couriers_.nearest(r, *t); },
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
          [&](const api_description&) {
            return response{200, "application/yaml", std::string{openapi_document()}, {}};
          },
      },
      *found);
}

} // namespace pickup::http

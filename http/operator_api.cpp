#include "http/operator_api.hpp"

#include "http/method_check.hpp"
#include "http/problem.hpp"
#include "http/target.hpp"

namespace pickup::http {

namespace {

constexpr std::string_view readable = "GET, HEAD, OPTIONS";

} // namespace

response operator_api::answer(const request& r) {
  const auto t = parse_target(r.target);
  if (!t)
    return to_response(to_problem(t.error()), r.correlation_id);
  const auto found = find(r, t->segments);
  if (!found)
    return to_response(http_problem(404, "find resource: no such path"), r.correlation_id);
  if (auto decided = answer_by_method(r, found->allowed))
    return *std::move(decided);
  return found->answer();
}

std::optional<operator_api::resource> operator_api::find(const request& r,
                                                         const std::vector<std::string>& path) {
  if (path.size() != 1)
    return std::nullopt;
  if (path.front() == "livez")
    return resource{readable, [this, &r] { return health_.live(r); }};
  if (path.front() == "readyz")
    return resource{readable, [this, &r] { return health_.ready(r); }};
  if (path.front() == "metrics")
    return resource{readable, [this] { return health_.metrics(); }};
  return std::nullopt;
}

} // namespace pickup::http

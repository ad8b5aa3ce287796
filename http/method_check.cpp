#include "http/method_check.hpp"

#include "http/problem.hpp"
#include "http/text.hpp"

#include <string>

namespace pickup::http {

namespace {

bool has(std::string_view list, std::string_view method) {
  while (const auto known = take_item(list, ','))
    if (*known == method)
      return true;
  return false;
}

} // namespace

std::optional<response> answer_by_method(const request& r, std::string_view allowed) {
  if (!has(allowed, r.method)) {
    auto refusal = to_response(
        http_problem(405, std::string{"answer request: method is not one of "}.append(allowed)),
        r.correlation_id);
    refusal.headers.push_back({"Allow", std::string{allowed}});
    return refusal;
  }
  if (r.method == "OPTIONS")
    return response{204, {}, {}, {{"Allow", std::string{allowed}}}};
  return std::nullopt;
}

} // namespace pickup::http

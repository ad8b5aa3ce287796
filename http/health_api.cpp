#include "http/health_api.hpp"

#include "http/json_writer.hpp"
#include "http/problem.hpp"

#include <chrono>
#include <string_view>

namespace pickup::http {

namespace {

using namespace std::chrono_literals;

response up() {
  return {200, "application/json", R"({"status":"up"})", {}};
}

response down(const request& r, std::string detail) {
  auto p = http_problem(503, std::move(detail));
  p.code = "unavailable";
  return to_response(p, r.correlation_id);
}

} // namespace

response health_api::live(const request& r) {
  return gateway_->alive(1s) ? up() : down(r, "check liveness: no answer within 1 s");
}

response health_api::ready(const request& r) {
  const auto reasons = gateway_->not_ready();
  if (reasons.empty())
    return up();
  std::string detail = "check readiness: ";
  for (const auto& reason : reasons)
    detail += (&reason == &reasons.front() ? "" : "; ") + reason;
  return down(r, std::move(detail));
}

response health_api::metrics() {
  return {200, "text/plain; version=0.0.4; charset=utf-8", to_prometheus(samples()), {}};
}

std::vector<actors::metric> health_api::samples() {
  auto all = gateway_->metrics();
  for (auto& m : counts_->metrics())
    all.push_back(std::move(m));
  return all;
}

} // namespace pickup::http

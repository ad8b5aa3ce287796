#include "http/traffic.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace pickup::http {

namespace {

constexpr std::array<std::string_view, 8> methods{"GET",   "HEAD",   "POST",    "PUT",
                                                  "PATCH", "DELETE", "OPTIONS", "other"};

} // namespace

void traffic::count_answer(std::string_view method, int status) {
  const auto found = std::find(methods.begin(), methods.end() - 1, method);
  const auto status_class = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
  answers_[static_cast<std::size_t>(found - methods.begin())][status_class].fetch_add(
      1, std::memory_order_relaxed);
}

std::vector<actors::metric> traffic::metrics() const {
  std::vector<actors::metric> out;
  for (std::size_t m = 0; m < answers_.size(); ++m)
    for (std::size_t s = 0; s < answers_[m].size(); ++s)
      if (const auto n = answers_[m][s].load(std::memory_order_relaxed); n > 0)
        out.push_back({"pickupd_http_requests_total", "Requests answered.", true,
                       fmt::format("method=\"{}\",status=\"{}xx\"", methods[m], s + 1),
                       static_cast<double>(n)});
  out.push_back({"pickupd_http_connections", "Connections that are served.", false, "",
                 static_cast<double>(connections_.load())});
  out.push_back({"pickupd_http_connections_refused_total",
                 "Connections refused because too many were waiting.", true, "",
                 static_cast<double>(refused_connections_.load())});
  out.push_back({"pickupd_http_requests_refused_total",
                 "Requests refused unread because too many were in flight.", true, "",
                 static_cast<double>(refused_requests_.load())});
  return out;
}

std::string to_prometheus(std::vector<actors::metric> metrics) {
  std::stable_sort(metrics.begin(), metrics.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  std::string out;
  std::string_view last;
  for (const auto& m : metrics) {
    if (m.name != last)
      out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", m.name, m.help,
                         m.counter ? "counter" : "gauge");
    last = m.name;
    out += m.labels.empty() ? m.name : fmt::format("{}{{{}}}", m.name, m.labels);
    out += fmt::format(" {}\n", m.value);
  }
  return out;
}

} // namespace pickup::http

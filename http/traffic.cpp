#include "http/traffic.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace pickup::http {

namespace {

constexpr std::array<std::string_view, 8> methods{"GET",   "HEAD",   "POST",    "PUT",
                                                  "PATCH", "DELETE", "OPTIONS", "other"};

std::size_t index_of(std::string_view method) {
  const auto found = std::find(methods.begin(), methods.end() - 1, method);
  return static_cast<std::size_t>(found - methods.begin());
}

double seconds_of(const std::vector<clockid_t>& threads) {
  double all = 0;
  for (const auto thread : threads)
    if (timespec t{}; ::clock_gettime(thread, &t) == 0)
      all += static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
  return all;
}

} // namespace

void traffic::count_answer(std::string_view method, int status) {
  const auto status_class = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
  answers_[index_of(method)][status_class].fetch_add(1, std::memory_order_relaxed);
}

void traffic::took(std::string_view method, std::chrono::nanoseconds time) {
  durations_[index_of(method)].add(time);
}

std::vector<actors::metric> traffic::metrics() const {
  std::vector<actors::metric> out;
  for (std::size_t m = 0; m < answers_.size(); ++m)
    for (std::size_t s = 0; s < answers_[m].size(); ++s)
      if (const auto n = answers_[m][s].load(std::memory_order_relaxed); n > 0)
        out.push_back({"pickupd_http_requests_total", "Requests answered.", true,
                       fmt::format("method=\"{}\",status=\"{}xx\"", methods[m], s + 1),
                       static_cast<double>(n)});
  for (std::size_t m = 0; m < durations_.size(); ++m)
    if (const auto f = durations_[m].read(); f.count() > 0)
      actors::add_histogram(out, "pickupd_http_request_seconds",
                            "From a request's last byte to its answer, held answers too.",
                            fmt::format("method=\"{}\"", methods[m]), f);
  out.push_back({"pickupd_http_connections", "Connections that are served.", false, "",
                 static_cast<double>(connections_.load())});
  out.push_back({"pickupd_http_connections_refused_total",
                 "Connections refused because too many were waiting.", true, "",
                 static_cast<double>(refused_connections_.load())});
  out.push_back({"pickupd_http_requests_refused_total",
                 "Requests refused unread because too many were in flight.", true, "",
                 static_cast<double>(refused_requests_.load())});
  out.push_back({"pickupd_feed_watchers", "Operators' feeds that are open.", false, "",
                 static_cast<double>(feeds.load())});
  out.push_back({"pickupd_operator_cpu_seconds_total",
                 "Processor time of the thread that serves operators.", true, "",
                 seconds_of(operators_clocks)});
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
                         !m.suffix.empty() ? "histogram"
                         : m.counter       ? "counter"
                                           : "gauge");
    last = m.name;
    out += m.name + m.suffix;
    if (!m.labels.empty())
      out += fmt::format("{{{}}}", m.labels);
    out += fmt::format(" {}\n", m.value);
  }
  return out;
}

} // namespace pickup::http

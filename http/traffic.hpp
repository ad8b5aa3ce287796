// What the server counts about itself. Thread-safe: any thread counts, any thread reads.
#pragma once

#include "actors/metric.hpp"
#include "supervision/duration_histogram.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::http {

class traffic {
public:
  /// Methods the API has no use for are counted together.
  void count_answer(std::string_view method, int status);
  void took(std::string_view method, std::chrono::nanoseconds time);
  void count_refused_connection() { ++refused_connections_; }
  void count_refused_request() { ++refused_requests_; }
  void connection_opened() { ++connections_; }
  void connection_closed() { --connections_; }

  std::vector<actors::metric> metrics() const;

  std::atomic<std::uint32_t> feeds{0}; ///< of operators, that are open
  /// Of the threads that serve operators. Not changed once anything is served.
  std::vector<clockid_t> operators_clocks;

private:
  using by_status_class = std::array<std::atomic<std::uint64_t>, 5>; // 1xx … 5xx

  std::array<by_status_class, 8> answers_{}; // by method, as are …
  std::array<supervision::duration_histogram, 8> durations_;
  std::atomic<std::uint64_t> refused_connections_{0};
  std::atomic<std::uint64_t> refused_requests_{0};
  std::atomic<std::int64_t> connections_{0};
};

/// Prometheus' text format; metrics of one name are kept together under one HELP and TYPE.
std::string to_prometheus(std::vector<actors::metric> metrics);

} // namespace pickup::http

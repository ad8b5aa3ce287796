// What is counted and measured, as Prometheus names it. Plain values.
#pragma once

#include "supervision/duration_histogram.hpp"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace pickup::actors {

/// A sample. `labels` is the text between the braces, empty for none.
struct metric {
  std::string name;
  std::string help;
  bool counter = true; ///< else a gauge
  std::string labels;
  double value = 0;
  std::string suffix = {}; ///< of a histogram's samples: "_bucket", "_sum" or "_count"
};

/// Adds a histogram of seconds.
/// @param labels of all its samples
inline void add_histogram(std::vector<metric>& to, const std::string& name,
                          const std::string& help, const std::string& labels,
                          const supervision::duration_figures& f) {
  const auto seconds = [](std::chrono::nanoseconds t) {
    return std::chrono::duration<double>{t}.count();
  };
  const auto before = labels.empty() ? "" : labels + ',';
  double below = 0;
  for (std::size_t i = 0; i < f.counts.size(); ++i) {
    below += static_cast<double>(f.counts[i]);
    std::string bound = "+Inf";
    if (i < f.bounds.size()) {
      // Shortest, as 2.5e-06: std::to_string() would say 0.000003.
      bound.assign(32, '\0');
      const auto end =
          std::to_chars(bound.data(), bound.data() + bound.size(), seconds(f.bounds[i])).ptr;
      bound.resize(static_cast<std::size_t>(end - bound.data()));
    }
    auto own = before;
    own.append("le=\"").append(bound).append("\"");
    to.push_back({name, help, true, std::move(own), below, "_bucket"});
  }
  to.push_back({name, help, true, labels, seconds(f.total), "_sum"});
  to.push_back({name, help, true, labels, below, "_count"});
}

} // namespace pickup::actors

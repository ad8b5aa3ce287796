#include "app/pickupctl/load/time_sketch.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace pickup::ctl {

namespace {

// A bucket ends where the one before does, a fiftieth later; the first ends at the least time.
constexpr double least = 0.01;
constexpr double growth = 1.02;

} // namespace

void time_sketch::add(double ms) {
  const auto bucket = std::ceil(std::log(std::max(ms, least) / least) / std::log(growth));
  ++counts_[std::min(static_cast<std::size_t>(bucket), counts_.size() - 1)];
  ++count_;
}

double time_sketch::percentile(double part) const {
  const auto rank = std::ceil(part * static_cast<double>(count_));
  double so_far = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    so_far += static_cast<double>(counts_[i]);
    if (counts_[i] > 0 && so_far >= rank)
      return least * std::pow(growth, static_cast<double>(i) - 0.5);
  }
  return 0;
}

} // namespace pickup::ctl

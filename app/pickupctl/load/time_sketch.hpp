// How long answers took, in so many buckets however many answers there are. Not thread-safe; a
// value.
#pragma once

#include <array>
#include <cstdint>

namespace pickup::ctl {

class time_sketch {
public:
  void add(double ms);

  /// The smallest time that so large a part of them does not exceed, within 1 %; 0 of none.
  double percentile(double part) const;

private:
  std::array<std::uint64_t, 820> counts_{}; ///< from 0.01 ms to longer than anybody waits
  std::uint64_t count_ = 0;
};

} // namespace pickup::ctl

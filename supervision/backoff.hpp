// How long to wait before a child that crashed is started again. Pure: time and chance are
// arguments. Not thread-safe; owned by a supervisor.
#pragma once

#include "supervision/rules.hpp"

#include <chrono>
#include <optional>

namespace pickup::supervision {

class backoff {
public:
  using clock = std::chrono::steady_clock;

  explicit backoff(backoff_options o) : options_(o) {}

  /// The wait before the restart after a crash at `now`, which never goes back.
  /// @param chance in [0, 1): how much of the jitter is used
  clock::duration next(clock::time_point now, double chance);

private:
  backoff_options options_;
  clock::duration wait_{0};
  std::optional<clock::time_point> ready_at_; ///< when the last wait was over
};

} // namespace pickup::supervision

// Decides whether one more restart is within limits. Pure: time is an argument. Not
// thread-safe; owned by a supervisor.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace pickup::supervision {

/// OTP's restart intensity: at most `intensity` restarts within any `period`; the next one
/// means that restarting does not help and the supervisor must give up.
class restart_window {
public:
  using clock = std::chrono::steady_clock;

  restart_window(std::uint32_t intensity, clock::duration period)
      : intensity_(intensity), period_(period) {}

  /// Counts a restart at `now`; false when it is one too many. `now` never goes back.
  bool admit(clock::time_point now);

  /// How many more would be admitted at `now`.
  std::uint32_t left(clock::time_point now) const {
    return intensity_ - static_cast<std::uint32_t>(recent(now));
  }

  /// Restarts counted within the period that ends at `now`.
  std::size_t recent(clock::time_point now) const;

private:
  std::uint32_t intensity_;
  clock::duration period_;
  std::deque<clock::time_point> restarts_;
};

} // namespace pickup::supervision

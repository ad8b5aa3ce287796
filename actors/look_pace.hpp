// Keeps what looks at all actors to a small part of the time, however many there are and
// however often somebody looks. Thread-safe. Time is an argument.
#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>

namespace pickup::actors {

class look_pace {
public:
  using clock = std::chrono::steady_clock;

  /// Of the time between two looks, one in so many parts is spent looking.
  static constexpr int one_in = 25;
  /// Nobody waits longer for a turn: many who look at once may take more of the time.
  static constexpr std::chrono::seconds longest{5};

  /// When a look that is asked for now may begin; takes that turn.
  clock::time_point turn(clock::time_point now) {
    const std::lock_guard guard{mutex_};
    const auto begin = std::clamp(free_, now, now + longest);
    free_ = begin + last_ * one_in;
    return begin;
  }

  /// The look whose turn it was took so long.
  void took(clock::duration cost) {
    const std::lock_guard guard{mutex_};
    free_ += (cost - last_) * one_in;
    last_ = cost;
  }

private:
  std::mutex mutex_;
  clock::time_point free_; ///< guarded; when nobody has a turn any more
  clock::duration last_{}; ///< guarded; what the last look took
};

} // namespace pickup::actors

// Where fibers sleep that a node which ends must not wait for. Thread-safe.
#pragma once

#include <boost/fiber/condition_variable.hpp>
#include <boost/fiber/mutex.hpp>

#include <chrono>
#include <mutex>

namespace pickup::actors {

class nap {
public:
  using clock = std::chrono::steady_clock;

  /// Returns at that time, or when all are woken.
  void until(clock::time_point end) {
    std::unique_lock guard{mutex_};
    woken_.wait_until(guard, end, [this] { return over_; });
  }

  /// From now on nobody sleeps.
  void wake_all() {
    {
      const std::lock_guard guard{mutex_};
      over_ = true;
    }
    woken_.notify_all();
  }

private:
  boost::fibers::mutex mutex_;
  boost::fibers::condition_variable woken_;
  bool over_ = false; ///< guarded
};

} // namespace pickup::actors

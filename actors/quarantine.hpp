// Calls whose actor kept crashing: nobody acts for them. Thread-safe.
#pragma once

#include "domain/ids.hpp"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <unordered_set>

namespace pickup::actors {

class quarantine {
public:
  void put(domain::call_id call) {
    const std::lock_guard guard{mutex_};
    calls_.insert(call);
    size_ = calls_.size();
  }

  /// The call has an actor again. Asked for every call that starts, so it is free as a rule.
  void release(domain::call_id call) {
    if (size_ == 0)
      return;
    const std::lock_guard guard{mutex_};
    calls_.erase(call);
    size_ = calls_.size();
  }

  bool holds(domain::call_id call) const {
    if (size_ == 0)
      return false;
    const std::lock_guard guard{mutex_};
    return calls_.contains(call);
  }

  std::size_t size() const { return size_; }

private:
  mutable std::mutex mutex_;
  std::unordered_set<domain::call_id> calls_;
  std::atomic<std::size_t> size_ = 0;
};

} // namespace pickup::actors

// Calls, or couriers, whose actor kept crashing: nobody acts for them. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <unordered_set>

namespace pickup::actors {

template <class Id>
class quarantine {
public:
  void put(Id id) {
    const std::lock_guard guard{mutex_};
    held_.insert(id);
    size_ = held_.size();
  }

  /// It has an actor again. Asked for every one that starts, so it is free as a rule.
  void release(Id id) {
    if (size_ == 0)
      return;
    const std::lock_guard guard{mutex_};
    held_.erase(id);
    size_ = held_.size();
  }

  bool holds(Id id) const {
    if (size_ == 0)
      return false;
    const std::lock_guard guard{mutex_};
    return held_.contains(id);
  }

  std::size_t size() const { return size_; }

private:
  mutable std::mutex mutex_;
  std::unordered_set<Id> held_;
  std::atomic<std::size_t> size_ = 0;
};

} // namespace pickup::actors

// Requests under way by idempotency key. Thread-safe.
#pragma once

#include "domain/service.hpp"

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace pickup::actors {

/// Lets one request of each key through at a time; the others wait for it.
class in_flight {
public:
  using key = std::pair<domain::service, std::string>;

  /// Holds a key until destroyed.
  class hold {
  public:
    hold(in_flight& owner, key k) : owner_(owner), key_(std::move(k)) {
      std::unique_lock guard{owner_.mutex_};
      owner_.freed_.wait(guard, [this] { return !owner_.keys_.contains(key_); });
      owner_.keys_.insert(key_);
    }
    hold(const hold&) = delete;
    hold& operator=(const hold&) = delete;
    ~hold() {
      {
        const std::lock_guard guard{owner_.mutex_};
        owner_.keys_.erase(key_);
      }
      owner_.freed_.notify_all();
    }

  private:
    in_flight& owner_;
    key key_;
  };

private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::set<key> keys_;
};

} // namespace pickup::actors

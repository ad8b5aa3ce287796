// Requests under way by idempotency key. Thread-safe.
#pragma once

#include "domain/service.hpp"
#include "domain/time.hpp"

#include <boost/fiber/condition_variable.hpp>
#include <boost/fiber/mutex.hpp>

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace pickup::actors {

/// Lets one request of each key through at a time; the others wait for it.
class in_flight : public std::enable_shared_from_this<in_flight> {
public:
  using key = std::pair<domain::service, std::string>;

  /// Holds a key until destroyed.
  class hold {
  public:
    hold(std::shared_ptr<in_flight> owner, key k)
        : owner_(std::move(owner)), key_(std::move(k)) {}
    hold(const hold&) = delete;
    hold& operator=(const hold&) = delete;
    ~hold() { owner_->free(key_); }

  private:
    std::shared_ptr<in_flight> owner_;
    key key_;
  };

  /// Waits for the key, at most for `limit`; nothing when it was not free by then.
  std::shared_ptr<hold> take(key k, domain::duration limit) {
    std::unique_lock guard{mutex_};
    if (!freed_.wait_for(guard, limit, [&] { return !keys_.contains(k); }))
      return nullptr;
    keys_.insert(k);
    return std::make_shared<hold>(shared_from_this(), std::move(k));
  }

private:
  void free(const key& k) {
    {
      const std::lock_guard guard{mutex_};
      keys_.erase(k);
    }
    freed_.notify_all();
  }

  boost::fibers::mutex mutex_;
  boost::fibers::condition_variable freed_;
  std::set<key> keys_;
};

} // namespace pickup::actors

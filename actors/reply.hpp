// An answer from an actor to a thread that waits for it. Both ends are thread-safe; the state
// is shared and goes with the last of them.
#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <boost/fiber/condition_variable.hpp>
#include <boost/fiber/mutex.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace pickup::actors {

/// The waiting end.
template <class T>
class answer {
public:
  /// The answer; nothing when it has not come within `limit`. May be asked again.
  std::optional<domain::result<T>> wait_for(domain::duration limit) {
    std::unique_lock guard{slot_->mutex};
    slot_->given.wait_for(guard, limit, [this] { return slot_->value.has_value(); });
    return slot_->value;
  }

  /// Wakes who waits here, from another thread; an answer that comes later is lost.
  void stop_waiting() {
    slot_->set(domain::error{
        domain::errc::unavailable, "answer: the waiting end: was told to stop", {}});
  }

private:
  template <class U>
  friend class reply;

  struct slot {
    boost::fibers::mutex mutex;
    boost::fibers::condition_variable given;
    std::optional<domain::result<T>> value;

    void set(domain::result<T> x) {
      {
        const std::lock_guard guard{mutex};
        if (value)
          return;
        value = std::move(x);
      }
      given.notify_one();
    }
  };

  explicit answer(std::shared_ptr<slot> s) : slot_(std::move(s)) {}

  std::shared_ptr<slot> slot_;
};

/// The answering end. Copies share one answer; the first one given counts. When the last copy
/// goes without one, e.g. with an actor that crashed or a mailbox that was dropped, the waiting
/// end learns at once: errc::unavailable.
template <class T>
class reply {
public:
  reply() = default;

  static std::pair<reply, answer<T>> make() {
    auto s = std::make_shared<typename answer<T>::slot>();
    return {reply{std::make_shared<promise>(s)}, answer<T>{s}};
  }

  void operator()(domain::result<T> x) const {
    if (promise_)
      promise_->slot->set(std::move(x));
  }

private:
  struct promise {
    explicit promise(std::shared_ptr<typename answer<T>::slot> s) : slot(std::move(s)) {}
    promise(const promise&) = delete;
    promise& operator=(const promise&) = delete;
    ~promise() {
      slot->set(domain::error{
          domain::errc::unavailable, "answer: the actor: ended before it could", {}});
    }

    std::shared_ptr<typename answer<T>::slot> slot;
  };

  explicit reply(std::shared_ptr<promise> p) : promise_(std::move(p)) {}

  std::shared_ptr<promise> promise_;
};

} // namespace pickup::actors

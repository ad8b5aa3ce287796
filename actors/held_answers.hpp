// Answers that are held back until a courier is found, so that a node that ends can let them
// all go. Thread-safe.
#pragma once

#include "actors/reply.hpp"
#include "domain/call.hpp"

#include <mutex>
#include <set>

namespace pickup::actors {

class held_answers {
public:
  /// Returns when `given` was given, after `limit`, or when all are let go.
  void hold(answer<domain::call>& given, domain::duration limit) {
    {
      const std::lock_guard guard{mutex_};
      if (open_)
        return;
      held_.insert(&given);
    }
    given.wait_for(limit);
    const std::lock_guard guard{mutex_};
    held_.erase(&given);
  }

  /// From now on nothing is held.
  void let_go() {
    const std::lock_guard guard{mutex_};
    open_ = true;
    for (auto* given : held_)
      given->stop_waiting();
  }

private:
  std::mutex mutex_;
  bool open_ = false;
  std::set<answer<domain::call>*> held_;
};

} // namespace pickup::actors

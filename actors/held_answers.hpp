// Answers that are held back until a courier is found, so that a node that ends can let them
// all go. Thread-safe.
#pragma once

#include "actors/reply.hpp"
#include "domain/call.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <set>

namespace pickup::actors {

class held_answers {
public:
  /// Returns when `given` was given, after `limit`, when all are let go, or soon after
  /// `still_wanted` (if any) says no.
  void hold(answer<domain::call>& given, domain::duration limit,
            const std::function<bool()>& still_wanted) {
    {
      const std::lock_guard guard{mutex_};
      if (open_)
        return;
      held_.insert(&given);
    }
    constexpr domain::duration a_while = std::chrono::seconds{1};
    for (; limit.count() > 0 && (!still_wanted || still_wanted()); limit -= a_while)
      if (given.wait_for(std::min(limit, a_while)))
        break;
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

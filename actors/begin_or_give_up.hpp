// Who was first: the call that begins, or the request for it that gave up waiting. Thread-safe;
// shared by both.
#pragma once

#include <atomic>

namespace pickup::actors {

class begin_or_give_up {
public:
  /// By the call, again by each of its incarnations: whether it is still wanted.
  bool begin() { return decide(state::begun); }
  /// By who asked: whether the call had not begun, and now never will.
  bool give_up() { return decide(state::given_up); }

private:
  enum class state { open, begun, given_up };

  bool decide(state what) {
    auto now = state::open;
    return state_.compare_exchange_strong(now, what) || now == what;
  }

  std::atomic<state> state_ = state::open;
};

} // namespace pickup::actors

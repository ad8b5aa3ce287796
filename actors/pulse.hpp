// Whether actors run at all: the scheduler is given an empty actor, and says so by running it.
// Who asks meanwhile shares it, so that asking costs nothing however many do. Thread-safe. The
// actor system outlives it.
#pragma once

#include "domain/time.hpp"

#include <boost/fiber/condition_variable.hpp>
#include <boost/fiber/mutex.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/logger.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace pickup::actors {

/// To be called by a thread that spawned an actor and is no actor's own: it holds the system's
/// logger from then on, and the system's end would wait for the thread's.
inline void let_go_of_system() {
  caf::logger::set_current_actor_system(nullptr);
}

class pulse {
public:
  explicit pulse(caf::actor_system& of) : system_(of) {}

  /// Whether an actor runs within `limit`.
  bool beats_within(domain::duration limit) {
    std::unique_lock guard{state_->mutex};
    const auto before = state_->beats;
    if (!std::exchange(state_->awaited, true))
      ask();
    return state_->beat.wait_for(guard, limit, [&] { return state_->beats != before; });
  }

private:
  struct state {
    boost::fibers::mutex mutex;
    boost::fibers::condition_variable beat;
    std::uint64_t beats = 0;
    bool awaited = false;
  };

  void ask() {
    system_.spawn([state = state_] {
      const std::lock_guard inside{state->mutex};
      ++state->beats;
      state->awaited = false;
      state->beat.notify_all();
    });
    let_go_of_system();
  }

  caf::actor_system& system_;
  const std::shared_ptr<state> state_ = std::make_shared<state>();
};

} // namespace pickup::actors

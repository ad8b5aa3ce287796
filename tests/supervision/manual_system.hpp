// An actor system that moves only when told: one message at a time on the caller's thread, and
// a clock that stands still. Not thread-safe. End its actors before it goes.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <stdexcept>

namespace pickup::testing {

class manual_system {
public:
  manual_system()
      : system_(configured(config_)),
        scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())) {
    system_.await_actors_before_shutdown(false);
  }

  caf::actor_system& operator*() { return system_; }

  /// Handles the next message; false when none waits.
  bool step() { return scheduler_.try_run_once(); }

  /// How many actors have something to handle.
  std::size_t ready() const { return scheduler_.jobs.size(); }

  /// Handles a message of the `n`-th actor that has one.
  void step(std::size_t n) {
    auto& jobs = scheduler_.jobs;
    std::rotate(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(n),
                jobs.begin() + static_cast<std::ptrdiff_t>(n) + 1);
    step();
  }

  /// Handles messages until none is left, but not those for `one`.
  template <class Handle>
  void run_all_but(const Handle& one) {
    const auto* left_out =
        dynamic_cast<caf::resumable*>(caf::actor_cast<caf::abstract_actor*>(one));
    scheduler_.run_jobs_filtered([&](caf::resumable* job) { return job != left_out; });
  }

  /// Handles messages until none is left.
  void run() {
    constexpr std::size_t patience = 1'000'000;
    if (scheduler_.run(patience) == patience)
      throw std::runtime_error{"the actors do not come to rest"};
  }

  /// Handles what there is, then lets time go by and handles what has fallen due.
  void pass(std::chrono::nanoseconds time) {
    run();
    tick(time);
    run();
  }

  /// Lets time go by, and no more.
  void tick(std::chrono::nanoseconds time) { scheduler_.advance_time(time); }

private:
  static caf::actor_system_config& configured(caf::actor_system_config& cfg) {
    cfg.set("scheduler.policy", caf::atom("testing"));
    return cfg;
  }

  caf::actor_system_config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
};

/// Tells an actor to end, ahead of what waits in its mailbox; `kill` it cannot refuse.
template <class Handle>
void end(const Handle& who, caf::exit_reason why = caf::exit_reason::user_shutdown) {
  const auto target = caf::actor_cast<caf::actor>(who);
  if (target)
    caf::anon_send<caf::message_priority::high>(target, caf::exit_msg{target.address(), why});
}

template <class Handle>
void kill(const Handle& who) {
  end(who, caf::exit_reason::kill);
}

} // namespace pickup::testing

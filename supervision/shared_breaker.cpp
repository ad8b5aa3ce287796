#include "supervision/shared_breaker.hpp"

#include <utility>

namespace pickup::supervision {

// The clock is read under the lock, so that for the breaker time never goes back.

void shared_breaker::permit::record(call_outcome outcome) {
  if (auto* const owner = std::exchange(owner_, nullptr)) {
    const std::lock_guard guard{owner->mutex_};
    owner->breaker_.record(given_, owner->now_(), outcome);
  }
}

shared_breaker::shared_breaker(const breaker_options& o, clock_function now)
    : now_(std::move(now)), breaker_(o, now_()) {}

std::optional<shared_breaker::permit> shared_breaker::admit() {
  const std::lock_guard guard{mutex_};
  const auto given = breaker_.admit(now_());
  return given ? std::optional{permit{*this, *given}} : std::nullopt;
}

shared_breaker::clock::duration shared_breaker::retry_after() {
  const std::lock_guard guard{mutex_};
  return breaker_.retry_after(now_());
}

void shared_breaker::force_open() {
  const std::lock_guard guard{mutex_};
  breaker_.force_open(now_());
}

void shared_breaker::disable() {
  const std::lock_guard guard{mutex_};
  breaker_.disable(now_());
}

void shared_breaker::reset() {
  const std::lock_guard guard{mutex_};
  breaker_.reset(now_());
}

breaker_snapshot shared_breaker::snapshot() {
  const std::lock_guard guard{mutex_};
  return breaker_.snapshot(now_());
}

} // namespace pickup::supervision

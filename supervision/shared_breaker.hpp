// A circuit breaker for many threads: a breaker under one lock, with a clock of its own.
// Thread-safe; every function holds the lock for well under a microsecond and calls nothing but
// the clock while it does. Outlives the permits it gives.
#pragma once

#include "supervision/breaker.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace pickup::supervision {

class shared_breaker {
public:
  using clock = breaker::clock;
  /// Thread-safe, never goes back.
  using clock_function = std::function<clock::time_point()>;

  /// Permission for one call. Gone without a record — the call was given up, its actor crashed,
  /// its message was dropped — it counts as ignored. Not thread-safe; may go from one thread to
  /// another.
  class permit {
  public:
    permit(permit&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), given_(other.given_) {}
    permit& operator=(permit&& other) noexcept {
      std::swap(owner_, other.owner_);
      std::swap(given_, other.given_);
      return *this;
    }
    ~permit() { record(call_outcome::ignored); }

    /// How the call ended. The first record counts.
    void record(call_outcome outcome);

  private:
    friend class shared_breaker;
    permit(shared_breaker& owner, breaker::permit given) : owner_(&owner), given_(given) {}

    shared_breaker* owner_; ///< none once recorded
    breaker::permit given_;
  };

  /// Throws std::invalid_argument with what validate() finds.
  explicit shared_breaker(const breaker_options& o, clock_function now = clock::now);
  shared_breaker(const shared_breaker&) = delete;
  shared_breaker& operator=(const shared_breaker&) = delete;

  // See breaker.
  std::optional<permit> admit();
  clock::duration retry_after();
  void force_open();
  void disable();
  void reset();
  breaker_snapshot snapshot();

private:
  const clock_function now_;
  std::mutex mutex_;
  breaker breaker_;
};

} // namespace pickup::supervision

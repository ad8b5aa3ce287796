// A circuit breaker: stops calling what keeps failing, and finds out by a few trial calls when
// it works again. Pure: time is an argument, and never goes back. Not thread-safe: see
// shared_breaker for one that is.
//
// States, names and rules are those of Resilience4j's CircuitBreaker, as its documentation
// (resilience4j.readme.io/docs/circuitbreaker) has them. What differs:
// - the wait in open doubles with every opening, and is reset only when the breaker has stayed
//   closed for a while: what fails again at once is left alone for longer;
// - half-open always judges by all its trial calls (there by the minimum number of calls, if
//   that is smaller), so that the first few do not speak for the rest;
// - a result counts only in the state its call began in (there in the state it ends in): what
//   was called before the opening says nothing about the recovery;
// - a rate is a fraction, not a percentage; and there is no state "metrics only".
#pragma once

#include "supervision/call_window.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::supervision {

struct breaker_options {
  /// The calls to judge by. Too few: opens by chance. Too many: opens late, and remembers what
  /// is long over.
  sliding_window window = count_based{100};
  /// Fewer calls than these in the window are not judged. Too low: the first failure after a
  /// quiet night opens it. Too high: with little traffic it never opens.
  std::uint32_t minimum_number_of_calls = 100;
  /// Opens when at least this part failed: in (0, 1].
  double failure_rate_threshold = 0.5;
  /// Opens when at least this part was slow: in (0, 1].
  double slow_call_rate_threshold = 1;
  /// A call that takes longer than this is slow.
  std::chrono::milliseconds slow_call_duration{610};
  /// Trial calls in half-open: as many at once, and all are awaited before it decides. Too low:
  /// closes by chance. Too high: the recovering part is hit by many at once.
  std::uint32_t permitted_calls_in_half_open = 10;
  /// After so long in half-open it opens again, for trial calls that never end. Too low: with
  /// little traffic it never closes. 0: no limit.
  std::chrono::milliseconds max_duration_in_half_open{30'000};
  /// The first wait in open; doubles with every opening ... Too low: what is down is asked all
  /// the time. Too high: what is well again is not asked.
  std::chrono::milliseconds wait_in_open{1000};
  /// ... up to this.
  std::chrono::milliseconds max_wait_in_open{60'000};
  /// Once closed for so long, the next wait is the first again.
  std::chrono::milliseconds wait_reset_after{60'000};
};

/// The first option that cannot work, e.g. "permitted_calls_in_half_open: must be positive";
/// nothing when all can.
[[nodiscard]] std::optional<std::string> validate(const breaker_options& o);

/// The numbers appear in metrics: append, never renumber.
enum class breaker_state : std::uint8_t {
  closed = 0,      ///< calls pass, and are judged
  open = 1,        ///< calls are refused until the wait is over
  half_open = 2,   ///< trial calls pass
  forced_open = 3, ///< calls are refused until told otherwise
  disabled = 4,    ///< calls pass, and are not judged
};

/// The stable name of a state, e.g. "half_open".
std::string_view name(breaker_state state);

/// What a call says about what was called.
enum class call_outcome : std::uint8_t {
  success,
  failure,
  ignored, ///< nothing: the caller gave up, or asked for what cannot be
};

/// What a breaker shows of itself.
struct breaker_snapshot {
  breaker_state state;
  std::chrono::steady_clock::time_point since;
  /// What it judges by: closed, the window; half-open, the trial calls so far; open, those that
  /// opened it; otherwise nothing.
  call_counts counts;
  /// Calls under way, or ended, of those half-open permits.
  std::uint32_t trial_calls;
  /// Zero when a call would not be refused.
  std::chrono::steady_clock::duration retry_after;
  // Since it was made; a reset does not touch them.
  std::uint64_t admitted;
  std::uint64_t rejected;
  std::uint64_t late; ///< results that did not count, for the state had changed
  std::uint64_t transitions;
};

class breaker {
public:
  using clock = std::chrono::steady_clock;

  /// Permission for one call, which is to be recorded exactly once.
  struct permit {
    clock::time_point start;
    std::uint64_t generation; ///< the state's, so that a later one knows it is not its own
  };

  /// Starts closed. Throws std::invalid_argument with what validate() finds.
  breaker(const breaker_options& o, clock::time_point now);

  /// Permission to call now; nothing when the call is refused. Half-open begins with the first
  /// call after the wait in open, not before: trial calls need callers.
  std::optional<permit> admit(clock::time_point now);
  /// How the call ended. An ignored trial call gives its place to another.
  void record(const permit& p, clock::time_point now, call_outcome outcome);
  /// When who is refused now may ask again; zero when a call would not be refused. Where nobody
  /// knows, a guess: of forced-open the longest wait, of half-open with all places taken what a
  /// trial call may take without being slow.
  clock::duration retry_after(clock::time_point now);

  /// Refuses everything until reset() or disable().
  void force_open(clock::time_point now);
  /// Admits everything until reset() or force_open().
  void disable(clock::time_point now);
  /// Closed, as if just made.
  void reset(clock::time_point now);

  breaker_snapshot snapshot(clock::time_point now);

private:
  void pass_time(clock::time_point now);
  void enter(breaker_state next, clock::time_point now);
  void open(clock::time_point now);
  bool too_bad(const call_counts& counts) const;
  std::optional<clock::time_point> half_open_until() const;

  breaker_options options_;
  breaker_state state_ = breaker_state::closed;
  clock::time_point since_;
  std::uint64_t generation_ = 0;
  call_window window_; ///< of closed
  call_counts judged_; ///< half-open: the trial calls that ended; open: what opened it
  std::uint32_t trial_calls_ = 0;
  clock::duration wait_{}; ///< of open
  clock::duration next_wait_;
  std::uint64_t admitted_ = 0;
  std::uint64_t rejected_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t transitions_ = 0;
};

} // namespace pickup::supervision

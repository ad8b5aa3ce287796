#include "supervision/breaker.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace pickup::supervision {

namespace {

using clock = breaker::clock;

bool is_rate(double x) {
  return x > 0 && x <= 1;
}

std::optional<std::string> validate(const sliding_window& window) {
  if (const auto* last = std::get_if<count_based>(&window))
    return last->calls == 0 ? std::optional<std::string>{"window.calls: must be positive"}
                            : std::nullopt;
  const auto& recent = std::get<time_based>(window);
  if (recent.buckets == 0)
    return "window.buckets: must be positive";
  if (recent.period / recent.buckets <= clock::duration::zero())
    return "window.period: must be at least a tick of the clock for each bucket";
  return std::nullopt;
}

} // namespace

std::optional<std::string> validate(const breaker_options& o) {
  using std::chrono::milliseconds;
  if (auto problem = validate(o.window))
    return problem;
  if (o.minimum_number_of_calls == 0)
    return "minimum_number_of_calls: must be positive";
  if (const auto* last = std::get_if<count_based>(&o.window);
      last && o.minimum_number_of_calls > last->calls)
    return "minimum_number_of_calls: must be at most window.calls, "
           + std::to_string(last->calls) + ", got " + std::to_string(o.minimum_number_of_calls);
  if (!is_rate(o.failure_rate_threshold))
    return "failure_rate_threshold: must be above 0 and at most 1, got "
           + std::to_string(o.failure_rate_threshold);
  if (!is_rate(o.slow_call_rate_threshold))
    return "slow_call_rate_threshold: must be above 0 and at most 1, got "
           + std::to_string(o.slow_call_rate_threshold);
  if (o.slow_call_duration <= milliseconds::zero())
    return "slow_call_duration: must be positive";
  if (o.permitted_calls_in_half_open == 0)
    return "permitted_calls_in_half_open: must be positive";
  if (o.max_duration_in_half_open < milliseconds::zero())
    return "max_duration_in_half_open: must not be negative";
  if (o.wait_in_open <= milliseconds::zero())
    return "wait_in_open: must be positive";
  if (o.max_wait_in_open < o.wait_in_open)
    return "max_wait_in_open: must be at least wait_in_open";
  if (o.wait_reset_after < milliseconds::zero())
    return "wait_reset_after: must not be negative";
  return std::nullopt;
}

std::string_view name(breaker_state state) {
  switch (state) {
  case breaker_state::closed: return "closed";
  case breaker_state::open: return "open";
  case breaker_state::half_open: return "half_open";
  case breaker_state::forced_open: return "forced_open";
  case breaker_state::disabled: return "disabled";
  }
  return "unknown";
}

namespace {

const breaker_options& checked(const breaker_options& o) {
  if (const auto problem = validate(o))
    throw std::invalid_argument{"make breaker: " + *problem};
  return o;
}

} // namespace

breaker::breaker(const breaker_options& o, clock::time_point now)
    : options_(checked(o)), since_(now), window_(o.window), next_wait_(o.wait_in_open) {}

std::optional<breaker::permit> breaker::admit(clock::time_point now) {
  pass_time(now);
  if (state_ == breaker_state::open && now >= since_ + wait_) {
    enter(breaker_state::half_open, now);
    judged_ = {};
  }
  if (retry_after(now) != clock::duration::zero()) {
    ++rejected_;
    return std::nullopt;
  }
  if (state_ == breaker_state::half_open)
    ++trial_calls_;
  ++admitted_;
  return permit{now, generation_};
}

void breaker::record(const permit& p, clock::time_point now, call_outcome outcome) {
  pass_time(now);
  if (p.generation != generation_) {
    ++late_;
    return;
  }
  const bool trial = state_ == breaker_state::half_open;
  if (outcome == call_outcome::ignored) {
    if (trial)
      --trial_calls_;
    return;
  }
  const bool failed = outcome == call_outcome::failure;
  const bool slow = now - p.start > options_.slow_call_duration;
  if (trial) {
    judged_ += {1, failed ? 1U : 0U, slow ? 1U : 0U};
    if (judged_.calls < options_.permitted_calls_in_half_open)
      return;
    if (too_bad(judged_))
      return open(now);
    window_.clear();
    enter(breaker_state::closed, now);
  } else if (state_ == breaker_state::closed) {
    window_.record(failed, slow, now);
    const auto& counts = window_.counts(now);
    if (counts.calls < options_.minimum_number_of_calls || !too_bad(counts))
      return;
    judged_ = counts;
    if (now - since_ >= options_.wait_reset_after)
      next_wait_ = options_.wait_in_open;
    open(now);
  }
}

clock::duration breaker::retry_after(clock::time_point now) {
  pass_time(now);
  switch (state_) {
  case breaker_state::open: return std::max(since_ + wait_ - now, clock::duration::zero());
  case breaker_state::half_open: {
    if (trial_calls_ < options_.permitted_calls_in_half_open)
      return clock::duration::zero();
    const clock::duration guess = options_.slow_call_duration;
    const auto until = half_open_until();
    return until ? std::min(guess, *until - now) : guess;
  }
  case breaker_state::forced_open: return options_.max_wait_in_open;
  case breaker_state::closed:
  case breaker_state::disabled: break;
  }
  return clock::duration::zero();
}

void breaker::force_open(clock::time_point now) {
  pass_time(now);
  if (state_ != breaker_state::forced_open)
    enter(breaker_state::forced_open, now);
}

void breaker::disable(clock::time_point now) {
  pass_time(now);
  if (state_ != breaker_state::disabled)
    enter(breaker_state::disabled, now);
}

void breaker::reset(clock::time_point now) {
  pass_time(now);
  window_.clear();
  next_wait_ = options_.wait_in_open;
  enter(breaker_state::closed, now);
}

breaker_snapshot breaker::snapshot(clock::time_point now) {
  pass_time(now);
  call_counts counts;
  if (state_ == breaker_state::closed)
    counts = window_.counts(now);
  else if (state_ == breaker_state::open || state_ == breaker_state::half_open)
    counts = judged_;
  return {state_,    since_,    counts, trial_calls_, retry_after(now),
          admitted_, rejected_, late_,  transitions_};
}

// The only change that time alone brings. It took place when it was due, whenever that is found
// out: its wait counts from then.
void breaker::pass_time(clock::time_point now) {
  if (const auto until = half_open_until(); until && now >= *until)
    open(*until);
}

std::optional<clock::time_point> breaker::half_open_until() const {
  if (state_ != breaker_state::half_open
      || options_.max_duration_in_half_open == std::chrono::milliseconds::zero())
    return std::nullopt;
  return since_ + options_.max_duration_in_half_open;
}

void breaker::enter(breaker_state next, clock::time_point now) {
  if (std::exchange(state_, next) != next)
    ++transitions_;
  since_ = now;
  ++generation_;
  trial_calls_ = 0;
}

void breaker::open(clock::time_point now) {
  enter(breaker_state::open, now);
  wait_ = next_wait_;
  const clock::duration longest = options_.max_wait_in_open;
  next_wait_ = next_wait_ > longest / 2 ? longest : next_wait_ * 2;
}

bool breaker::too_bad(const call_counts& counts) const {
  return counts.failure_rate() >= options_.failure_rate_threshold
         || counts.slow_call_rate() >= options_.slow_call_rate_threshold;
}

} // namespace pickup::supervision

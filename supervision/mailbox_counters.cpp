#include "supervision/mailbox_counters.hpp"

#include <algorithm>

namespace pickup::supervision {

// -- striped_count

std::size_t striped_count::stripe_of_this_thread() {
  static std::atomic<std::size_t> threads = 0;
  thread_local const auto mine = threads++ % stripe_count;
  return mine;
}

std::int64_t striped_count::sum() const {
  std::int64_t all = 0;
  for (const auto& s : stripes_)
    all += s.count.load(std::memory_order_relaxed);
  return all;
}

// -- mailbox_counters

void mailbox_counters::waited(std::chrono::nanoseconds time) {
  waits_.add(time);
  raise(longest_wait_ns_, static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0)));
}

mailbox_figures mailbox_counters::read() const {
  const auto get = [](const auto& x) { return x.load(std::memory_order_relaxed); };
  mailbox_figures f;
  f.depth = static_cast<std::uint64_t>(std::max<std::int64_t>(depth_.sum(), 0));
  f.high_water = get(high_water_);
  f.rejected = get(rejected_);
  f.dropped = get(dropped_);
  f.conflated = get(conflated_);
  f.late = get(late_);
  f.handled = static_cast<std::uint64_t>(handled_.sum());
  f.waits = waits_.read();
  f.longest_wait = std::chrono::nanoseconds{static_cast<std::int64_t>(get(longest_wait_ns_))};
  f.handling = handling_.read();
  return f;
}

// -- mailbox_gate

mailbox_gate::entry mailbox_gate::enter(std::uint32_t capacity) {
  auto before = depth_.load(std::memory_order_relaxed);
  do {
    if ((before & closed_flag) != 0)
      return {answer::closed};
    if (before >= capacity)
      return {answer::full};
  } while (!depth_.compare_exchange_weak(before, before + 1, std::memory_order_relaxed));
  return {answer::entered, before + 1};
}

void mailbox_gate::measure(std::uint32_t depth, tick now) {
  std::uint64_t none = 0;
  measured_.compare_exchange_strong(none, std::uint64_t{now} << 32 | depth,
                                    std::memory_order_relaxed);
}

std::optional<mailbox_gate::tick> mailbox_gate::begin() {
  const auto measured = measured_.load(std::memory_order_relaxed);
  if (measured == 0)
    return std::nullopt;
  const auto ahead = static_cast<std::uint32_t>(measured);
  // The last one of all is the one, even if those ahead of it were counted too high.
  if (ahead > 1 && depth() > 1) {
    measured_.store(measured - 1, std::memory_order_relaxed);
    return std::nullopt;
  }
  measured_.store(0, std::memory_order_relaxed);
  return static_cast<tick>(measured >> 32);
}

bool mailbox_gate::leave() {
  if (depth() == 0)
    return false;
  depth_.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

std::uint32_t mailbox_gate::close() {
  return depth_.exchange(closed_flag, std::memory_order_relaxed) & ~closed_flag;
}

// -- sampling

bool in_sample() {
  constexpr std::uint32_t one_in = 16;
  thread_local std::uint32_t messages = 0;
  return messages++ % one_in == 0;
}

} // namespace pickup::supervision

// The calls a breaker judges by: the last ones, or those of the last seconds. Pure: time is an
// argument, and never goes back. Not thread-safe; owned by a breaker.
#pragma once

#include <chrono>
#include <cstdint>
#include <variant>
#include <vector>

namespace pickup::supervision {

/// The last so many calls.
struct count_based {
  std::uint32_t calls = 100;
};

/// The calls that ended within a period. It slides by a bucket at a time, so that it covers
/// between `buckets - 1` and `buckets` of its parts.
struct time_based {
  std::chrono::steady_clock::duration period = std::chrono::seconds{10};
  std::uint32_t buckets = 10;
};

using sliding_window = std::variant<count_based, time_based>;

/// How calls ended. One that failed slowly is both.
struct call_counts {
  std::uint32_t calls = 0;
  std::uint32_t failed = 0;
  std::uint32_t slow = 0;

  /// The part that failed, 0 to 1; 0 when there were no calls.
  double failure_rate() const { return calls == 0 ? 0 : static_cast<double>(failed) / calls; }
  /// The part that was slow, 0 to 1; 0 when there were no calls.
  double slow_call_rate() const { return calls == 0 ? 0 : static_cast<double>(slow) / calls; }

  call_counts& operator+=(const call_counts& other);
  call_counts& operator-=(const call_counts& other);
  friend bool operator==(const call_counts&, const call_counts&) = default;
};

/// Takes constant time for a call, whatever its size.
class call_window {
public:
  using clock = std::chrono::steady_clock;

  explicit call_window(const sliding_window& size);

  void record(bool failed, bool slow, clock::time_point now);
  /// The calls in the window at `now`.
  const call_counts& counts(clock::time_point now);
  void clear();

private:
  // A bucket is a call or a part of the period; they are numbered without end.
  void advance(std::int64_t bucket);
  std::int64_t bucket_at(clock::time_point now) const;

  clock::duration bucket_length_; ///< zero: a bucket for each call
  std::vector<call_counts> ring_;
  std::int64_t newest_ = 0;
  call_counts total_;
};

} // namespace pickup::supervision

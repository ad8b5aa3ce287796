// How long things took, counted in buckets. Thread-safe, without locks: any thread adds, any
// reads. No libraries, so that any folder that measures may use it.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pickup::supervision {

/// What a histogram held when it was read.
struct duration_figures {
  using nanoseconds = std::chrono::nanoseconds;

  /// The upper bounds of the buckets; one more bucket has none.
  static constexpr std::array<nanoseconds, 22> bounds = [] {
    std::array<nanoseconds, 22> all{};
    std::int64_t unit = 1'000; // a microsecond
    for (std::size_t i = 0; i < all.size(); ++i) {
      constexpr std::array<std::int64_t, 3> tenths{10, 25, 50};
      all[i] = nanoseconds{unit * tenths[i % 3] / 10};
      if (i % 3 == 2)
        unit *= 10;
    }
    return all;
  }();

  std::array<std::uint64_t, bounds.size() + 1> counts{}; ///< by bucket, not cumulated
  nanoseconds total{0};

  std::uint64_t count() const {
    std::uint64_t n = 0;
    for (const auto c : counts)
      n += c;
    return n;
  }

  /// What was added after `before` was read of the same histogram.
  duration_figures since(const duration_figures& before) const {
    auto later = *this;
    for (std::size_t i = 0; i < counts.size(); ++i)
      later.counts[i] -= std::min(counts[i], before.counts[i]);
    later.total -= before.total;
    return later;
  }

  /// The duration that a share `q` of them did not exceed, taking each bucket as filled evenly
  /// (as Prometheus' histogram_quantile does); zero when there are none.
  nanoseconds quantile(double q) const {
    auto left = q * static_cast<double>(count());
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      const auto here = static_cast<double>(counts[i]);
      if (here > 0 && left <= here) {
        const auto low = i == 0 ? nanoseconds{0} : bounds[i - 1];
        const auto width = static_cast<double>((bounds[i] - low).count());
        return low + nanoseconds{static_cast<std::int64_t>(width * left / here)};
      }
      left -= here;
    }
    return count() == 0 ? nanoseconds{0} : bounds.back();
  }
};

class duration_histogram {
public:
  void add(std::chrono::nanoseconds time) {
    const auto bucket = std::ranges::lower_bound(duration_figures::bounds, time)
                        - duration_figures::bounds.begin();
    counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    total_.fetch_add(std::max<std::int64_t>(time.count(), 0), std::memory_order_relaxed);
  }

  duration_figures read() const {
    duration_figures f;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      f.counts[i] = counts_[i].load(std::memory_order_relaxed);
    f.total = std::chrono::nanoseconds{total_.load(std::memory_order_relaxed)};
    return f;
  }

private:
  std::array<std::atomic<std::uint64_t>, duration_figures::bounds.size() + 1> counts_{};
  std::atomic<std::int64_t> total_ = 0;
};

} // namespace pickup::supervision

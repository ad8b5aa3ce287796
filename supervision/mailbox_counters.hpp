// What is counted of mailboxes: two gates in every actor, and the counters that all actors of a
// kind share. Thread-safe, without locks. The counters outlive the actors.
#pragma once

#include "supervision/duration_histogram.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace pickup::supervision {

/// What the mailboxes of a kind have seen so far. Times are those of a sample, or of all
/// messages while their actors are watched.
struct mailbox_figures {
  std::uint64_t depth = 0;      ///< messages that wait now, in all of them
  std::uint64_t high_water = 0; ///< the most that ever waited in one
  std::uint64_t rejected = 0;   ///< refused because a mailbox was full
  std::uint64_t dropped = 0;    ///< taken out, or thrown away with nobody told
  std::uint64_t conflated = 0;  ///< superseded by a newer one of the same key
  std::uint64_t late = 0;       ///< came when their actor had ended
  std::uint64_t handled = 0;    ///< messages of any class
  duration_figures waits;       ///< how long they waited
  std::chrono::nanoseconds longest_wait{0};
  duration_figures handling; ///< how long it took to handle them
};

/// A number that many threads change and few read: each thread has a cache line of its own, as
/// far as they go.
class striped_count {
public:
  void add(std::int64_t n) {
    stripes_[stripe_of_this_thread()].count.fetch_add(n, std::memory_order_relaxed);
  }

  /// What was added; momentarily wrong while others add, never by more than they do.
  std::int64_t sum() const;

private:
  static constexpr std::size_t stripe_count = 8;

  struct alignas(64) stripe {
    std::atomic<std::int64_t> count = 0;
  };

  static std::size_t stripe_of_this_thread();

  std::array<stripe, stripe_count> stripes_;
};

/// Shared by all actors of a kind.
class mailbox_counters {
public:
  mailbox_figures read() const;

  /// @param depth of the mailbox, with this message
  void entered(std::uint64_t depth) {
    depth_.add(1);
    raise(high_water_, depth);
  }
  void left(std::uint64_t messages = 1) { depth_.add(-static_cast<std::int64_t>(messages)); }
  void rejected() { rejected_.fetch_add(1, std::memory_order_relaxed); }
  void dropped() { dropped_.fetch_add(1, std::memory_order_relaxed); }
  void conflated() { conflated_.fetch_add(1, std::memory_order_relaxed); }
  void late() { late_.fetch_add(1, std::memory_order_relaxed); }
  void waited(std::chrono::nanoseconds time);
  void handled() { handled_.add(1); }
  void took(std::chrono::nanoseconds time) { handling_.add(time); }

private:
  static void raise(std::atomic<std::uint64_t>& highest, std::uint64_t value) {
    auto known = highest.load(std::memory_order_relaxed);
    while (known < value
           && !highest.compare_exchange_weak(known, value, std::memory_order_relaxed)) {
    }
  }

  striped_count depth_;
  std::atomic<std::uint64_t> high_water_ = 0;
  std::atomic<std::uint64_t> rejected_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::atomic<std::uint64_t> conflated_ = 0;
  std::atomic<std::uint64_t> late_ = 0;
  std::atomic<std::uint64_t> longest_wait_ns_ = 0;
  striped_count handled_;
  duration_histogram waits_;
  duration_histogram handling_;
};

/// One way into a mailbox: sixteen bytes. Any thread may enter; one at a time may
/// leave and close.
class mailbox_gate {
public:
  /// Microseconds on any steady clock; it may wrap.
  using tick = std::uint32_t;

  enum class answer { entered, full, closed };

  struct entry {
    answer what;
    std::uint32_t depth = 0; ///< with this message
  };

  /// Counts a message in, unless `capacity` wait already.
  entry enter(std::uint32_t capacity);

  /// Marks the message that entered last, at `depth`, to have its waiting time measured;
  /// nothing when another is being measured.
  void measure(std::uint32_t depth, tick now);

  /// A message that entered is being handled. When it is the one to be measured: when it
  /// entered. Right to within the messages that entered at the same moment.
  std::optional<tick> begin();

  /// A message that entered was handled. False when none had: it came before there was a gate.
  bool leave();

  /// Nothing enters any more. Those that had not left.
  std::uint32_t close();

  std::uint32_t depth() const { return depth_.load(std::memory_order_relaxed) & ~closed_flag; }

private:
  // In the same word as the depth: what enters while the gate closes is either among those that
  // close() tells of, or is told that it is closed.
  static constexpr std::uint32_t closed_flag = 0x8000'0000;

  std::atomic<std::uint32_t> depth_ = 0;
  /// When the measured message entered, and how many leave until it does; 0 for none.
  std::atomic<std::uint64_t> measured_ = 0;
};

/// Whether this thread's next message is of the sample: one in sixteen is.
bool in_sample();

} // namespace pickup::supervision

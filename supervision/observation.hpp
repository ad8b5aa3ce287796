// What can be seen of bounded actors from outside, without disturbing them: by kind always, of
// each while somebody watches, and message by message while some are traced. All of it is
// thread-safe to read. A node has one observation; it outlives its actors.
#pragma once

#include "supervision/duration_histogram.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>
#include <caf/mailbox_element.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <typeinfo>
#include <vector>

namespace pickup::supervision {

class mailbox_kind;
class observation;

/// What is measured of one actor from the first message on that it handles while watched; times
/// of a sample only, while nobody watches.
struct actor_probe {
  std::atomic<std::uint64_t> messages = 0; ///< handled
  std::atomic<std::uint64_t> rejected = 0; ///< refused by its full mailbox
  std::atomic<std::uint32_t> high_water = 0;
  duration_histogram waits;
  duration_histogram handling;

  void raise_high_water(std::uint32_t depth) {
    auto known = high_water.load(std::memory_order_relaxed);
    while (known < depth && !high_water.compare_exchange_weak(known, depth)) {
    }
  }
};

/// One actor as others see it. A handle to the actor keeps it valid, even when it has ended.
class observed {
public:
  observed() = default;
  observed(const observed&) = delete;
  observed& operator=(const observed&) = delete;
  virtual ~observed();

  virtual const mailbox_kind& kind() const = 0;
  /// Which of its kind it is; empty unless the actor says so.
  virtual std::string instance() const { return {}; }
  /// Messages that wait here now.
  virtual std::size_t mailbox_depth() const = 0;
  /// Null when it has handled nothing while watched.
  const actor_probe* probe() const { return probe_.load(std::memory_order_acquire); }

protected:
  actor_probe* probe() { return probe_.load(std::memory_order_acquire); }

private:
  friend class handling;

  /// For the actor's own thread. Null when there are as many as there may be of such kinds.
  actor_probe* make_probe(observation& by);

  // Owned; bare pointers, for the size of an actor.
  std::atomic<actor_probe*> probe_ = nullptr;
  observation* probed_by_ = nullptr;
};

/// Told of messages as they are handled, on the thread of their actor: nothing slow.
/// Thread-safe. Outlives the actors.
class message_tracer {
public:
  virtual ~message_tracer() = default;
  /// @return what ended() is to be given, or 0 when the message is of no interest
  virtual std::uint64_t begins(const observed& at, const caf::mailbox_element& message,
                               std::optional<std::chrono::nanoseconds> waited) = 0;
  virtual void ended(std::uint64_t token, std::chrono::nanoseconds took, bool failed) = 0;
};

class observation {
public:
  /// Measures every message of every actor for that long from now on, unless told again.
  void watch_for(std::chrono::nanoseconds time);
  bool is_watched() const;
  /// How many actors are measured each on its own.
  std::uint64_t probes() const { return static_cast<std::uint64_t>(probes_.load()); }

  std::atomic<message_tracer*> tracer = nullptr;

private:
  friend class observed;
  friend class handling;

  /// So that a million actors that are watched cost neither half a gigabyte nor a second to
  /// look at: of kinds that have many the others are measured by kind only.
  static constexpr std::int64_t most_probes = 20'000;

  std::atomic<std::int64_t> watched_until_ = 0; ///< by a coarse clock
  std::atomic<std::int64_t> probes_ = 0;
};

/// What an actor is handling now.
struct running_message {
  caf::actor_id actor = 0;
  std::string message; ///< its type
  std::chrono::nanoseconds since{0};
};

/// What all threads of the process are handling. Ages are right to within some milliseconds.
std::vector<running_message> running_messages();

/// A type as people name it, without its namespaces.
std::string short_type_name(const std::type_info* type);
/// The type of a message's first element.
std::string short_type_name(const caf::mailbox_element& message);

/// For as long as it lives, its thread handles this message. Made by bounded actors.
class handling {
public:
  handling(observed& at, caf::actor_id id, const caf::mailbox_element& message,
           std::optional<std::chrono::nanoseconds> waited);
  ~handling();
  handling(const handling&) = delete;
  handling& operator=(const handling&) = delete;

private:
  using clock = std::chrono::steady_clock;

  observed& at_;
  actor_probe* probe_ = nullptr;
  message_tracer* tracer_ = nullptr;
  std::uint64_t token_ = 0;
  std::optional<clock::time_point> began_; ///< when it is measured
  const int exceptions_;
};

} // namespace pickup::supervision

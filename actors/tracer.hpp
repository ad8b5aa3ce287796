// Follows the messages to, and about, one call, courier or other actor. Capped by number and
// time; a few at once. Costs the actors nothing while nobody traces. Thread-safe; outlives
// them.
#pragma once

#include "actors/inspection.hpp"
#include "supervision/observation.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace pickup::actors {

class tracer final : public supervision::message_tracer {
public:
  using clock = std::chrono::steady_clock;

  /// @param on what it switches itself on with
  /// @param now the wall clock, for what is shown
  /// @param steady what a trace's time is counted by
  tracer(supervision::observation& on, const std::function<domain::timestamp()>& now,
         const std::function<clock::time_point()>& steady)
      : observation_(on), now_(now), steady_(steady) {}

  /// Errors: conflict when as many run as may.
  domain::result<trace_view> start(const trace_order& what);
  /// Without their messages.
  std::vector<trace_view> list();
  /// The messages to an actor, and about it, that any trace has; oldest first, each once.
  std::vector<traced_message> about(const actor_view& whom);
  /// @param after how many of its messages to leave out
  /// Errors: not_found.
  domain::result<trace_view> find(std::uint64_t n, std::size_t after = 0);
  domain::status_result end(std::uint64_t n);

  std::uint64_t begins(const supervision::observed& at, const caf::mailbox_element& message,
                       std::optional<nanoseconds> waited) override;
  void ended(std::uint64_t token, nanoseconds took, bool failed) override;

private:
  using message_ptr = std::shared_ptr<const traced_message>;
  using subjects = std::vector<actor_view>;

  struct kept_trace {
    trace_view seen;                   ///< without its messages
    std::vector<message_ptr> messages; ///< shared by the traces that have the same
    clock::time_point until;
  };
  struct message_under_way {
    std::uint64_t token;
    std::uint64_t trace;
    std::size_t message;
  };

  void close_overdue();
  void publish();
  std::deque<kept_trace>::iterator look_up(std::uint64_t n);

  supervision::observation& observation_;
  const std::function<domain::timestamp()>& now_;
  const std::function<clock::time_point()>& steady_;
  /// Whose messages the running traces follow: what concerns none of them needs no lock.
  std::atomic<std::shared_ptr<const subjects>> followed_;
  std::mutex mutex_; ///< actors that are followed take it: held for no copy of a message
  std::deque<kept_trace> traces_;            ///< guarded, as is …
  std::uint64_t last_ = 0;                   ///< … the number of the newest, and …
  std::vector<message_under_way> under_way_; ///< … what is being handled
  std::uint64_t last_token_ = 0;
};

} // namespace pickup::actors

// The latest restarts of the node and what led to them, told in words. Thread-safe.
#pragma once

#include "actors/inspection.hpp"
#include "supervision/child_spec.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace pickup::actors {

class restart_log {
public:
  /// An operator is about to end this actor: the next report of it that gives this reason says
  /// so.
  /// @param until for a reason that others may give later: after this it is theirs
  void expect(const actor_view& actor, std::string reason, std::string by,
              domain::timestamp until = domain::timestamp::max());

  /// @param actor whom the report is of, unless it is a supervisor
  /// @param at the wall clock
  restart_story note(const supervision::restart_report& report, std::optional<actor_view> actor,
                     domain::timestamp at);

  /// At most `most` of those after number `after`, newest first.
  std::vector<restart_story> list(std::uint64_t after, std::size_t most) const;
  /// Those of one actor, newest first.
  std::vector<restart_story> of(const actor_view& actor) const;
  /// How many there have been, and so the number of the newest.
  std::uint64_t count() const { return count_; }

private:
  static constexpr std::size_t most_kept = 1000;

  std::optional<std::uint64_t> cause_of(const std::string& child, domain::timestamp at) const;
  std::string take_operator(const restart_story& of);

  mutable std::mutex mutex_;
  struct expectation {
    actor_view actor;
    std::string reason;
    std::string by;
    domain::timestamp until;
  };

  std::deque<restart_story> stories_; ///< guarded, as is …
  std::deque<expectation> expected_;  ///< … who is about to be ended, oldest first
  std::atomic<std::uint64_t> count_ = 0;
};

/// Why an actor ended, as people say it.
std::string reason_text(const caf::error& reason);

} // namespace pickup::actors

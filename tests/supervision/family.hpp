// Children to supervise, and a diary of what becomes of them. Not thread-safe.
#pragma once

#include "supervision/supervisor.hpp"
#include "tests/supervision/manual_system.hpp"

#include <caf/actor.hpp>
#include <caf/error.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pickup::testing {

/// What a child does when told to end.
enum class manners {
  good,     ///< it ends
  stubborn, ///< it does not, unless killed or told "end"
  mute,     ///< it handles nothing at all
};

class family {
public:
  using diary = std::vector<std::string>;

  /// Keeps a diary of "a starts", "a hears: …", "a is told to end", "a ends".
  supervision::child_spec child(std::string id,
                                supervision::restart how = supervision::restart::permanent,
                                manners as = manners::good);
  /// Children called "1", "2", …
  supervision::child_template children(supervision::restart how);

  caf::actor bear(const std::string& id, manners as);
  /// "crash", "end", or words for the diary.
  void tell(const std::string& id, const std::string& words);
  const caf::actor& operator[](const std::string& id) const { return born_.at(id); }

  /// Starts counting on this supervisor, so that ended() tells why it ended.
  caf::actor watch(const caf::actor& supervisor);
  /// Why the watched supervisor ended; nothing while it lives.
  const std::optional<caf::error>& ended() const { return ended_; }
  /// Answers count_children, if the supervisor does.
  std::optional<std::uint64_t> count(const caf::actor& supervisor);

  supervision::supervisor_options options(std::uint32_t intensity = 3);

  /// What was noted since this was last asked.
  diary read();

  manual_system system;
  std::vector<supervision::crash_report> reports;
  /// Starts of each child that fail before one works.
  std::map<std::string, int> failing_starts;

private:
  void note(std::string line) { diary_.push_back(std::move(line)); }

  diary diary_;
  std::map<std::string, caf::actor> born_;
  std::optional<caf::error> ended_;
};

} // namespace pickup::testing

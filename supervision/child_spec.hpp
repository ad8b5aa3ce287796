// What a supervisor has to know to start its children, and what it tells of them. Plain values;
// the functions in them run on the supervisor's thread of execution: they must not block, and
// only `start` and `on_restart` may throw.
#pragma once

#include "supervision/rules.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pickup::supervision {

/// A child of a supervisor whose children have names.
struct child_spec {
  std::string id;
  /// Throws when the child cannot be started.
  std::function<caf::actor(caf::actor_system&)> start;
  child_rules rules = {};
  /// Before each restart, with the reason of the last end. What it throws is a failed start.
  std::function<void(const caf::error& last)> on_restart = {};
};

/// The one kind of child of a dynamic supervisor (OTP's simple_one_for_one).
struct child_template {
  /// @param incarnation 0 at the first start, one more at each restart
  std::function<caf::actor(caf::actor_system&, child_key, std::uint32_t incarnation)> start;
  child_rules rules{.how = restart::transient};
  /// Those to start when the supervisor itself starts, e.g. what storage says is alive: the
  /// supervisor's own restart forgets its dynamic children, as in OTP.
  std::function<std::vector<child_key>()> initial;
  /// Told when `initial` has been gone through.
  std::function<void()> on_started;
  /// A child that crashes more often than this within the supervisor's period is quarantined:
  /// kept, shown, not started again; its siblings are unharmed. At most the supervisor's
  /// intensity, which would otherwise be used up first. Nothing: no child is, OTP's way.
  std::optional<std::uint32_t> child_intensity;
  std::function<void(child_key)> on_quarantine;
  std::function<void(child_key, const caf::error& last)> on_restart;
};

/// What a supervisor did about a child's crash.
enum class verdict {
  restarts,    ///< starts it again, at once or after its backoff
  drops,       ///< is temporary: not started again
  quarantines, ///< crashed too often: not started again, its siblings go on
  escalates,   ///< too many restarts, or no start at all: the supervisor ends
  fences,      ///< did not even end when killed: left behind, counted as a zombie
};

std::string to_string(verdict v);
std::string to_string(strategy s);

/// A crash and what follows from it: one link of the chain of causes.
struct restart_report {
  std::string supervisor;
  std::string child;
  std::uint32_t incarnation = 0;
  caf::actor_id actor = 0; ///< 0 when it could not even start
  /// What it was handling, when its exception handler said so (crash_error()); else empty.
  std::string message_type;
  caf::error reason;
  verdict outcome = verdict::restarts;
  std::vector<std::string> siblings; ///< restarted because of it
};

struct supervisor_options {
  std::string name;
  /// Who is restarted with whom; of no meaning to a dynamic supervisor.
  supervision::strategy strategy = strategy::one_for_one;
  /// At most so many restarts …
  std::uint32_t intensity = 1;
  /// … within this time; one more ends the supervisor.
  std::chrono::milliseconds period{5000};
  auto_shutdown ends_with = auto_shutdown::never;
  /// How long a killed child may take to end; then it is fenced. CAF's kill is a message too:
  /// a handler that never returns never sees it.
  std::chrono::milliseconds kill_limit{1000};
  /// Told of every crash; empty for none.
  std::function<void(const restart_report&)> report;
};

} // namespace pickup::supervision

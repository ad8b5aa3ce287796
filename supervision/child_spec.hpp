// What a supervisor has to know of its children, in OTP's words. Plain values; the functions in
// them run on the supervisor's thread of execution and must not block.
#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pickup::supervision {

/// When a child that ended is started again.
enum class restart {
  permanent, ///< always
  transient, ///< unless it ended normally or by shutdown
  temporary, ///< never
};

/// Names one child of a dynamic supervisor.
using child_key = std::uint64_t;

/// A child of a supervisor whose children are known beforehand.
struct child_spec {
  std::string id;
  std::function<caf::actor(caf::actor_system&)> start;
  restart how = restart::permanent;
};

/// The one kind of child of a dynamic supervisor (OTP's simple_one_for_one).
struct child_template {
  /// @param incarnation 0 at the first start, one more at each restart
  std::function<caf::actor(caf::actor_system&, child_key, std::uint32_t incarnation)> start;
  restart how = restart::transient;
  /// Those to start when the supervisor itself starts, e.g. what storage says is alive.
  std::function<std::vector<child_key>()> initial;
  /// A child that crashes more often than this within the supervisor's period is not started
  /// again; its siblings are unharmed.
  std::uint32_t child_intensity = 5;
  /// Told of a child that is not started again for that reason.
  std::function<void(child_key)> given_up;
};

/// A child crashed and is started again, or is given up.
struct crash_report {
  std::string supervisor;
  std::string child;
  caf::error reason;
  bool restarted = true;
};

struct supervisor_options {
  std::string name;
  std::uint32_t intensity = 1;
  std::chrono::milliseconds period{5000};
  /// How long a child may take to end when told to; then it is killed.
  std::chrono::milliseconds shutdown{2000};
  /// Told of every crash; empty for none.
  std::function<void(const crash_report&)> report;
};

} // namespace pickup::supervision

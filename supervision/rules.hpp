// What a supervisor may be told of its children, in OTP's words, and what follows from it: the
// decisions, without actors. Pure; plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pickup::supervision {

/// Who is restarted when one child is.
enum class strategy {
  one_for_one,  ///< it alone
  one_for_all,  ///< all children
  rest_for_one, ///< it and those started after it
};

/// When a child that ended is started again.
enum class restart {
  permanent, ///< always
  transient, ///< unless it ended normally or by shutdown
  temporary, ///< never; its spec goes with it
};

enum class child_kind { worker, supervisor };

/// Whether the end of significant children ends the supervisor too, without an error.
enum class auto_shutdown { never, any_significant, all_significant };

/// How a child is made to end.
struct shutdown {
  enum class manner {
    within,   ///< told to; killed when it has not ended after the limit
    infinity, ///< told to, and awaited for as long as it takes
    brutal,   ///< killed at once
  };

  manner how = manner::within;
  std::chrono::milliseconds limit{5000};
};

/// Waiting before a restart: `first`, then twice as long each time up to `most`.
struct backoff_options {
  std::chrono::milliseconds first{0}; ///< 0: restart at once, OTP's way
  std::chrono::milliseconds most{10'000};
  double jitter = 0;                           ///< up to this share of the wait is taken off
  std::chrono::milliseconds reset_after{5000}; ///< without a crash, the next wait is `first`
};

/// What is said of a child of any supervisor.
struct child_rules {
  restart how = restart::permanent;
  child_kind kind = child_kind::worker;
  /// Nothing: OTP's defaults, 5 s for a worker and infinity for a supervisor.
  std::optional<shutdown> end = std::nullopt;
  bool significant = false;
  backoff_options backoff = {};
};

shutdown end_of(const child_rules& c);

/// A spec that cannot be meant: which field, and what is wrong with it.
struct refusal {
  std::string field;
  std::string why;
};

/// The first contradiction in what is said of one child; nothing when there is none.
std::optional<refusal> check(const child_rules& c, auto_shutdown parent);

// -- what follows --

/// Whether a child that ended is started again.
/// @param well it ended normally or by shutdown
bool wants_restart(restart how, bool well);

/// Whether a significant child's end, which is not followed by a restart, ends the supervisor.
/// @param others_left another significant child is alive
bool ends_supervisor(auto_shutdown when, bool significant, bool others_left);

/// Names one child of a supervisor. Static children are numbered in the order they start.
using child_key = std::uint64_t;

struct member {
  child_key key = 0;
  restart how = restart::permanent;
};

/// What a restart does to the children.
struct restart_plan {
  std::vector<child_key>
      stop; ///< in this order, each awaited; those that do not run are passed
  std::vector<child_key> forget; ///< temporary ones among them: not started again
  std::vector<child_key> start;  ///< in this order, when all have ended
};

/// @param children in the order they were started, `failed` (which does not run) among them
restart_plan plan_restart(strategy s, const std::vector<member>& children, child_key failed);

} // namespace pickup::supervision

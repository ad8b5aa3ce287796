// What a supervisor can be asked, in OTP's words, and the errors it answers with. Messages stay
// inside one process. Each may be sent as a request; start_child also by anon_send.
#pragma once

#include "supervision/child_spec.hpp"

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pickup::supervision {

/// Why a supervisor refused, or ended by itself. Numbers appear in logs: append, never
/// renumber.
enum class supervision_errc : std::uint8_t {
  too_many_restarts = 1,  ///< the intensity is reached; the supervisor ends with this
  start_failed = 2,       ///< the child's start function threw
  already_started = 3,    ///< a child of that id has been started
  already_present = 4,    ///< its spec is there, it does not run
  running = 5,            ///< what is asked needs a child that does not run
  restarting = 6,         ///< the child is being restarted; ask again
  not_found = 7,          ///< no such child
  simple_one_for_one = 8, ///< a dynamic supervisor does not do that
  not_dynamic = 9,        ///< only a dynamic supervisor does that
  bad_spec = 10,          ///< contradicts itself; the text names the field
  stopping = 11,          ///< the supervisor is ending
  not_running = 12,       ///< the child ended and is not to be restarted
  quarantined = 13,       ///< the child crashed too often
};

std::string to_string(supervision_errc code);
/// @param text `action: object: reason`
caf::error make_error(supervision_errc code, std::string text = {});

/// A static child's id, or a dynamic child's key.
using child_id = std::variant<std::string, child_key>;

std::string to_string(const child_id& id);

enum class child_state { running, restarting, ending, stopped, quarantined };

std::string to_string(child_state s);

struct child_info {
  child_id id;
  child_state state = child_state::stopped;
  caf::actor handle; ///< empty unless it runs
  child_kind kind = child_kind::worker;
};

/// Answers child_list: static children in the order they start.
struct which_children {};
struct child_list {
  std::vector<child_info> children;
};

/// Answers child_counts: OTP's four numbers first.
struct count_children {};
struct child_counts {
  std::uint64_t specs = 0;       ///< 1 for a dynamic supervisor
  std::uint64_t active = 0;      ///< alive now
  std::uint64_t supervisors = 0; ///< children of that kind, alive or not
  std::uint64_t workers = 0;
  std::uint64_t restarting = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t zombies = 0; ///< left behind since the supervisor started: never ended

  friend bool operator==(const child_counts&, const child_counts&) = default;
};

/// How a child fares.
struct child_status {
  child_id id;
  child_kind kind = child_kind::worker;
  child_state state = child_state::stopped;
  caf::actor handle;          ///< empty unless it runs
  std::uint64_t restarts = 0; ///< of a dynamic child: since it last did well for a while
  std::optional<std::chrono::milliseconds> retry_in; ///< until it is started again
  /// Of a dynamic child with an intensity of its own: before one more within the period
  /// quarantines it.
  std::optional<std::uint32_t> restarts_left;
};

/// How a supervisor fares, with what OTP does not tell: how much patience it has left.
struct supervisor_status {
  std::string name;
  bool dynamic = false;
  std::string strategy;
  std::uint32_t intensity = 0;
  std::chrono::milliseconds period{0};
  std::uint32_t restarts_left = 0; ///< before one more within the period ends it
  child_counts counts;
  std::vector<child_status> children;
  bool truncated = false; ///< there are children who are not listed
};

/// Has a supervisor tell `to` how it fares, on its own thread of execution: `to` must neither
/// block nor throw. Of a dynamic supervisor's children those who crashed or do not run are
/// listed, or only the one that is named; of either kind's at most so many.
struct describe_supervisor {
  std::function<void(supervisor_status)> to;
  std::size_t most = 1000;
  std::optional<child_key> only{}; ///< of no meaning to a static supervisor
};

/// Asks a dynamic supervisor for one more child; answers its handle. `first` (if not empty) is
/// the child's first message. A quarantined key is released. When nobody waits for an answer, a
/// start that fails is tried again like a failed restart.
struct start_child {
  child_key key = 0;
  caf::message first;
};

/// Asks a static supervisor for one more child, the last in its order; answers its handle.
struct start_new_child {
  child_spec spec;
};

/// Ends a child and answers (nothing) when it has ended. Its spec stays, unless it is
/// temporary.
struct terminate_child {
  child_id id;
};

/// Starts a static child that does not run; answers its handle.
struct restart_child {
  child_id id;
};

/// Drops the spec of a static child that does not run; answers nothing.
struct delete_child {
  child_id id;
};

/// Answers the child's handle at once, or why there is none now: `restarting`, `not_running`,
/// `quarantined`, `not_found`.
struct whereis {
  child_id id;
};

} // namespace pickup::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::which_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::child_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::count_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::child_counts)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::describe_supervisor)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::start_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::start_new_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::terminate_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::restart_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::delete_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::whereis)

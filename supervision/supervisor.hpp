// One-for-one supervisors on CAF actors. A supervisor starts its children in order, restarts
// the one that ends, and gives up (ends with supervision_errc::too_many_restarts, for its own
// supervisor to deal with) when restarts become too many. Children do not outlive it, however
// it ends; it outlives their end, even by kill. The handles may be used from any thread. To
// stop a supervisor, send it an exit message: children end in reverse order, each awaited; then
// it ends with the same reason.
#pragma once

#include "supervision/child_spec.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <vector>

namespace pickup::supervision {

/// Why a supervisor ended by itself. Numbers appear in logs: append, never renumber.
enum class supervision_errc : std::uint8_t { too_many_restarts = 1 };

caf::error make_error(supervision_errc code);

/// Asks a dynamic supervisor for one more child. `first` (if not empty) is the child's first
/// message. Ignored when a child of that key is alive.
struct start_child {
  child_key key = 0;
  caf::message first;

  template <class Inspector>
  friend auto inspect(Inspector& f, start_child& x) {
    return f(caf::meta::type_name("start_child"), x.key, x.first);
  }
};

/// How many children a supervisor has alive.
struct count_children {
  template <class Inspector>
  friend auto inspect(Inspector& f, count_children&) {
    return f(caf::meta::type_name("count_children"));
  }
};

/// Starts a supervisor of the given children. Answers count_children with std::uint64_t.
caf::actor start_supervisor(caf::actor_system& sys, supervisor_options options,
                            std::vector<child_spec> children);

/// Starts a supervisor of children of one kind. Understands start_child and count_children.
caf::actor start_dynamic_supervisor(caf::actor_system& sys, supervisor_options options,
                                    child_template children);

} // namespace pickup::supervision

// OTP's supervisor on CAF actors. A supervisor starts its children in order, restarts those
// that end, and gives up (ends with supervision_errc::too_many_restarts, for its own supervisor
// to deal with) when restarts become too many. It never waits on a thread: while children end
// it can be asked, see management.hpp. Children do not outlive it, however it ends; it outlives
// their end, even by kill. The handles may be used from any thread. To stop a supervisor, send
// it an exit message: children end in reverse order, each awaited; then it ends with the same
// reason. docs/supervision.md is the manual.
#pragma once

#include "supervision/child_spec.hpp"
#include "supervision/management.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <optional>
#include <vector>

namespace pickup::supervision {

/// What contradicts itself in the options or specs, "child a: significant" for example.
std::optional<refusal> check(const supervisor_options& options,
                             const std::vector<child_spec>& children);
std::optional<refusal> check(const supervisor_options& options, const child_template& children);

/// Starts a supervisor of the given children.
/// @throws std::invalid_argument naming the field that check() refuses
caf::actor start_supervisor(caf::actor_system& sys, supervisor_options options,
                            std::vector<child_spec> children);

/// Starts a supervisor of children of one kind, started on demand: OTP's simple_one_for_one.
/// @throws std::invalid_argument naming the field that check() refuses
caf::actor start_dynamic_supervisor(caf::actor_system& sys, supervisor_options options,
                                    child_template children);

} // namespace pickup::supervision

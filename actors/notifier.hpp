// The notifier of the channel `log`. It reads the intents out of the journal in order, from a
// persisted cursor on, and delivers each once: a line a message to a file, with the number, and
// to the log, with the number masked.
#pragma once

#include "actors/handles.hpp"
#include "actors/node.hpp"

#include <caf/actor_system.hpp>

namespace pickup::actors {

/// Who runs the notifier: a thread of its own, for it waits for the disk, or, in tests, the
/// scheduler.
enum class runs_on { own_thread, scheduler };

notifier_actor start_notifier(caf::actor_system& sys, node_context& n, runs_on where);

} // namespace pickup::actors

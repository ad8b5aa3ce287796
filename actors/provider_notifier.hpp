// The notifier of a channel that sends to a provider: `alimtalk`, with `sms` behind it. It
// reads the intents out of the journal, keeps the deliveries on their way in a notify::outbox,
// gives work to the transport's threads, and writes down how far each has come, so that a
// successor finds everything in storage.
#pragma once

#include "actors/handles.hpp"
#include "actors/node.hpp"
#include "actors/notifier.hpp"
#include "actors/operation.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>

namespace pickup::actors {

/// The channel's name in storage, and among the notifiers.
inline constexpr auto provider_channel = "alimtalk";
/// Below this position of a shard nothing is on its way: the journal may go.
inline constexpr auto ended_cursor = "alimtalk.ended";

notifier_actor start_provider_notifier(caf::actor_system& sys, node_context& n, runs_on where);

/// The deliveries that ended last as dead letters or at bad numbers, at most `most`. From a
/// fiber; others of its thread run in between.
domain::result<dead_letter_list> list_dead_letters(const node_context& n, std::size_t most);

} // namespace pickup::actors

// What notifiers go by, and what one needs to reach a provider. A plain value, set before the
// actors start; the transport outlives them.
#pragma once

#include "notify/delivery.hpp"
#include "notify/options.hpp"
#include "notify/templates.hpp"
#include "notify/transport.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace pickup::actors {

/// How often a notifier looks at the journal. Hearing of every commit would cost more: what was
/// committed meanwhile shares one read and one write.
constexpr std::chrono::milliseconds news_period{20};
/// How many entries of a shard a notifier looks at before it turns to another.
constexpr std::size_t entries_a_turn = 256;

/// Nothing of it is used with the channel `log`.
struct messaging {
  notify::template_set templates;
  std::string directory_id; ///< unlike that of any other data directory
  notify::transport* to = nullptr;
  std::uint64_t seed = 0; ///< of the jitter
};

/// What has been done with a provider since the start. Written by the notifier, read by
/// anybody.
struct channel_counters {
  std::atomic<std::uint64_t> sent = 0;
  std::atomic<std::uint64_t> retries = 0;
  std::atomic<std::uint64_t> reconciled = 0;
  std::atomic<std::uint64_t> delivered = 0;
  std::atomic<std::uint64_t> handed_over = 0;
  std::atomic<std::uint64_t> superseded = 0;
  std::atomic<std::uint64_t> dead = 0;
  std::atomic<std::uint64_t> alarms = 0;
};

/// The rules that the options stand for.
notify::rules rules_of(const notify::options& o);

} // namespace pickup::actors

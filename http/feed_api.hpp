// The operators' live feed: server-sent events (HTML Living Standard, section 9.2). A watcher
// is a fiber, so watchers cost no threads. Thread-safe. Owned by the operators' API; refers to
// the health API, the operation and the counts, which outlive it.
#pragma once

#include "actors/operation.hpp"
#include "http/health_api.hpp"
#include "http/message.hpp"
#include "http/target.hpp"
#include "http/traffic.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace pickup::http {

class feed_api {
public:
  /// How long after it happened a restart or an action is told at the latest, and how long a
  /// watcher takes to see that the server ends.
  static constexpr std::chrono::milliseconds look_period{100};

  feed_api(health_api& figures, actors::operation& of, traffic& counts)
      : health_(&figures), operation_(&of), counts_(&counts) {}

  response open(const request& r, const target& t);
  /// /admin/metrics: what the feed's events of that name carry.
  response figures();

private:
  std::string figures_json();
  std::string restarts_after(std::uint64_t& last);
  std::string actions_after(actors::audit_cursor& last);
  void run(feed_channel& to, std::chrono::milliseconds interval);

  health_api* health_;
  actors::operation* operation_;
  traffic* counts_;
};

} // namespace pickup::http

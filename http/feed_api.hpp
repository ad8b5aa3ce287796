// The operators' live feed: server-sent events (HTML Living Standard, section 9.2). A watcher
// is a fiber, so watchers cost no threads. Thread-safe. Owned by the operators' API; refers to
// the health API and the operation, which outlive it.
#pragma once

#include "actors/operation.hpp"
#include "http/health_api.hpp"
#include "http/message.hpp"
#include "http/target.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace pickup::http {

class feed_api {
public:
  feed_api(health_api& figures, actors::operation& of) : health_(&figures), operation_(&of) {}

  response open(const request& r, const target& t);
  /// /admin/metrics: what the feed's events of that name carry.
  response figures();
  /// How many watch now.
  std::uint32_t watchers() const { return watchers_; }

private:
  std::string figures_json();
  std::string restarts_after(std::uint64_t& last);
  std::string actions_after(std::string& last);
  void run(feed_channel& to, std::chrono::milliseconds interval);

  health_api* health_;
  actors::operation* operation_;
  std::atomic<std::uint32_t> watchers_ = 0;
};

} // namespace pickup::http

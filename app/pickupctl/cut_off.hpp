// Lets a client's requests fail once nobody wants to wait for them any more.
// Thread-safe. Owned by who asks; ends before the client and the interruption do.
#pragma once

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/interruption.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace pickup::ctl {

/// Until it is destroyed; then the client asks again as ever.
class cut_off {
public:
  /// From now on.
  explicit cut_off(client& of);
  /// From a signal on; those under way then may take `grace` longer.
  cut_off(client& of, const interruption& end, std::chrono::milliseconds grace = {});

private:
  void interrupt(client& of, const std::stop_token& over);
  void rest(const std::stop_token& over, std::chrono::milliseconds time);

  std::mutex mutex_; ///< nobody else's: what waits wants one
  std::condition_variable_any waiting_;
  std::jthread thread_;
};

} // namespace pickup::ctl

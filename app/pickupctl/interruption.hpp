// Ctrl-C and SIGTERM as something to wait for, so that what was begun is ended in order.
// Not thread-safe. Made before the threads that must not get the signals; owned by the command.
#pragma once

#include <chrono>
#include <csignal>

namespace pickup::ctl {

class interruption {
public:
  interruption();
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// Whether a signal has come, or comes within `limit`.
  bool within(std::chrono::milliseconds limit);

  /// Becomes readable when a signal comes.
  int descriptor() const { return descriptor_; }

private:
  sigset_t before_{};
  int descriptor_ = -1;
  bool came_ = false;
};

} // namespace pickup::ctl

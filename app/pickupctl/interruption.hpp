// Ctrl-C and SIGTERM as something to wait for, so that what was begun is ended in order; who
// will not wait for that gives the signal again, and it ends the process at once.
// Thread-safe. Made before the threads that must not get the signals; owned by the command.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <stop_token>
#include <thread>

namespace pickup::ctl {

class interruption {
public:
  interruption();
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// Whether a signal has come, or comes within `limit`.
  bool within(std::chrono::milliseconds limit) const;

  /// Waits for a signal; false when it is over before one comes.
  bool comes_before(const std::stop_token& over) const;

  /// Becomes readable when a signal comes, and stays so.
  int descriptor() const { return descriptor_; }

private:
  void listen();
  void tell();

  sigset_t before_{};
  int descriptor_ = -1;
  std::atomic<bool> over_ = false;
  mutable std::mutex mutex_;
  mutable std::condition_variable_any coming_;
  bool came_ = false; ///< guarded
  std::thread listener_;
};

} // namespace pickup::ctl

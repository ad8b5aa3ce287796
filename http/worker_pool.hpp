// Threads that serve connections, many each: a connection has a fiber, which gives way to
// others whenever it waits. Thread-safe. Owned by the transport; its destructor waits until
// every connection is through.
#pragma once

#include "http/poller.hpp"
#include "http/unique_socket.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <ctime>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace pickup::http {

class worker_pool {
public:
  /// @param serve called in a fiber of its own; must not throw
  /// Errors: std::system_error when a thread cannot start.
  worker_pool(std::size_t threads, std::function<void(unique_socket)> serve);
  ~worker_pool();
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  /// Hands a connection to the thread that has the fewest. False, and `s` is left as it was,
  /// when too many are on their way there.
  bool offer(unique_socket& s);

  /// Of each thread, what it is timed by on the processors.
  std::vector<clockid_t> clocks() const;

  /// How many are served or on their way.
  std::size_t open() const { return open_; }

  enum class rest { idle, busy };
  /// Waits until nothing is served, at most until `deadline`.
  rest await_idle(steady_time deadline);

private:
  class worker;

  void closed();

  const std::function<void(unique_socket)> serve_;
  std::atomic<std::size_t> open_{0};
  std::mutex mutex_;
  std::condition_variable all_closed_;
  std::vector<std::unique_ptr<worker>> workers_;
};

} // namespace pickup::http

// Threads that serve connections, one each, and a bounded queue before them.
// Thread-safe. Owned by the transport; its destructor waits until every worker is through.
#pragma once

#include "http/connection.hpp"
#include "http/unique_socket.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace pickup::http {

class worker_pool {
public:
  /// @param serve must not throw
  worker_pool(std::size_t workers, std::size_t queue, std::function<void(unique_socket)> serve);
  ~worker_pool();
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  /// Hands a connection over; it comes back when the queue is full. Starts a thread when all
  /// are busy and there may be more.
  std::optional<unique_socket> offer(unique_socket s);

  /// How many connections wait for a worker.
  std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }

  enum class rest { idle, busy };
  /// Waits until nothing is served and nothing waits, at most until `deadline`.
  rest await_idle(steady_time deadline);
  /// Closes what waits.
  void drop_waiting();

private:
  void work();

  const std::size_t most_workers_;
  const std::size_t most_waiting_;
  const std::function<void(unique_socket)> serve_;

  std::mutex mutex_;
  std::condition_variable work_came_;
  std::condition_variable work_done_;
  std::deque<unique_socket> queue_;
  std::atomic<std::size_t> waiting_{0};
  std::size_t free_ = 0; ///< threads without a connection
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

} // namespace pickup::http

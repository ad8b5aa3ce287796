#include "http/worker_pool.hpp"

#include <spdlog/spdlog.h>

#include <system_error>

namespace pickup::http {

worker_pool::worker_pool(std::size_t workers, std::size_t queue,
                         std::function<void(unique_socket)> serve)
    : most_workers_(workers), most_waiting_(queue), serve_(std::move(serve)) {
  threads_.reserve(workers);
}

worker_pool::~worker_pool() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    queue_.clear();
  }
  work_came_.notify_all();
  for (auto& t : threads_)
    t.join();
}

std::optional<unique_socket> worker_pool::offer(unique_socket s) {
  const std::lock_guard lock{mutex_};
  if (queue_.size() >= free_ && threads_.size() < most_workers_) {
    try {
      threads_.emplace_back([this] { work(); });
      ++free_;
    } catch (const std::system_error& e) {
      // The threads there are will have to do.
      spdlog::warn("http.worker_not_started workers={} what={}", threads_.size(), e.what());
    }
  }
  if (queue_.size() >= free_ + most_waiting_)
    return s;
  queue_.push_back(std::move(s));
  waiting_ = queue_.size() > free_ ? queue_.size() - free_ : 0;
  work_came_.notify_one();
  return std::nullopt;
}

worker_pool::rest worker_pool::await_idle(steady_time deadline) {
  std::unique_lock lock{mutex_};
  const auto idle = [this] { return queue_.empty() && free_ == threads_.size(); };
  return work_done_.wait_until(lock, deadline, idle) ? rest::idle : rest::busy;
}

void worker_pool::drop_waiting() {
  const std::lock_guard lock{mutex_};
  queue_.clear();
  waiting_ = 0;
}

void worker_pool::work() {
  std::unique_lock lock{mutex_};
  while (true) {
    work_came_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_)
      return;
    auto mine = std::move(queue_.front());
    queue_.pop_front();
    --free_;
    waiting_ = queue_.size() > free_ ? queue_.size() - free_ : 0;
    lock.unlock();
    serve_(std::move(mine));
    lock.lock();
    ++free_;
    work_done_.notify_all();
  }
}

} // namespace pickup::http

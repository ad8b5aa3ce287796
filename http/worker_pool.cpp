#include "http/worker_pool.hpp"

#include "http/stack_pool.hpp"

#include <boost/fiber/buffered_channel.hpp>
#include <boost/fiber/fiber.hpp>
#include <boost/fiber/operations.hpp>
#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace pickup::http {

namespace {

// Connections on their way to a thread; a power of two, as the channel wants.
constexpr std::size_t hand_over = 1024;

} // namespace

class worker_pool::worker {
public:
  explicit worker(worker_pool& owner) : owner_(owner), thread_([this] { run(); }) {}

  ~worker() {
    arrived_.close();
    thread_.join();
  }

  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  std::size_t open() const { return open_; }

  std::optional<clockid_t> clock() {
    clockid_t own{};
    if (::pthread_getcpuclockid(thread_.native_handle(), &own) != 0)
      return std::nullopt;
    return own;
  }

  bool take(unique_socket& s) {
    ++open_;
    if (arrived_.try_push(std::move(s)) == boost::fibers::channel_op_status::success)
      return true;
    --open_;
    return false;
  }

private:
  void run() {
    ::pthread_setname_np(::pthread_self(), "http");
    boost::fibers::use_scheduling_algorithm<poller>();
    unique_socket s;
    while (arrived_.pop(s) == boost::fibers::channel_op_status::success)
      begin(std::move(s));
    while (open_ > 0)
      boost::this_fiber::sleep_for(std::chrono::milliseconds{1});
  }

  void begin(unique_socket s) noexcept {
    try {
      boost::fibers::fiber{boost::fibers::launch::post, std::allocator_arg, stack_pool{stacks_},
                           [this, s = std::move(s)]() mutable {
                             owner_.serve_(std::move(s));
                             ended();
                           }}
          .detach();
    } catch (const std::exception& e) {
      spdlog::error("http.connection_dropped reason={:?}", e.what());
      ended();
    }
  }

  void ended() {
    --open_;
    owner_.closed();
  }

  worker_pool& owner_;
  std::atomic<std::size_t> open_{0};
  stack_pool::store stacks_;
  boost::fibers::buffered_channel<unique_socket> arrived_{hand_over};
  std::thread thread_;
};

worker_pool::worker_pool(std::size_t threads, std::function<void(unique_socket)> serve)
    : serve_(std::move(serve)) {
  workers_.reserve(threads);
  while (workers_.size() < threads)
    workers_.push_back(std::make_unique<worker>(*this));
}

worker_pool::~worker_pool() = default;

std::vector<clockid_t> worker_pool::clocks() const {
  std::vector<clockid_t> all;
  for (const auto& w : workers_)
    if (const auto own = w->clock())
      all.push_back(*own);
  return all;
}

bool worker_pool::offer(unique_socket& s) {
  ++open_;
  auto& least =
      **std::ranges::min_element(workers_, {}, [](const auto& w) { return w->open(); });
  const bool taken = least.take(s);
  if (!taken)
    closed();
  return taken;
}

worker_pool::rest worker_pool::await_idle(steady_time deadline) {
  std::unique_lock lock{mutex_};
  return all_closed_.wait_until(lock, deadline, [this] { return open_ == 0; }) ? rest::idle
                                                                               : rest::busy;
}

void worker_pool::closed() {
  if (--open_ > 0)
    return;
  const std::lock_guard lock{mutex_};
  all_closed_.notify_all();
}

} // namespace pickup::http

#include "http/poller.hpp"

#include <boost/fiber/operations.hpp>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

namespace pickup::http {

namespace {

thread_local poller* installed = nullptr;

constexpr std::uint32_t turns_between_hearings = 64;

unique_socket checked(int fd, const char* what) {
  if (fd < 0)
    throw std::system_error{errno, std::generic_category(), what};
  return unique_socket{fd};
}

int milliseconds_until(steady_time deadline) {
  if (deadline == steady_time::max())
    return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 60'000));
}

} // namespace

// -- one socket --

bool socket_watch::await(side which, steady_time deadline) {
  // A thread without fibers only looks: it has no poller, and no time to wait.
  if (auto* own = poller::of_this_thread(); own && !std::exchange(watched_, true))
    own->add(*this);
  if (ready(which))
    return true;
  if (deadline <= std::chrono::steady_clock::now())
    return false;
  std::unique_lock lock{mutex_};
  changed_.wait_until(lock, deadline, [&] { return ready(which) || interrupted_; });
  return ready(which);
}

void socket_watch::begin_idle() {
  const std::lock_guard lock{mutex_};
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  idle_since_ = std::max<steady_time::rep>(1, now);
}

void socket_watch::end_idle() {
  const std::lock_guard lock{mutex_};
  idle_since_ = 0;
  interrupted_ = false;
}

bool socket_watch::end_idleness() {
  {
    const std::lock_guard lock{mutex_};
    if (idle_since_.exchange(0) == 0)
      return false;
    interrupted_ = true;
  }
  changed_.notify_one();
  return true;
}

void socket_watch::happened(std::uint32_t events) {
  const bool over = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  ended_ = ended_ || over;
  readable_ = readable_ || over || (events & EPOLLIN) != 0;
  writable_ = writable_ || over || (events & EPOLLOUT) != 0;
  changed_.notify_one();
}

// -- all of a thread --

poller::poller()
    : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(checked(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")) {
  // Edge-triggered: each write to it wakes once, and nobody need read it.
  epoll_event e{EPOLLIN | EPOLLET, {.ptr = nullptr}};
  if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, wake_.fd(), &e) != 0)
    throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
  installed = this;
}

poller* poller::of_this_thread() {
  return installed;
}

void poller::add(socket_watch& w) const {
  epoll_event e{EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {.ptr = &w}};
  if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, w.fd_, &e) != 0)
    throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
}

void poller::give_way() {
  // While there is always somebody whose turn it is, nobody suspends the thread to hear.
  if (++turns_ >= turns_between_hearings)
    hear(0);
  boost::this_fiber::yield();
}

void poller::awakened(boost::fibers::context* ready) noexcept {
  ready->ready_link(ready_);
}

boost::fibers::context* poller::pick_next() noexcept {
  if (ready_.empty())
    return nullptr;
  auto* next = &ready_.front();
  ready_.pop_front();
  return next;
}

bool poller::has_ready_fibers() const noexcept {
  return !ready_.empty();
}

void poller::suspend_until(const steady_time& deadline) noexcept {
  auto seen = state::awake;
  const bool may_sleep = state_.compare_exchange_strong(seen, state::asleep);
  hear(may_sleep ? milliseconds_until(deadline) : 0);
  state_ = state::awake;
}

void poller::hear(int limit) noexcept {
  turns_ = 0;
  std::array<epoll_event, 64> events;
  const auto n =
      ::epoll_wait(epoll_.fd(), events.data(), static_cast<int>(events.size()), limit);
  for (int i = 0; i < n; ++i) {
    const auto& e = events[static_cast<std::size_t>(i)];
    if (e.data.ptr != nullptr)
      static_cast<socket_watch*>(e.data.ptr)->happened(e.events);
  }
}

void poller::notify() noexcept {
  if (state_.exchange(state::notified) != state::asleep)
    return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(wake_.fd(), &one, sizeof one);
}

} // namespace pickup::http

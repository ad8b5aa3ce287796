// How the fibers of one thread take turns and wait: for one another, for other threads and for
// their sockets. Boost.Fiber calls it when no fiber can run; see its "Customization" chapter.
// Belongs to the thread that installed it, but for notify(), which any thread may call.
#pragma once

#include "http/unique_socket.hpp"

#include <boost/fiber/algo/algorithm.hpp>
#include <boost/fiber/condition_variable.hpp>
#include <boost/fiber/mutex.hpp>
#include <boost/fiber/scheduler.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>

namespace pickup::http {

using steady_time = std::chrono::steady_clock::time_point;

/// What a fiber knows of its socket, and how it waits for more. Used by one fiber only, on the
/// thread it began on, but for idle_since() and end_idleness(), which any thread may call.
/// Refers to a descriptor that stays open for longer.
class socket_watch {
public:
  explicit socket_watch(int fd) : fd_(fd) {}
  socket_watch(const socket_watch&) = delete;
  socket_watch& operator=(const socket_watch&) = delete;

  enum class side { reading, writing };

  /// The last attempt on this side took all there was.
  void exhausted(side which) { ready(which) = which == side::reading && ended_; }
  /// The peer sends no more, as far as was heard while waiting.
  bool has_ended() const { return ended_; }
  /// Lets other fibers run until this side may be tried again; false when `deadline` came
  /// first.
  bool await(side which, steady_time deadline);

  /// Between these two the fiber awaits something that need not come: others may end that.
  void begin_idle();
  void end_idle();
  /// Since when it is idle, in steady_clock's ticks; 0 while it is not.
  steady_time::rep idle_since() const { return idle_since_; }
  /// Ends the await of an idle fiber as if its time were over; false when it is not idle. What
  /// has arrived by then is still found.
  bool end_idleness();

private:
  friend class poller;

  bool& ready(side which) { return which == side::reading ? readable_ : writable_; }
  void happened(std::uint32_t events);

  const int fd_;
  bool watched_ = false;
  bool readable_ = true; ///< until an attempt has shown otherwise
  bool writable_ = true;
  bool ended_ = false;         ///< the peer sends no more: that can always be read
  boost::fibers::mutex mutex_; ///< of what follows
  std::atomic<steady_time::rep> idle_since_{0};
  bool interrupted_ = false;
  boost::fibers::condition_variable changed_;
};

class poller final : public boost::fibers::algo::algorithm {
public:
  /// Errors: std::system_error when the kernel has no descriptor left.
  poller();

  /// The one the calling thread has installed; null without.
  static poller* of_this_thread();

  /// Lets the other fibers of its thread have their turn. For a fiber of that thread.
  void give_way();

  void awakened(boost::fibers::context* ready) noexcept override;
  boost::fibers::context* pick_next() noexcept override;
  bool has_ready_fibers() const noexcept override;
  void suspend_until(const steady_time& deadline) noexcept override;
  void notify() noexcept override;

private:
  friend class socket_watch;

  enum class state { awake, asleep, notified };

  /// Hears of the socket's events from now on, until it is closed. What is ready already is the
  /// first. Errors: std::system_error.
  void add(socket_watch& w) const;
  /// Hears of the sockets' events, at the latest after `limit` milliseconds (-1: none).
  void hear(int limit) noexcept;

  boost::fibers::scheduler::ready_queue_type ready_;
  unique_socket epoll_;
  unique_socket wake_; ///< an eventfd
  std::atomic<state> state_{state::awake};
  std::uint32_t turns_ = 0; ///< taken since the sockets were heard
};

} // namespace pickup::http

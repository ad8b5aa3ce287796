#include "app/pickupctl/interruption.hpp"

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

namespace pickup::ctl {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// Signals that follow one another so soon are one wish: timeout(1) sends each twice.
constexpr auto one_wish = 100ms;

sigset_t ending_signals() {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  return ending;
}

// As if nobody had waited for it, so that a shell sees what ended the process.
[[noreturn]] void end_process(int number) {
  ::signal(number, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(number);
  ::_exit(128 + number);
}

} // namespace

interruption::interruption() : descriptor_(::eventfd(0, EFD_CLOEXEC)) {
  if (descriptor_ < 0)
    throw std::system_error{errno, std::generic_category(), "wait for signals"};
  const auto ending = ending_signals();
  pthread_sigmask(SIG_BLOCK, &ending, &before_);
  listener_ = std::thread{[this] { listen(); }};
}

interruption::~interruption() {
  over_ = true;
  pthread_kill(listener_.native_handle(), SIGTERM);
  listener_.join();
  // What came twice must not end the process now.
  const timespec at_once{};
  const auto ending = ending_signals();
  while (came_ && ::sigtimedwait(&ending, nullptr, &at_once) > 0) {
  }
  ::close(descriptor_);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool interruption::within(std::chrono::milliseconds limit) const {
  std::unique_lock guard{mutex_};
  return coming_.wait_for(guard, limit, [this] { return came_; });
}

bool interruption::comes_before(const std::stop_token& over) const {
  std::unique_lock guard{mutex_};
  return coming_.wait(guard, over, [this] { return came_; });
}

void interruption::listen() {
  const auto ending = ending_signals();
  std::optional<clock::time_point> first;
  for (;;) {
    const auto number = ::sigwaitinfo(&ending, nullptr);
    if (over_)
      return;
    if (number < 0)
      continue;
    if (!first) {
      first = clock::now();
      tell();
    } else if (clock::now() - *first > one_wish) {
      end_process(number);
    }
  }
}

void interruption::tell() {
  {
    const std::lock_guard guard{mutex_};
    came_ = true;
  }
  coming_.notify_all();
  ::eventfd_write(descriptor_, 1);
}

} // namespace pickup::ctl

#include "app/pickupctl/interruption.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace pickup::ctl {

interruption::interruption() {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, &before_);
  descriptor_ = ::signalfd(-1, &ending, SFD_CLOEXEC);
  if (descriptor_ < 0)
    throw std::system_error{errno, std::generic_category(), "wait for signals"};
}

interruption::~interruption() {
  // What came twice must not end the process now.
  const timespec at_once{};
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  while (came_ && ::sigtimedwait(&ending, nullptr, &at_once) > 0) {
  }
  ::close(descriptor_);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool interruption::within(std::chrono::milliseconds limit) {
  pollfd signal{descriptor_, POLLIN, 0};
  const auto ms = static_cast<int>(std::max<std::int64_t>(limit.count(), 0));
  came_ = came_ || ::poll(&signal, 1, ms) > 0;
  return came_;
}

} // namespace pickup::ctl

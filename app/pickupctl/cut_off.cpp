#include "app/pickupctl/cut_off.hpp"

namespace pickup::ctl {

namespace {

using namespace std::chrono_literals;

constexpr auto interrupt_period = 10ms;

} // namespace

cut_off::cut_off(client& of)
    : thread_{[this, &of](const std::stop_token& over) { interrupt(of, over); }} {}

cut_off::cut_off(client& of, const interruption& end, std::chrono::milliseconds grace)
    : thread_{[this, &of, &end, grace](const std::stop_token& over) {
        if (!end.comes_before(over))
          return;
        rest(over, grace);
        interrupt(of, over);
      }} {}

void cut_off::interrupt(client& of, const std::stop_token& over) {
  // Once is not enough: a request that begins right after it would last for as long as it may.
  while (!over.stop_requested()) {
    of.interrupt();
    rest(over, interrupt_period);
  }
}

void cut_off::rest(const std::stop_token& over, std::chrono::milliseconds time) {
  std::unique_lock guard{mutex_};
  waiting_.wait_for(guard, over, time, [] { return false; });
}

} // namespace pickup::ctl

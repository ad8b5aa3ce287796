#include "http/connection_list.hpp"

#include <limits>

namespace pickup::http {

void connection_list::close_idle() {
  const std::lock_guard lock{mutex_};
  for (auto* c : open_)
    c->close_if_idle();
}

bool connection_list::close_longest_idle() {
  const std::lock_guard lock{mutex_};
  connection* longest = nullptr;
  auto since = std::numeric_limits<steady_time::rep>::max();
  for (auto* c : open_)
    if (const auto idle = c->idle_since(); idle != 0 && idle < since) {
      longest = c;
      since = idle;
    }
  return longest != nullptr && longest->close_if_idle();
}

void connection_list::abort_all() {
  const std::lock_guard lock{mutex_};
  for (auto* c : open_)
    c->abort();
}

} // namespace pickup::http

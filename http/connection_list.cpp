#include "http/connection_list.hpp"

namespace pickup::http {

void connection_list::close_idle(std::size_t most, std::chrono::milliseconds least) {
  const std::lock_guard lock{mutex_};
  for (auto* c : open_) {
    if (most == 0)
      return;
    if (c->close_if_idle(least) == connection::closing::closed)
      --most;
  }
}

void connection_list::abort_all() {
  const std::lock_guard lock{mutex_};
  for (auto* c : open_)
    c->abort();
}

} // namespace pickup::http

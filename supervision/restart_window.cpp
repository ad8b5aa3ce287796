#include "supervision/restart_window.hpp"

#include <algorithm>

namespace pickup::supervision {

bool restart_window::admit(clock::time_point now) {
  while (!restarts_.empty() && restarts_.front() + period_ <= now)
    restarts_.pop_front();
  if (restarts_.size() >= intensity_)
    return false;
  restarts_.push_back(now);
  return true;
}

std::size_t restart_window::recent(clock::time_point now) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(restarts_, [&](clock::time_point t) { return t + period_ > now; }));
}

} // namespace pickup::supervision

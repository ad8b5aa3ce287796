#include "supervision/backoff.hpp"

#include <algorithm>

namespace pickup::supervision {

backoff::clock::duration backoff::next(clock::time_point now, double chance) {
  // The wait itself is not quiet time of the child.
  const bool quiet = !ready_at_ || now >= *ready_at_ + options_.reset_after;
  wait_ = quiet ? clock::duration{options_.first}
                : std::min<clock::duration>(wait_ * 2, options_.most);
  const std::chrono::duration<double, clock::period> full{wait_};
  const auto wait =
      std::chrono::duration_cast<clock::duration>(full * (1 - options_.jitter * chance));
  ready_at_ = now + wait;
  return wait;
}

} // namespace pickup::supervision

// A token bucket: how many requests a second a provider is asked. A tenth of a second's may be
// saved up, so that no second has many more. Pure: time is an argument.
// Not thread-safe; owned by the notifier.
#pragma once

#include "domain/time.hpp"

#include <algorithm>
#include <cstdint>

namespace pickup::notify {

class rate_limit {
public:
  /// @param per_second at least 1
  explicit rate_limit(std::uint32_t per_second)
      : rate_(per_second), room_(std::max(1.0, rate_ / 10)), tokens_(room_) {}

  /// Whether a request may be made now; if so, it is counted.
  bool take(domain::timestamp now) {
    refill(now);
    if (now < paused_until_ || tokens_ < 1)
      return false;
    tokens_ -= 1;
    return true;
  }

  /// When the next request may be made.
  domain::timestamp next(domain::timestamp now) {
    refill(now);
    const auto missing = std::max(0.0, 1 - tokens_) / rate_;
    return std::max(
        paused_until_,
        now + std::chrono::ceil<domain::duration>(std::chrono::duration<double>{missing}));
  }

  /// The provider asked for a rest; what had been saved up is gone.
  void pause(domain::timestamp now, domain::duration rest) {
    tokens_ = 0;
    filled_at_ = now;
    paused_until_ = now + rest;
  }

private:
  void refill(domain::timestamp now) {
    const std::chrono::duration<double> passed = now - filled_at_;
    filled_at_ = now;
    if (passed.count() < 0) // the clock was set back
      paused_until_ = std::min(paused_until_, now);
    else
      tokens_ = std::min(room_, tokens_ + passed.count() * rate_);
  }

  const double rate_;
  const double room_;
  double tokens_;
  domain::timestamp filled_at_;
  domain::timestamp paused_until_;
};

} // namespace pickup::notify

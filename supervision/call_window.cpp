#include "supervision/call_window.hpp"

#include <algorithm>

namespace pickup::supervision {

call_counts& call_counts::operator+=(const call_counts& other) {
  calls += other.calls;
  failed += other.failed;
  slow += other.slow;
  return *this;
}

call_counts& call_counts::operator-=(const call_counts& other) {
  calls -= other.calls;
  failed -= other.failed;
  slow -= other.slow;
  return *this;
}

call_window::call_window(const sliding_window& size) {
  if (const auto* last = std::get_if<count_based>(&size)) {
    bucket_length_ = clock::duration::zero();
    ring_.resize(last->calls);
  } else {
    const auto& recent = std::get<time_based>(size);
    bucket_length_ = recent.period / recent.buckets;
    ring_.resize(recent.buckets);
  }
}

void call_window::record(bool failed, bool slow, clock::time_point now) {
  advance(bucket_length_ == clock::duration::zero() ? newest_ + 1 : bucket_at(now));
  const call_counts one{1, failed ? 1U : 0U, slow ? 1U : 0U};
  ring_[static_cast<std::size_t>(newest_) % ring_.size()] += one;
  total_ += one;
}

const call_counts& call_window::counts(clock::time_point now) {
  if (bucket_length_ != clock::duration::zero())
    advance(bucket_at(now));
  return total_;
}

void call_window::clear() {
  std::ranges::fill(ring_, call_counts{});
  total_ = {};
}

void call_window::advance(std::int64_t bucket) {
  if (bucket - newest_ >= static_cast<std::int64_t>(ring_.size())) {
    clear();
    newest_ = bucket;
  }
  while (newest_ < bucket) {
    auto& oldest = ring_[static_cast<std::size_t>(++newest_) % ring_.size()];
    total_ -= oldest;
    oldest = {};
  }
}

std::int64_t call_window::bucket_at(clock::time_point now) const {
  return now.time_since_epoch() / bucket_length_;
}

} // namespace pickup::supervision

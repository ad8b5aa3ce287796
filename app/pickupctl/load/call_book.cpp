#include "app/pickupctl/load/call_book.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace pickup::ctl {

double percentile(std::vector<double> values, double part) {
  if (values.empty())
    return 0;
  const auto rank = std::ceil(part * static_cast<double>(values.size()));
  const auto nth = values.begin() + std::max<std::ptrdiff_t>(std::lround(rank), 1) - 1;
  std::ranges::nth_element(values, nth);
  return *nth;
}

void call_book::made(const call_name& call, domain::position where, bool is_confirmed,
                     moment now) {
  const std::lock_guard guard{mutex_};
  ++counts_.made;
  counts_.confirmed += is_confirmed ? 1 : 0;
  open_.emplace(key_of(call), open_call{where, is_confirmed, now});
}

void call_book::canceled(const call_name& call) {
  const std::lock_guard guard{mutex_};
  counts_.canceled += open_.erase(key_of(call));
}

void call_book::completed(const call_name& call) {
  const std::lock_guard guard{mutex_};
  counts_.completed += open_.erase(key_of(call));
}

void call_book::ended_otherwise(const call_name& call) {
  const std::lock_guard guard{mutex_};
  counts_.ended_otherwise += open_.erase(key_of(call));
}

void call_book::declined() {
  const std::lock_guard guard{mutex_};
  ++counts_.declined;
}

void call_book::refused() {
  const std::lock_guard guard{mutex_};
  ++counts_.refused;
}

void call_book::unanswered() {
  const std::lock_guard guard{mutex_};
  ++counts_.unanswered;
}

std::optional<domain::position> call_book::assigned(const call_name& call, moment now) {
  const std::lock_guard guard{mutex_};
  const auto known = open_.find(key_of(call));
  if (known == open_.end())
    return std::nullopt;
  counts_.confirmed += known->second.is_confirmed ? 0 : 1;
  known->second.is_confirmed = true;
  known->second.heard_of = now;
  return known->second.where;
}

std::vector<call_name> call_book::unheard_of(moment since, moment now, std::size_t most) {
  const std::lock_guard guard{mutex_};
  std::vector<call_name> some;
  for (auto& [id, call] : open_) {
    if (some.size() == most)
      break;
    if (call.heard_of > since)
      continue;
    call.heard_of = now;
    some.push_back({id.first, id.second});
  }
  return some;
}

void call_book::answered_within(double ms) {
  const std::lock_guard guard{mutex_};
  times_.push_back(ms);
}

std::vector<double> call_book::take_times() {
  const std::lock_guard guard{mutex_};
  return std::exchange(times_, {});
}

call_counts call_book::counts() const {
  const std::lock_guard guard{mutex_};
  auto now = counts_;
  now.open = open_.size();
  return now;
}

std::vector<call_name> call_book::open() const {
  const std::lock_guard guard{mutex_};
  std::vector<call_name> all;
  for (const auto& [id, call] : open_)
    all.push_back({id.first, id.second});
  return all;
}

} // namespace pickup::ctl

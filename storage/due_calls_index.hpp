// Scheduled calls of one shard by the time they are due. Not thread-safe; owned by views, which
// locks.
#pragma once

#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pickup::storage {

/// Calls by their number in the shard. About 100 bytes for each; nothing runs until somebody
/// asks who is due.
class due_calls_index {
public:
  void put(std::uint64_t call, domain::timestamp due) {
    erase(call);
    by_call_.emplace(call, due);
    by_time_.emplace(due, call);
  }

  void erase(std::uint64_t call) {
    const auto known = by_call_.find(call);
    if (known == by_call_.end())
      return;
    by_time_.erase({known->second, call});
    by_call_.erase(known);
  }

  /// Those due at `now`, the earliest first, at most `most`.
  std::vector<std::uint64_t> due(domain::timestamp now, std::size_t most) const {
    std::vector<std::uint64_t> result;
    for (auto i = by_time_.begin();
         i != by_time_.end() && i->first <= now && result.size() < most; ++i)
      result.push_back(i->second);
    return result;
  }

  std::size_t size() const { return by_call_.size(); }

private:
  std::unordered_map<std::uint64_t, domain::timestamp> by_call_;
  std::set<std::pair<domain::timestamp, std::uint64_t>> by_time_;
};

} // namespace pickup::storage

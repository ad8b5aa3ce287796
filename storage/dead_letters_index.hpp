// Messages of one channel and shard that reached no customer: how many there are, and the last
// to end. Not thread-safe; owned by views, which locks.
#pragma once

#include "domain/time.hpp"
#include "storage/code_column.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pickup::storage {

/// By the position of the entry that owed them: for the count a byte for each of the 4,096
/// positions around one, and about 100 bytes for each of the last `most_listed`. When one of
/// these goes, no older one takes its place before the next start: what is forgotten is the
/// oldest, so that none of these is while there are others.
class dead_letters_index {
public:
  static constexpr std::size_t most_listed = 1000;

  using ended = std::pair<domain::timestamp, std::uint64_t>;

  void put(std::uint64_t n, domain::timestamp at) {
    erase(n);
    all_.set(n, there);
    if (last_.size() == most_listed) {
      const auto oldest = last_.begin();
      if (ended{at, n} < *oldest)
        return;
      ended_at_.erase(oldest->second);
      last_.erase(oldest);
    }
    last_.emplace(at, n);
    ended_at_.emplace(n, at);
  }

  void erase(std::uint64_t n) {
    all_.set(n, 0);
    const auto known = ended_at_.find(n);
    if (known == ended_at_.end())
      return;
    last_.erase({known->second, n});
    ended_at_.erase(known);
  }

  /// When and which, the last to end first, at most `most`.
  std::vector<ended> newest(std::size_t most) const {
    const auto many = static_cast<std::ptrdiff_t>(std::min(most, last_.size()));
    return {last_.rbegin(), std::next(last_.rbegin(), many)};
  }

  std::uint64_t size() const { return all_.count(code_column::bit(there)); }

private:
  static constexpr code_column::code there = 1;

  code_column all_;
  std::set<ended> last_;
  std::unordered_map<std::uint64_t, domain::timestamp> ended_at_; ///< of the last
};

} // namespace pickup::storage

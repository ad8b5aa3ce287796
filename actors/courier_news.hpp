// Which couriers a dispatcher should look at again, because the views know something new about
// where they are or whether they are lost. Thread-safe. There are never more than there are
// couriers, however often each is heard of. Part of the node: a dispatcher that dies takes
// nothing of it along.
#pragma once

#include "domain/ids.hpp"

#include <mutex>
#include <unordered_set>
#include <utility>
#include <vector>

namespace pickup::actors {

class courier_news {
public:
  /// Whether these are the first: then the dispatcher has yet to be told that there are any.
  bool add(const std::vector<domain::courier_id>& ids) {
    const std::lock_guard guard{mutex_};
    const auto first = waiting_.empty();
    waiting_.insert(ids.begin(), ids.end());
    return first && !waiting_.empty();
  }

  std::vector<domain::courier_id> take() {
    const std::lock_guard guard{mutex_};
    const auto taken = std::exchange(waiting_, {});
    return {taken.begin(), taken.end()};
  }

private:
  std::mutex mutex_;
  std::unordered_set<domain::courier_id> waiting_;
};

} // namespace pickup::actors

// Finds an actor by what it stands for. Thread-safe: sharded, each shard under its own lock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace pickup::actors {

/// Handles by key. An absent key reads as an empty handle. A handle keeps its actor's memory,
/// so whoever ends for good takes itself out.
template <class Key, class Handle>
class directory {
public:
  /// Enters an incarnation. One of an earlier generation never replaces one of a later, however
  /// late it comes.
  void put(Key key, Handle handle, std::uint64_t generation = 0) {
    auto& s = shard_of(key);
    const std::lock_guard guard{s.mutex};
    auto& e = s.entries[key];
    if (generation >= e.generation)
      e = {std::move(handle), generation};
  }

  Handle find(Key key) const {
    const auto& s = shard_of(key);
    const std::lock_guard guard{s.mutex};
    const auto known = s.entries.find(key);
    return known == s.entries.end() ? Handle{} : known->second.handle;
  }

  /// Takes `key` out, unless it names another incarnation by now.
  template <class Address>
  void erase(Key key, const Address& incarnation) {
    auto& s = shard_of(key);
    const std::lock_guard guard{s.mutex};
    const auto known = s.entries.find(key);
    if (known != s.entries.end() && known->second.handle.address() == incarnation)
      s.entries.erase(known);
  }

  /// Lets go of all handles, e.g. before the actor system goes.
  void clear() {
    for (auto& s : shards_) {
      const std::lock_guard guard{s.mutex};
      s.entries.clear();
    }
  }

  /// Visits all, in no order, until `visit` answers false; whether it never did. A part of them
  /// is locked meanwhile, so a visit is short and asks nothing of the directory; `pause` is
  /// called in between, without a lock.
  template <class F, class P>
  bool visit(F visit, P pause) const {
    for (const auto& s : shards_) {
      {
        const std::lock_guard guard{s.mutex};
        for (const auto& [key, e] : s.entries)
          if (!visit(key, e.handle))
            return false;
      }
      pause();
    }
    return true;
  }

  std::size_t size() const {
    std::size_t n = 0;
    for (const auto& s : shards_) {
      const std::lock_guard guard{s.mutex};
      n += s.entries.size();
    }
    return n;
  }

private:
  struct entry {
    Handle handle;
    std::uint64_t generation = 0;
  };

  struct shard {
    mutable std::mutex mutex;
    std::unordered_map<Key, entry> entries;
  };

  shard& shard_of(Key key) { return shards_[std::hash<Key>{}(key) % shards_.size()]; }
  const shard& shard_of(Key key) const {
    return shards_[std::hash<Key>{}(key) % shards_.size()];
  }

  /// So many that a look at all of a million keeps none locked for more than milliseconds.
  std::array<shard, 256> shards_;
};

} // namespace pickup::actors

// A value for each of many numbered things. Not thread-safe; owned by views, which locks.
#pragma once

#include "storage/blocks.hpp"

#include <array>
#include <cstdint>

namespace pickup::storage {

/// T{} means "no such thing", and takes no memory where whole blocks of it are.
template <class T>
class column {
public:
  T get(std::uint64_t i) const {
    const auto* b = blocks_.find(i);
    return b == nullptr ? T{} : b->values[i % block_size];
  }

  void set(std::uint64_t i, T x) {
    if (x == T{} && blocks_.find(i) == nullptr)
      return;
    auto& b = blocks_.make(i);
    auto& slot = b.values[i % block_size];
    b.used += (x != T{} ? 1 : 0) - (slot != T{} ? 1 : 0);
    slot = x;
    if (b.used == 0)
      blocks_.release(i);
  }

private:
  struct block {
    std::array<T, block_size> values{};
    std::int64_t used = 0; ///< values that are not T{}
  };

  blocks<block> blocks_;
};

} // namespace pickup::storage

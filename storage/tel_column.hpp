// The phone number of each of many calls, and the way back from a number to its calls. Not
// thread-safe; owned by views, which locks.
#pragma once

#include "storage/blocks.hpp"

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>

namespace pickup::storage {

/// A number is looked for block by block, newest first; each block has a Bloom filter that says
/// of nearly every block (99.7 %) that the number is not in it, so a look-up costs four bits a
/// block, not 4,096 numbers. The filter takes two bytes a call, and goes with its block.
class tel_column {
public:
  /// 0 means "no such call".
  using tel = std::uint64_t;

  tel get(std::uint64_t i) const {
    const auto* b = blocks_.find(i);
    return b == nullptr ? 0 : b->tels[i % block_size];
  }

  void set(std::uint64_t i, tel t) {
    if (t == 0 && blocks_.find(i) == nullptr)
      return;
    auto& b = blocks_.make(i);
    auto& slot = b.tels[i % block_size];
    b.used += (t != 0 ? 1 : 0) - (slot != 0 ? 1 : 0);
    slot = t;
    if (t != 0)
      b.add(t);
    if (b.used == 0)
      blocks_.release(i);
  }

  /// Visits the calls of `t`, newest first. `t` is not 0.
  template <class Visit>
  void each_newest(tel t, Visit visit) const {
    for (auto b = blocks_.end(); b-- > blocks_.begin();) {
      const auto* here = blocks_.block(b);
      if (here == nullptr || !here->may_have(t))
        continue;
      for (auto i = block_size; i-- > 0;)
        if (here->tels[i] == t)
          visit(b * block_size + i);
    }
  }

private:
  static constexpr std::size_t filter_bits = 65'536;

  // The finalizer of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
  // generators", 2014): its four 16-bit parts are the filter's four bits.
  static constexpr std::uint64_t mixed(tel t) {
    t = (t ^ (t >> 30)) * 0xbf58476d1ce4e5b9;
    t = (t ^ (t >> 27)) * 0x94d049bb133111eb;
    return t ^ (t >> 31);
  }

  struct block {
    void add(tel t) {
      for (auto bits = mixed(t), n = std::uint64_t{4}; n > 0; --n, bits >>= 16)
        filter.set(bits % filter_bits);
    }

    bool may_have(tel t) const {
      for (auto bits = mixed(t), n = std::uint64_t{4}; n > 0; --n, bits >>= 16)
        if (!filter.test(bits % filter_bits))
          return false;
      return true;
    }

    std::array<tel, block_size> tels{};
    std::bitset<filter_bits> filter;
    std::int64_t used = 0; ///< tels that are not 0
  };

  blocks<block> blocks_;
};

} // namespace pickup::storage

// One small code for each of many numbered things, with counts: the index behind paged lists.
// Not thread-safe; owned by views, which locks.
#pragma once

#include "storage/blocks.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pickup::storage {

/// Codes are below 16; 0 means "no such thing". One byte a thing and a few counters for every
/// 4,096, so a page deep inside a list of millions is found by skipping whole blocks.
class code_column {
public:
  using code = std::uint8_t;
  /// Bit c set: code c is wanted.
  using mask = std::uint16_t;

  static constexpr mask bit(code c) { return static_cast<mask>(1U << c); }

  code get(std::uint64_t i) const {
    const auto* b = blocks_.find(i);
    return b == nullptr ? code{0} : b->codes[i % block_size];
  }

  void set(std::uint64_t i, code c) {
    if (c == 0 && blocks_.find(i) == nullptr)
      return;
    auto& b = blocks_.make(i);
    auto& slot = b.codes[i % block_size];
    --b.counts[slot];
    --totals_[slot];
    slot = c;
    ++b.counts[slot];
    ++totals_[slot];
    if (b.counts[0] == block_size)
      blocks_.release(i);
  }

  /// How many things have a wanted code.
  std::uint64_t count(mask wanted) const { return sum(totals_, wanted); }

  /// The indices of wanted things, highest first, without the first `skip`, at most `take`.
  std::vector<std::uint64_t> newest(mask wanted, std::uint64_t skip, std::uint64_t take) const {
    std::vector<std::uint64_t> result;
    for (auto b = blocks_.end(); b-- > blocks_.begin() && result.size() < take;) {
      const auto* here = blocks_.block(b);
      if (here == nullptr)
        continue;
      if (const auto matches = sum(here->counts, wanted); matches <= skip) {
        skip -= matches;
        continue;
      }
      for (auto i = block_size; i-- > 0 && result.size() < take;)
        if ((wanted & bit(here->codes[i])) != 0) {
          if (skip > 0)
            --skip;
          else
            result.push_back(b * block_size + i);
        }
    }
    return result;
  }

  /// The same of those with an index below `below`.
  std::vector<std::uint64_t> newest_below(mask wanted, std::uint64_t below,
                                          std::uint64_t take) const {
    std::vector<std::uint64_t> result;
    for (auto b = std::min(blocks_.end(), below / block_size + 1);
         b-- > blocks_.begin() && result.size() < take;) {
      const auto* here = blocks_.block(b);
      if (here == nullptr || sum(here->counts, wanted) == 0)
        continue;
      for (auto i = std::min(block_size, below - b * block_size);
           i-- > 0 && result.size() < take;)
        if ((wanted & bit(here->codes[i])) != 0)
          result.push_back(b * block_size + i);
    }
    return result;
  }

  /// The indices of wanted things, lowest first.
  std::vector<std::uint64_t> all(mask wanted) const {
    auto result = newest(wanted, 0, count(wanted));
    std::reverse(result.begin(), result.end());
    return result;
  }

private:
  static constexpr std::size_t codes = 16;

  struct block {
    block() { counts[0] = block_size; }
    std::array<code, block_size> codes{};
    std::array<std::int64_t, code_column::codes> counts{};
  };

  static std::uint64_t sum(const std::array<std::int64_t, codes>& counts, mask wanted) {
    std::int64_t n = 0;
    for (std::size_t c = 1; c < codes; ++c)
      if ((wanted & bit(static_cast<code>(c))) != 0)
        n += counts[c];
    return static_cast<std::uint64_t>(n);
  }

  blocks<block> blocks_;
  std::array<std::int64_t, codes> totals_{};
};

} // namespace pickup::storage

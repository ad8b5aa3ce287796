// Numbered things in blocks of 4,096: a block is made when the first of them comes and goes
// with the last, so memory follows the things there are, not the numbers given out. Not
// thread-safe; owned by a column.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>

namespace pickup::storage {

/// Things in a block.
inline constexpr std::uint64_t block_size = 4096;

/// A deque of blocks by number, where those that hold nothing may be absent: eight bytes each
/// between the first and the last that are there.
template <class Block>
class blocks {
public:
  /// The block of thing `i`; null when nothing is in it.
  Block* find(std::uint64_t i) const { return block(i / block_size); }

  /// The block of thing `i`, made when it is not there.
  Block& make(std::uint64_t i) {
    const auto b = i / block_size;
    if (all_.empty())
      first_ = b;
    for (; b < first_; --first_)
      all_.emplace_front();
    while (b >= end())
      all_.emplace_back();
    auto& here = all_[b - first_];
    if (!here)
      here = std::make_unique<Block>();
    return *here;
  }

  /// Lets go of the block of thing `i`.
  void release(std::uint64_t i) {
    all_[i / block_size - first_].reset();
    while (!all_.empty() && !all_.front()) {
      all_.pop_front();
      ++first_;
    }
  }

  /// The numbers of the first block and of the one after the last.
  std::uint64_t begin() const { return first_; }
  std::uint64_t end() const { return first_ + all_.size(); }

  /// A block by its own number; null when it is not there.
  Block* block(std::uint64_t b) const {
    return b < first_ || b >= end() ? nullptr : all_[b - first_].get();
  }

private:
  std::uint64_t first_ = 0;
  std::deque<std::unique_ptr<Block>> all_;
};

} // namespace pickup::storage

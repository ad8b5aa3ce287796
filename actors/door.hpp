// Counts who is inside, and lets in no more than there is room for. Thread-safe. Outlives every
// pass.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

namespace pickup::actors {

class door {
public:
  /// Whoever holds a copy is inside; the room is free again when the last copy is gone.
  using pass = std::shared_ptr<const door>;

  explicit door(std::uint32_t room) : room_(room) {}
  door(const door&) = delete;
  door& operator=(const door&) = delete;

  /// Empty when there is no room.
  pass enter() {
    if (++inside_ <= room_)
      return {this, [](door* d) { --d->inside_; }};
    --inside_;
    return {};
  }

  std::uint64_t inside() const { return inside_; }

private:
  const std::uint64_t room_;
  std::atomic<std::uint64_t> inside_ = 0;
};

} // namespace pickup::actors

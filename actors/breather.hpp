// Lets the others of its thread run between the reads of a fiber that has many to make. Not
// thread-safe; a value of the fiber.
#pragma once

#include <boost/fiber/operations.hpp>

#include <cstddef>

namespace pickup::actors {

class breather {
public:
  /// Some reads in a row take well below a millisecond.
  static constexpr std::size_t in_a_row = 100;

  /// Before each read; now and then others run first.
  void before_read() {
    if (++reads_ % in_a_row == 0)
      boost::this_fiber::yield();
  }

private:
  std::size_t reads_ = 0;
};

} // namespace pickup::actors

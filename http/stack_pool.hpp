// The stacks of fibers, kept for the next ones.
#pragma once

#include <boost/fiber/protected_fixedsize_stack.hpp>

#include <cstddef>
#include <vector>

namespace pickup::http {

/// Stacks of the fibers of one thread, used again; each ends in a page that must not be
/// touched. Copies share the stacks of the store, which outlives them. For that thread only.
class stack_pool {
public:
  /// Enough for the library's deepest recursion (see max_range_line), twice over; only what is
  /// touched takes memory.
  static constexpr std::size_t stack_bytes = 256 * 1024;
  /// Stacks kept for the next connections of a thread.
  static constexpr std::size_t spare_stacks = 256;

  class store {
  public:
    store() = default;
    store(const store&) = delete;
    store& operator=(const store&) = delete;
    ~store() {
      for (auto& s : spare)
        make.deallocate(s);
    }

    boost::fibers::protected_fixedsize_stack make{stack_bytes};
    std::vector<boost::context::stack_context> spare;
  };

  explicit stack_pool(store& from) : store_(&from) {}

  boost::context::stack_context allocate() {
    if (store_->spare.empty())
      return store_->make.allocate();
    auto s = store_->spare.back();
    store_->spare.pop_back();
    return s;
  }

  void deallocate(boost::context::stack_context& s) {
    if (store_->spare.size() < spare_stacks)
      store_->spare.push_back(s);
    else
      store_->make.deallocate(s);
  }

private:
  store* store_;
};

} // namespace pickup::http

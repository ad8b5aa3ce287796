#include "actors/courier_list.hpp"

#include <boost/fiber/operations.hpp>

#include <optional>

namespace pickup::actors {

namespace {

/// So many are looked at before others have their turn: tens of microseconds.
constexpr std::size_t in_a_row = 500;

} // namespace

domain::page<domain::courier_view> list_couriers(const storage::views& of,
                                                 const domain::courier_filter& wanted,
                                                 domain::page_request part) {
  domain::page<domain::courier_view> page;
  const auto add = [&](const domain::courier_view& c) {
    if (matches(wanted, c) && page.total++ >= part.index * part.size
        && page.items.size() < part.size)
      page.items.push_back(c);
  };
  auto last = of.visit_couriers({}, in_a_row, add);
  while (last) {
    boost::this_fiber::yield();
    last = of.visit_couriers(*last, in_a_row, add);
  }
  return page;
}

} // namespace pickup::actors

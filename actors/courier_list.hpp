// Lists of couriers, made of the views a part at a time: neither those who move are held up
// for long, nor the other fibers of the thread. Thread-safe; from a fiber.
#pragma once

#include "domain/views.hpp"
#include "storage/views.hpp"

namespace pickup::actors {

/// One page of those who match. Who comes, goes or changes meanwhile may be in it or not.
domain::page<domain::courier_view> list_couriers(const storage::views& of,
                                                 const domain::courier_filter& wanted,
                                                 domain::page_request part);

} // namespace pickup::actors

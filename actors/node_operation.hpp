// What operation.hpp promises, done to a node. Thread-safe.
#pragma once

#include "actors/node.hpp"
#include "actors/operation.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pickup::actors {

domain::status_result disturb(node_context& node, const actor_view& who, fault what,
                              domain::duration time, const orderer& by);
std::vector<breaker_view> list_breakers(node_context& node);
domain::status_result command(node_context& node, const std::string& breaker,
                              breaker_command what, const orderer& by);
void pause(node_context& node, stage which, bool paused, const orderer& by);
standing_orders orders_of(node_context& node);
/// For a node whose actors have not started.
void obey(node_context& node, const standing_orders& orders);
/// From a fiber; others of its thread run in between.
domain::result<std::vector<audit_view>> list_audit(const node_context& node, std::size_t most,
                                                   const std::optional<std::string>& before);
domain::result<std::vector<audit_view>> audited_after(const node_context& node,
                                                      audit_cursor& last);

} // namespace pickup::actors

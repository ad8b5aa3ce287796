#include "supervision/rules.hpp"

#include <algorithm>
#include <ranges>

namespace pickup::supervision {

using std::chrono::milliseconds;

shutdown end_of(const child_rules& c) {
  if (c.end)
    return *c.end;
  return c.kind == child_kind::worker ? shutdown{}
                                      : shutdown{shutdown::manner::infinity, milliseconds{0}};
}

std::optional<refusal> check(const child_rules& c, auto_shutdown parent) {
  const auto& b = c.backoff;
  const auto end = end_of(c);
  // What is always restarted never lets its supervisor end.
  if (c.significant && c.how == restart::permanent)
    return refusal{"significant", "must be false for a permanent child"};
  if (c.significant && parent == auto_shutdown::never)
    return refusal{"significant", "must be false as the supervisor's auto_shutdown is never"};
  if (end.how == shutdown::manner::within && end.limit < milliseconds{0})
    return refusal{"shutdown",
                   "must not be negative, got " + std::to_string(end.limit.count()) + " ms"};
  if (b.first < milliseconds{0})
    return refusal{"backoff.first",
                   "must not be negative, got " + std::to_string(b.first.count()) + " ms"};
  if (b.most < b.first)
    return refusal{"backoff.most", "must be at least backoff.first ("
                                       + std::to_string(b.first.count()) + " ms), got "
                                       + std::to_string(b.most.count()) + " ms"};
  if (!(b.jitter >= 0 && b.jitter <= 1))
    return refusal{"backoff.jitter", "must be from 0 to 1, got " + std::to_string(b.jitter)};
  if (b.reset_after < milliseconds{0})
    return refusal{"backoff.reset_after", "must not be negative, got "
                                              + std::to_string(b.reset_after.count()) + " ms"};
  return std::nullopt;
}

bool wants_restart(restart how, bool well) {
  return how == restart::permanent || (how == restart::transient && !well);
}

bool ends_supervisor(auto_shutdown when, bool significant, bool others_left) {
  return significant
         && (when == auto_shutdown::any_significant
             || (when == auto_shutdown::all_significant && !others_left));
}

restart_plan plan_restart(strategy s, const std::vector<member>& children, child_key failed) {
  restart_plan plan;
  bool reached = s == strategy::one_for_all;
  for (const auto& c : children) {
    reached = reached || c.key == failed;
    if (c.key != failed && (s == strategy::one_for_one || !reached))
      continue;
    if (c.key != failed)
      plan.stop.push_back(c.key);
    if (c.how == restart::temporary)
      plan.forget.push_back(c.key);
    else
      plan.start.push_back(c.key);
  }
  std::ranges::reverse(plan.stop);
  return plan;
}

} // namespace pickup::supervision

#include "actors/node_operation.hpp"

#include "actors/actor_names.hpp"
#include "actors/behaving.hpp"
#include "actors/supervisor_query.hpp"
#include "supervision/bounded.hpp"

#include <boost/fiber/operations.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace pickup::actors {

namespace {

constexpr std::string_view told_to_restart = "told to restart";
/// Longer than an actor hangs in a drill: what is killed later, somebody else has killed.
constexpr domain::duration kill_limit = std::chrono::minutes{2};

// Who is asked for anew leaves quarantine.
domain::status_result start_from_quarantine(const node_context& node, const actor_view& who) {
  const auto kept = upkeep_of(node, who);
  if (!kept && kept.error().code == domain::errc::timeout)
    return kept.error();
  if (!kept || !kept->child || kept->child->state != supervision::child_state::quarantined)
    return no_actor("disturb", who);
  caf::anon_send(
      find_supervisor(node, kept->supervisor.name),
      supervision::start_child{std::get<supervision::child_key>(kept->child->id), {}});
  return domain::done{};
}

} // namespace

domain::status_result disturb(node_context& node, const actor_view& who, fault what,
                              domain::duration time, const orderer& by) {
  spdlog::warn("actor.disturbed kind={} id={} fault={} operator={:?} correlation_id={:?}",
               who.kind, who.id, name(what), by.name, by.correlation_id);
  const auto actor = find_actor(node, who);
  if (!actor)
    return what == fault::restart ? start_from_quarantine(node, who) : no_actor("disturb", who);
  switch (what) {
  case fault::kill:
    node.restarts.expect(who, "killed", by.name, node.now() + kill_limit);
    caf::anon_send<caf::message_priority::high>(
        actor, caf::exit_msg{actor.address(), caf::exit_reason::kill});
    break;
  case fault::crash:
    node.restarts.expect(who, std::string{told_to_crash}, by.name);
    supervision::arm(actor, {crash});
    break;
  case fault::hang: supervision::arm(actor, {hang(time)}); break;
  case fault::restart:
    node.restarts.expect(who, std::string{told_to_restart}, by.name);
    // Behind what waits, and no good end, after which some are not started again.
    caf::anon_send(
        actor, caf::exit_msg{actor.address(), caf::make_error(caf::sec::runtime_error,
                                                              std::string{told_to_restart})});
    break;
  }
  return domain::done{};
}

namespace {

void for_each_breaker(node_context& node, auto visit) {
  for (auto& [shard, breaker] : node.admission)
    visit("admission:" + std::string{domain::name(shard.service)}, breaker);
  for (auto& [channel, breaker] : node.channels)
    visit("channel:" + channel, breaker);
}

} // namespace

std::vector<breaker_view> list_breakers(node_context& node) {
  std::vector<breaker_view> all;
  for_each_breaker(node, [&](const std::string& name, supervision::shared_breaker& breaker) {
    const auto s = breaker.snapshot();
    std::optional<domain::duration> retry_after;
    if (s.state == supervision::breaker_state::open
        || s.state == supervision::breaker_state::half_open)
      retry_after = std::chrono::ceil<domain::duration>(s.retry_after);
    all.push_back({name, std::string{supervision::name(s.state)}, s.counts.calls,
                   s.counts.failed, s.counts.slow, s.rejected, retry_after});
  });
  return all;
}

namespace {

void apply(supervision::shared_breaker& to, breaker_command what) {
  switch (what) {
  case breaker_command::trip: to.force_open(); break;
  case breaker_command::reset: to.reset(); break;
  case breaker_command::disable: to.disable(); break;
  }
}

} // namespace

domain::status_result command(node_context& node, const std::string& breaker,
                              breaker_command what, const orderer& by) {
  bool found = false;
  for_each_breaker(node, [&](const std::string& name, supervision::shared_breaker& known) {
    if (name != breaker)
      return;
    found = true;
    spdlog::warn("breaker.commanded breaker={:?} command={} operator={:?} correlation_id={:?}",
                 name, actors::name(what), by.name, by.correlation_id);
    apply(known, what);
  });
  if (!found)
    return domain::error{
        domain::errc::not_found, "command breaker " + breaker + ": there is none", {}};
  return domain::done{};
}

void pause(node_context& node, stage which, bool paused, const orderer& by) {
  (which == stage::manage ? node.manage_paused : node.assign_paused) = paused;
  spdlog::warn("stage.{} stage={} operator={:?} correlation_id={:?}",
               paused ? "paused" : "resumed", name(which), by.name, by.correlation_id);
}

standing_orders orders_of(node_context& node) {
  using supervision::breaker_state;
  standing_orders all{node.manage_paused, node.assign_paused, {}};
  for_each_breaker(node, [&](const std::string& name, supervision::shared_breaker& breaker) {
    const auto state = breaker.snapshot().state;
    if (state == breaker_state::forced_open)
      all.breakers[name] = breaker_command::trip;
    else if (state == breaker_state::disabled)
      all.breakers[name] = breaker_command::disable;
  });
  return all;
}

void obey(node_context& node, const standing_orders& orders) {
  node.manage_paused = orders.manage_paused;
  node.assign_paused = orders.assign_paused;
  for_each_breaker(node, [&](const std::string& name, supervision::shared_breaker& breaker) {
    if (const auto known = orders.breakers.find(name); known != orders.breakers.end())
      apply(breaker, known->second);
  });
}

namespace {

std::string id_of(domain::shard_id shard, domain::seq_no n) {
  return label(shard) + ":" + std::to_string(n.value());
}

// The place that an action's id names; nothing when it is no id.
std::optional<storage::audit_place> place_of(const node_context& node, const std::string& id) {
  // Without a colon it is no id, whatever the digits are.
  const auto digits = std::string_view{id}.substr(id.find(':') + 1);
  std::uint64_t n = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), n);
  for (const auto shard : node.shards)
    if (n > 0 && id == id_of(shard, domain::seq_no{n}))
      return storage::audit_place{shard, domain::seq_no{n}};
  return std::nullopt;
}

std::vector<audit_view> as_views(std::vector<storage::entry> entries) {
  std::vector<audit_view> all;
  for (auto& e : entries) {
    auto& what = std::get<storage::audit_entry>(e.what);
    all.push_back({id_of(e.shard, e.n), e.at, std::move(what.operator_name),
                   std::move(what.action), std::move(what.object), std::move(what.detail),
                   std::move(e.correlation_id)});
  }
  return all;
}

} // namespace

domain::result<std::vector<audit_view>> list_audit(const node_context& node, std::size_t most,
                                                   const std::optional<std::string>& before) {
  std::optional<storage::audit_place> place;
  if (before) {
    place = place_of(node, *before);
    if (!place)
      return domain::error{domain::errc::invalid_argument,
                           "list audit: before " + *before + ": is no action's id",
                           {}};
  }
  auto entries =
      node.journal.view().list_audit(most, place, [] { boost::this_fiber::yield(); });
  if (!entries)
    return entries.error();
  return as_views(std::move(*entries));
}

domain::result<std::vector<audit_view>> audited_after(const node_context& node,
                                                      audit_cursor& last) {
  const auto& view = node.journal.view();
  auto reached = last; // stays where it was when a shard cannot be read: nothing is left out
  std::vector<audit_view> all;
  for (const auto shard : node.shards) {
    const auto [place, begins] = reached.try_emplace(shard, view.last_audited(shard));
    if (begins)
      continue;
    auto entries = view.audited_after(shard, place->second);
    if (!entries)
      return entries.error();
    if (!entries->empty())
      place->second = entries->back().n;
    std::ranges::move(as_views(std::move(*entries)), std::back_inserter(all));
  }
  last = std::move(reached);
  return all;
}

} // namespace pickup::actors

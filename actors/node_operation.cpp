#include "actors/node_operation.hpp"

#include "actors/actor_names.hpp"
#include "actors/behaving.hpp"
#include "supervision/bounded.hpp"

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>
#include <spdlog/spdlog.h>

#include <chrono>

namespace pickup::actors {

domain::status_result disturb(node_context& node, const actor_view& who, fault what,
                              domain::duration time, const std::string& by) {
  const auto actor = find_actor(node, who);
  if (!actor)
    return domain::error{domain::errc::not_found,
                         "disturb " + who.kind + ' ' + who.id + ": no such actor is alive",
                         {}};
  spdlog::warn("actor.disturbed kind={} id={} fault={} operator={:?}", who.kind, who.id,
               static_cast<int>(what), by);
  node.restarts.expect(who, by);
  switch (what) {
  case fault::kill:
    caf::anon_send<caf::message_priority::high>(
        actor, caf::exit_msg{actor.address(), caf::exit_reason::kill});
    break;
  case fault::crash: supervision::arm(actor, {crash}); break;
  case fault::hang: supervision::arm(actor, {hang(time)}); break;
  case fault::restart:
    // Behind what waits, and no good end, after which some are not started again.
    caf::anon_send(
        actor, caf::exit_msg{actor.address(), caf::make_error(caf::sec::runtime_error,
                                                              std::string{"told to restart"})});
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
    all.push_back({name, std::string{supervision::name(s.state)}, s.counts.calls,
                   s.counts.failed, s.counts.slow, s.rejected,
                   std::chrono::ceil<domain::duration>(s.retry_after)});
  });
  return all;
}

domain::status_result command(node_context& node, const std::string& breaker,
                              breaker_command what) {
  bool found = false;
  for_each_breaker(node, [&](const std::string& name, supervision::shared_breaker& known) {
    if (name != breaker)
      return;
    found = true;
    spdlog::warn("breaker.commanded breaker={:?} command={}", name, static_cast<int>(what));
    switch (what) {
    case breaker_command::trip: known.force_open(); break;
    case breaker_command::reset: known.reset(); break;
    case breaker_command::disable: known.disable(); break;
    }
  });
  if (!found)
    return domain::error{
        domain::errc::not_found, "command breaker " + breaker + ": there is none", {}};
  return domain::done{};
}

void pause(node_context& node, stage which, bool paused) {
  (which == stage::manage ? node.manage_paused : node.assign_paused) = paused;
  spdlog::warn("stage.{} stage={}", paused ? "paused" : "resumed",
               which == stage::manage ? "manage" : "assign");
}

domain::result<std::vector<audit_view>> list_audit(const node_context& node, std::size_t most) {
  auto entries = node.journal.view().list_audit(most);
  if (!entries)
    return entries.error();
  std::vector<audit_view> all;
  for (auto& e : *entries) {
    auto& what = std::get<storage::audit_entry>(e.what);
    all.push_back({label(e.shard) + ":" + std::to_string(e.n.value()), e.at,
                   std::move(what.operator_name), std::move(what.action),
                   std::move(what.object), std::move(what.detail),
                   std::move(e.correlation_id)});
  }
  return all;
}

} // namespace pickup::actors

#include "actors/node_operation.hpp"

#include "actors/behaving.hpp"
#include "supervision/bounded.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

namespace pickup::actors {

namespace {

std::string id_of(domain::call_id id) {
  return std::string{domain::name(id.service())} + ':' + std::to_string(id.number());
}

constexpr std::string_view the_ledger = "node";

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t n = 0;
  const auto* last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, n);
  return failure == std::errc{} && end == last ? std::optional{n} : std::nullopt;
}

// "pickup:17"
std::optional<domain::call_id> call_of(std::string_view id) {
  const auto colon = std::min(id.find(':'), id.size());
  const auto service = domain::parse_service(id.substr(0, colon));
  const auto n = number(id.substr(std::min(colon + 1, id.size())));
  return service && n ? domain::call_id::of_number(*service, *n) : std::nullopt;
}

} // namespace

std::vector<actor_view> list_actors(const node_context& node, std::string_view kind,
                                    std::size_t most) {
  std::vector<actor_view> all;
  const auto add = [&](const char* of, const auto& directory, auto id) {
    if (!kind.empty() && kind != of)
      return;
    for (const auto& key : directory.keys(most - std::min(most, all.size())))
      all.push_back({of, id(key)});
  };
  add("dispatcher", node.dispatchers,
      [](domain::shard_id s) { return std::string{domain::name(s.service)}; });
  add("ledger", node.ledgers, [](const auto&) { return std::string{the_ledger}; });
  add("notifier", node.notifiers,
      [](std::string_view channel) { return std::string{channel}; });
  add("courier", node.couriers,
      [](domain::courier_id id) { return std::to_string(id.value()); });
  add("call", node.calls, id_of);
  return all;
}

domain::status_result disturb(node_context& node, const actor_view& who, fault what,
                              domain::duration time) {
  const auto carry_out = [&](const auto& target) -> domain::status_result {
    if (!target)
      return domain::error{domain::errc::not_found,
                           "disturb " + who.kind + ' ' + who.id + ": no such actor is alive",
                           {}};
    spdlog::warn("actor.disturbed kind={} id={} fault={}", who.kind, who.id,
                 static_cast<int>(what));
    const auto actor = caf::actor_cast<caf::actor>(target);
    switch (what) {
    case fault::kill:
      caf::anon_send<caf::message_priority::high>(
          actor, caf::exit_msg{actor.address(), caf::exit_reason::kill});
      break;
    case fault::crash: supervision::arm(actor, {crash}); break;
    case fault::hang: supervision::arm(actor, {hang(time)}); break;
    }
    return domain::done{};
  };
  if (who.kind == "call")
    if (const auto id = call_of(who.id))
      return carry_out(node.calls.find(*id));
  if (who.kind == "courier")
    if (const auto n = number(who.id))
      return carry_out(node.couriers.find(domain::courier_id{*n}));
  if (who.kind == "dispatcher")
    if (const auto service = domain::parse_service(who.id))
      return carry_out(node.dispatchers.find(node.shard_of(*service)));
  if (who.kind == "ledger" && who.id == the_ledger)
    return carry_out(node.ledgers.find("ledger"));
  if (who.kind == "notifier")
    return carry_out(node.notifiers.find(who.id));
  return carry_out(caf::actor{});
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
    spdlog::warn("breaker.commanded breaker=\"{}\" command={}", name, static_cast<int>(what));
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

} // namespace pickup::actors

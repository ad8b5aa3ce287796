#include "actors/supervisor_query.hpp"

#include "actors/actor_names.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace pickup::actors {

namespace {

std::optional<supervision::child_key> key_of(const actor_view& who) {
  if (const auto call = call_of(who))
    return call->packed();
  if (const auto courier = courier_of(who))
    return courier->value();
  return std::nullopt;
}

} // namespace

caf::actor find_supervisor(const node_context& node, const std::string& name) {
  if (name == "root")
    return node.roots.find("root");
  for (const auto shard : node.shards) {
    if (name == "calls " + label(shard))
      return node.call_supervisors.find(shard);
    if (name == "couriers " + label(shard))
      return node.courier_supervisors.find(shard);
  }
  return {};
}

std::string supervisor_of(const node_context& node, const actor_view& who) {
  if (const auto call = call_of(who))
    return "calls " + label(call->shard());
  if (const auto courier = courier_of(who)) {
    const auto known = node.journal.view().find(*courier);
    return known ? "couriers " + label(known->courier.shard()) : "";
  }
  return "root";
}

std::optional<answer<supervision::supervisor_status>>
ask_supervisor(const node_context& node, const std::string& name,
               std::optional<supervision::child_key> only) {
  const auto supervisor = find_supervisor(node, name);
  if (!supervisor)
    return std::nullopt;
  auto [promise, answer] = reply<supervision::supervisor_status>::make();
  supervision::describe_supervisor asked{
      [promise = std::move(promise)](auto s) { promise(std::move(s)); }};
  asked.only = only;
  caf::anon_send(supervisor, std::move(asked));
  return std::move(answer);
}

domain::result<upkeep> upkeep_of(const node_context& node, const actor_view& who) {
  const auto name = supervisor_of(node, who);
  auto asked = ask_supervisor(node, name, key_of(who));
  if (!asked)
    return domain::error{domain::errc::not_found,
                         "find actor " + who.kind + ' ' + who.id + ": has no supervisor now",
                         {}};
  auto told = asked->wait_for(patience);
  if (!told || !*told)
    return domain::error{
        domain::errc::timeout, "ask supervisor " + name + ": did not answer in a second", {}};
  upkeep found{std::move(**told), std::nullopt};
  for (const auto& c : found.supervisor.children)
    if (child_actor(name, supervision::to_string(c.id)) == who)
      found.child = c;
  return found;
}

} // namespace pickup::actors

#include "actors/actor_names.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>

#include <algorithm>
#include <charconv>
#include <string>

namespace pickup::actors {

namespace {

// No leading zeros: an actor has one name only.
std::optional<std::uint64_t> number(std::string_view text) {
  if (text.size() > 1 && text.front() == '0')
    return std::nullopt;
  std::uint64_t n = 0;
  const auto* last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, n);
  return failure == std::errc{} && end == last ? std::optional{n} : std::nullopt;
}

// Calls `with` with each directory of a kind and what names its keys, until it answers false.
template <class F>
void for_each_directory(const node_context& node, std::string_view kind, F with) {
  const auto is = [&](std::string_view of) { return kind.empty() || kind == of; };
  const bool more =
      (!is("dispatcher") || with(node.dispatchers, dispatcher_name))
      && (!is("ledger") || with(node.ledgers, [](const auto&) { return ledger_name(); }))
      && (!is("notifier") || with(node.notifiers, notifier_name))
      && (!is("courier")
          || with(node.couriers, [](domain::courier_id id) { return name_of(id); }));
  if (more && is("call"))
    with(node.calls, [](domain::call_id id) { return name_of(id); });
}

} // namespace

actor_view name_of(domain::call_id id) {
  return {"call", std::string{domain::name(id.service())} + ':' + std::to_string(id.number())};
}

actor_view name_of(domain::courier_id id) {
  return {"courier", std::to_string(id.value())};
}

actor_view dispatcher_name(domain::shard_id shard) {
  return {"dispatcher", std::string{domain::name(shard.service)}};
}

actor_view ledger_name() {
  return {"ledger", "node"};
}

actor_view notifier_name(std::string_view channel) {
  return {"notifier", std::string{channel}};
}

std::optional<domain::call_id> call_of(const actor_view& name) {
  const std::string_view id{name.id};
  const auto colon = std::min(id.find(':'), id.size());
  const auto service = domain::parse_service(id.substr(0, colon));
  const auto n = number(id.substr(std::min(colon + 1, id.size())));
  return name.kind == "call" && service && n ? domain::call_id::of_number(*service, *n)
                                             : std::nullopt;
}

std::optional<domain::courier_id> courier_of(const actor_view& name) {
  const auto n = name.kind == "courier" ? number(name.id) : std::nullopt;
  return n ? std::optional{domain::courier_id{*n}} : std::nullopt;
}

std::optional<actor_view> child_actor(std::string_view supervisor, const std::string& child) {
  if (const auto n = number(child))
    return supervisor.starts_with("calls ") ? name_of(domain::call_id::from_packed(*n))
                                            : name_of(domain::courier_id{*n});
  const auto space = std::min(child.find(' '), child.size());
  const auto kind = child.substr(0, space);
  const auto rest = child.substr(std::min(space + 1, child.size()));
  if (kind == "ledger")
    return ledger_name();
  if (kind == "dispatcher")
    return actor_view{kind, rest.substr(0, rest.find('/'))};
  if (kind == "notifier")
    return notifier_name(rest);
  return std::nullopt;
}

caf::actor find_actor(const node_context& node, const actor_view& name) {
  const auto found = [](const auto& handle) {
    return handle ? caf::actor_cast<caf::actor>(handle) : caf::actor{};
  };
  if (const auto call = call_of(name))
    return found(node.calls.find(*call));
  if (const auto courier = courier_of(name))
    return found(node.couriers.find(*courier));
  if (name.kind == "dispatcher")
    if (const auto service = domain::parse_service(name.id))
      return found(node.dispatchers.find(node.shard_of(*service)));
  if (name == ledger_name())
    return found(node.ledgers.find("ledger"));
  if (name.kind == "notifier")
    return found(node.notifiers.find(name.id));
  return {};
}

std::uint64_t count_actors(const node_context& node, std::string_view kind) {
  std::uint64_t n = 0;
  for_each_directory(node, kind, [&](const auto& directory, const auto&) {
    n += directory.size();
    return true;
  });
  return n;
}

void visit_actors(
    const node_context& node, std::string_view kind,
    const std::function<bool(const actor_view&, const caf::abstract_actor&)>& visit,
    const std::function<void()>& pause) {
  for_each_directory(node, kind, [&](const auto& directory, const auto& name) {
    return directory.visit(
        [&](const auto& key, const auto& handle) {
          return visit(name(key), *caf::actor_cast<caf::abstract_actor*>(handle));
        },
        pause);
  });
}

domain::error no_actor(const std::string& action, const actor_view& name) {
  return {domain::errc::not_found,
          action + ' ' + name.kind + ' ' + name.id + ": no such actor is alive",
          {}};
}

} // namespace pickup::actors

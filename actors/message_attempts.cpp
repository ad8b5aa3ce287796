#include "actors/message_attempts.hpp"

#include "actors/provider_notifier.hpp"
#include "notify/codes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace pickup::actors {

namespace {

// Whether the channel that tells it has come past a position; what has no row has been told
// then.
bool has_passed(const node_context& node, const storage::delivery_id& id) {
  return std::ranges::any_of(node.read_up_to, [&](const auto& channel) {
    return channel.second.at(id.shard) >= id.n.value();
  });
}

// The message that the entry at this position owes; nothing when it owes none.
domain::result<std::optional<message_attempt>> message_at(const node_context& node,
                                                          const storage::delivery_id& id) {
  const auto& view = node.journal.view();
  const auto stored = view.entry_at(id.shard, id.n);
  if (!stored)
    return stored.error();
  const auto* what = *stored ? std::get_if<storage::call_entry>(&(*stored)->what) : nullptr;
  if (what == nullptr || !what->owed)
    return std::optional<message_attempt>{};
  message_attempt m;
  m.intent = label(id.shard) + ':' + std::to_string(id.n.value());
  m.kind = domain::name(what->owed->kind);
  m.at = (*stored)->at;
  m.correlation_id = (*stored)->correlation_id;
  m.state = has_passed(node, id) ? "told" : "waiting";
  const auto delivery = view.find_delivery(provider_channel, id);
  if (!delivery)
    return delivery.error();
  if (const auto& d = *delivery) {
    m.state = storage::name(d->state);
    m.via = notify::name(d->via);
    m.attempts = d->attempts;
    m.code = d->code;
    m.reason = d->reason;
    m.at = std::max(m.at, std::max(d->last_sent, d->since));
  }
  return std::optional{std::move(m)};
}

} // namespace

domain::result<std::vector<message_attempt>> messages_of(const node_context& node,
                                                         domain::call_id call) {
  const auto& view = node.journal.view();
  const auto steps = view.history(call);
  if (!steps)
    return steps.error();
  std::vector<message_attempt> all;
  domain::seq_no last;
  for (const auto& step : *steps) {
    if (step.seq == std::exchange(last, step.seq))
      continue;
    auto told = message_at(node, {call.shard(), step.seq});
    if (!told)
      return told.error();
    if (*told)
      all.push_back(std::move(**told));
  }
  return all;
}

} // namespace pickup::actors

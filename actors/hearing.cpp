#include "actors/hearing.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace pickup::actors {

namespace {

using domain::errc;
using domain::error;

// Places taken under one lock of the views: commits must not wait for a whole batch.
constexpr std::size_t slice = 256;

// Somebody who was heard of, and who is to notice when they fall silent.
struct heard {
  std::size_t index;
  courier_actor listener;
};

// Whoever falls silent again must be noticed: those who were silent get their clock started.
void take_in(node_context& n, std::span<const storage::sighted> seen, std::span<const heard> by,
             std::vector<not_located>& refused) {
  std::map<domain::shard_id, std::vector<domain::courier_id>> news;
  const auto before = n.journal.see(seen);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto id = seen[i].courier;
    if (!before[i]) {
      refused.push_back({by[i].index, no_such_courier(id)});
      continue;
    }
    if (seen[i].seen.where || before[i]->silent)
      news[before[i]->shard].push_back(id);
    if (before[i]->silent)
      caf::anon_send(by[i].listener, sign_of_life{});
  }
  for (const auto& [shard, ids] : news)
    look_at(n, shard, ids);
}

} // namespace

error no_such_courier(domain::courier_id id) {
  return {
      errc::not_found, "find courier " + std::to_string(id.value()) + ": there is none", {}};
}

domain::result<courier_actor> find_courier(const node_context& n, domain::courier_id id) {
  if (const auto failure = n.journal.failure())
    return *failure;
  if (auto courier = n.couriers.find(id))
    return courier;
  const auto known = n.journal.view().find(id);
  if (!known || known->courier.deleted)
    return no_such_courier(id);
  return error{
      errc::unavailable, "find courier " + std::to_string(id.value()) + ": is restarting", {}};
}

std::vector<not_located> hear(node_context& n, std::span<const located> places) {
  const auto now = n.now();
  std::vector<not_located> refused;
  std::vector<storage::sighted> seen;
  std::vector<heard> by;
  for (std::size_t i = 0; i < places.size(); ++i) {
    auto listener = find_courier(n, places[i].courier);
    if (!listener) {
      refused.push_back({i, std::move(listener.error())});
      continue;
    }
    seen.push_back({places[i].courier, {places[i].where, now}});
    by.push_back({i, std::move(*listener)});
    if (seen.size() < slice)
      continue;
    take_in(n, seen, by, refused);
    seen.clear();
    by.clear();
  }
  take_in(n, seen, by, refused);
  std::ranges::sort(refused, {}, &not_located::index);
  return refused;
}

void hear(node_context& n, domain::courier_id id) {
  std::vector<not_located> unused;
  if (auto listener = n.couriers.find(id)) {
    const storage::sighted one{id, {std::nullopt, n.now()}};
    const heard by{0, std::move(listener)};
    take_in(n, {&one, 1}, {&by, 1}, unused);
  }
}

void look_at(node_context& n, domain::shard_id shard,
             const std::vector<domain::courier_id>& ids) {
  if (!n.news.at(shard).add(ids))
    return;
  if (const auto dispatcher = n.dispatchers.find(shard))
    caf::anon_send(dispatcher, look_at_couriers{});
}

} // namespace pickup::actors

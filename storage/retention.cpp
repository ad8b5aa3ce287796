#include "storage/retention.hpp"

#include "storage/views.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pickup::storage {

namespace {

using domain::errc;
using domain::error;
using domain::result;

// The last entry that every reader has come to.
result<domain::seq_no> read_by_all(const views& of, domain::shard_id shard,
                                   const std::vector<std::string>& readers) {
  auto least = of.head(shard);
  for (const auto& channel : readers) {
    const auto at = of.cursor(channel, shard);
    if (!at)
      return at;
    least = std::min(least, *at);
  }
  return least;
}

// When each of them was written. An entry from the future was written by a clock that was
// wrong: it is as old as what follows it.
std::vector<domain::timestamp> times_of(const std::vector<entry>& entries,
                                        domain::timestamp now) {
  std::vector<domain::timestamp> times(entries.size());
  auto next = now;
  for (auto i = entries.size(); i-- > 0;)
    next = times[i] = entries[i].at > now ? next : entries[i].at;
  return times;
}

// Every entry of a call, from its end back to its beginning.
domain::status_result add_call(trim& to, const views& of, domain::seq_no at,
                               const call_entry& end) {
  to.calls.push_back(end.call);
  to.entries.push_back(at);
  for (auto n = end.previous; n.value() != 0;) {
    const auto e = of.entry_at(to.shard, n);
    if (!e)
      return e.error();
    if (!*e)
      return error{errc::corrupt,
                   "trim journal: entry " + std::to_string(n.value()) + ": is missing",
                   {}};
    to.entries.push_back(n);
    n = std::get<call_entry>((*e)->what).previous;
  }
  return domain::done{};
}

} // namespace

result<std::optional<trim>> next_trim(const views& of, domain::shard_id shard,
                                      const trim_rules& rules) {
  const auto last = read_by_all(of, shard, rules.readers);
  if (!last)
    return last.error();
  const auto from = of.first(shard);
  const auto entries = of.read_from(shard, from, rules.most);
  if (!entries)
    return entries.error();
  const auto times = times_of(*entries, rules.now);
  trim step{shard, from, from, {}, {}, {}};
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const auto& e = (*entries)[i];
    if (e.n > *last || times[i] >= rules.ended_before)
      break;
    step.to = domain::seq_no{e.n.value() + 1};
    const auto* what = std::get_if<call_entry>(&e.what);
    if (what == nullptr)
      step.entries.push_back(e.n);
    else if (ended(what->transitions.back().phase))
      if (auto added = add_call(step, of, e.n, *what); !added)
        return added.error();
  }
  if (step.to == step.from)
    return std::optional<trim>{};
  for (const auto n : step.entries) {
    auto rows = of.delivery_rows(shard, n);
    if (!rows)
      return rows.error();
    std::ranges::move(*rows, std::back_inserter(step.deliveries));
  }
  return std::optional{std::move(step)};
}

result<std::optional<domain::timestamp>> overdue_since(const views& of, domain::shard_id shard,
                                                       domain::timestamp ended_before) {
  const auto entries = of.read_from(shard, of.first(shard), 1);
  if (!entries)
    return entries.error();
  const bool due = !entries->empty() && entries->front().at < ended_before;
  return due ? std::optional{entries->front().at} : std::nullopt;
}

bool may_go(const views& of, const remembered_key& key, domain::timestamp made_before) {
  return key.at < made_before || of.version(key.call).value() == 0;
}

result<old_keys> find_old_keys(const views& of, std::string_view from,
                               domain::timestamp made_before, std::size_t most) {
  auto keys = of.keys_from(from, most + 1);
  if (!keys)
    return keys.error();
  old_keys found;
  if (keys->size() > most) {
    found.next = std::move(keys->back().row);
    keys->pop_back();
  }
  for (auto& key : *keys)
    if (may_go(of, key.what, made_before))
      found.keys.push_back(std::move(key));
  return found;
}

} // namespace pickup::storage

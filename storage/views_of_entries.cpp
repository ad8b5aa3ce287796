// What views tell of the journal's positions, and of the deliveries of its messages.
#include "storage/codec.hpp"
#include "storage/views.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <mutex>
#include <ranges>

namespace pickup::storage {

using domain::result;

std::vector<domain::shard_id> views::shards() const {
  std::vector<domain::shard_id> result;
  const std::shared_lock guard{mutex_};
  for (const auto& [shard, view] : shards_)
    result.push_back(shard);
  return result;
}

domain::seq_no views::head(domain::shard_id shard) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  return view == shards_.end() ? domain::seq_no{} : view->second.head;
}

domain::seq_no views::first(domain::shard_id shard) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  return view == shards_.end() ? domain::seq_no{1} : view->second.first;
}

result<std::optional<entry>> views::entry_at(domain::shard_id shard, domain::seq_no n) const {
  auto row = rows_.get(table::journal, entry_key(shard, n));
  if (!row)
    return row.error();
  if (!*row)
    return std::optional<entry>{};
  auto e = decode_entry(**row);
  if (!e)
    return e.error();
  return std::optional{std::move(*e)};
}

result<std::vector<entry>> views::read_from(domain::shard_id shard, domain::seq_no from,
                                            std::size_t limit) const {
  std::vector<entry> result;
  const auto start = entry_key(shard, from);
  const auto prefix = std::string_view{start}.substr(0, start.size() - sizeof(std::uint64_t));
  // Rows of a group become visible before the views have it; only what the views have is read.
  const auto last = head(shard);
  auto scanned =
      rows_.scan(table::journal, prefix, start,
                 [&](std::string_view, std::string_view value) -> domain::result<bool> {
                   auto e = decode_entry(value);
                   if (!e)
                     return e.error();
                   if (e->n > last || result.size() == limit)
                     return false;
                   result.push_back(std::move(*e));
                   return true;
                 });
  if (!scanned)
    return scanned.error();
  return result;
}

result<domain::seq_no> views::cursor(std::string_view channel, domain::shard_id shard) const {
  auto row = rows_.get(table::cursors, cursor_key(channel, shard));
  if (!row)
    return row.error();
  return *row ? decode_cursor(**row) : result<domain::seq_no>{domain::seq_no{}};
}

result<std::vector<known_key>> views::keys_from(std::string_view from,
                                                std::size_t limit) const {
  std::vector<known_key> keys;
  auto scanned =
      rows_.scan(table::idempotency, {}, from,
                 [&](std::string_view row, std::string_view value) -> domain::result<bool> {
                   if (keys.size() == limit)
                     return false;
                   auto key = decode_key(value);
                   if (!key)
                     return key.error();
                   keys.push_back({std::string{row}, *key});
                   return true;
                 });
  if (!scanned)
    return scanned.error();
  return keys;
}

domain::status_result
views::visit_deliveries(std::string_view channel, domain::shard_id shard,
                        const std::function<bool(delivery)>& visit) const {
  const auto prefix = cursor_key({}, shard);
  return rows_.scan(table::deliveries, prefix, prefix,
                    [&](std::string_view key, std::string_view value) -> result<bool> {
                      if (channel_of_key(key) != channel)
                        return true;
                      auto d = decode_delivery(value);
                      if (!d)
                        return d.error();
                      return visit(std::move(*d));
                    });
}

result<std::optional<delivery>> views::find_delivery(std::string_view channel,
                                                     const delivery_id& id) const {
  const auto row = rows_.get(table::deliveries, delivery_key(channel, id));
  if (!row)
    return row.error();
  if (!*row)
    return std::optional<delivery>{};
  auto d = decode_delivery(**row);
  if (!d)
    return d.error();
  return std::optional{std::move(*d)};
}

std::vector<delivery_id> views::newest_dead_letters(std::string_view channel,
                                                    std::size_t most) const {
  std::vector<std::pair<domain::timestamp, delivery_id>> found;
  {
    const std::shared_lock guard{mutex_};
    if (const auto known = dead_letters_.find(channel); known != dead_letters_.end())
      for (const auto& [shard, letters] : known->second)
        for (const auto& [at, n] : letters.newest(most))
          found.push_back({at, {shard, domain::seq_no{n}}});
  }
  std::ranges::sort(found, std::greater{});
  found.resize(std::min(found.size(), most));
  std::vector<delivery_id> ids;
  std::ranges::copy(found | std::views::values, std::back_inserter(ids));
  return ids;
}

std::uint64_t views::dead_letters(std::string_view channel) const {
  std::uint64_t n = 0;
  const std::shared_lock guard{mutex_};
  if (const auto known = dead_letters_.find(channel); known != dead_letters_.end())
    for (const auto& [shard, letters] : known->second)
      n += letters.size();
  return n;
}

result<std::vector<std::string>> views::delivery_rows(domain::shard_id shard,
                                                      domain::seq_no n) const {
  const auto prefix = entry_key(shard, n);
  std::vector<std::string> found;
  auto scanned = rows_.scan(table::deliveries, prefix, prefix,
                            [&](std::string_view key, std::string_view) -> result<bool> {
                              found.emplace_back(key);
                              return true;
                            });
  if (!scanned)
    return scanned.error();
  return found;
}

} // namespace pickup::storage

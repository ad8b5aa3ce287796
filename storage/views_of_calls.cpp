// What views tell of calls and of who was assigned to them.
#include "storage/codec.hpp"
#include "storage/column_codes.hpp"
#include "storage/views.hpp"

#include <algorithm>
#include <mutex>
#include <ranges>
#include <tuple>

namespace pickup::storage {

using domain::errc;
using domain::error;
using domain::result;

namespace {

bool wanted(const domain::call_filter& filter, domain::phase p) {
  const auto s = status_of(p);
  if (filter.status)
    return s == *filter.status;
  return filter.with_canceled || s != domain::status::canceled;
}

error missing(domain::seq_no n) {
  return {
      errc::corrupt, "read journal: entry " + std::to_string(n.value()) + ": is missing", {}};
}

} // namespace

result<std::optional<domain::call>> views::find(domain::call_id id) const {
  auto row = rows_.get(table::calls, call_key(id));
  if (!row)
    return row.error();
  if (!*row)
    return std::optional<domain::call>{};
  auto call = decode_call(**row);
  if (!call)
    return call.error();
  return std::optional{std::move(*call)};
}

// Newest first: each entry names the one before it of the same call. None when the call is
// forgotten, also if that happens meanwhile.
result<std::vector<entry>> views::entries_of(domain::call_id id) const {
  std::vector<entry> entries;
  auto call = find(id);
  if (!call)
    return call.error();
  if (!*call)
    return entries;
  for (auto n = (*call)->last; n.value() != 0;) {
    auto e = entry_at(id.shard(), n);
    if (!e)
      return e.error();
    if (!*e && version(id).value() == 0)
      return std::vector<entry>{};
    if (!*e)
      return missing(n);
    n = std::get<call_entry>((*e)->what).previous;
    entries.push_back(std::move(**e));
  }
  return entries;
}

result<std::vector<domain::history_item>> views::history(domain::call_id id) const {
  std::vector<domain::history_item> result;
  auto entries = entries_of(id);
  if (!entries)
    return entries.error();
  for (auto e = entries->rbegin(); e != entries->rend(); ++e)
    for (auto& t : std::get<call_entry>(e->what).transitions)
      result.push_back({e->n, e->at, e->correlation_id, std::move(t)});
  return result;
}

result<std::optional<std::vector<domain::assignment_explanation>>>
views::explain(domain::call_id id) const {
  auto entries = entries_of(id);
  if (!entries)
    return entries.error();
  if (entries->empty())
    return std::optional<std::vector<domain::assignment_explanation>>{};
  std::vector<domain::assignment_explanation> found;
  for (auto e = entries->rbegin(); e != entries->rend(); ++e) {
    auto& what = std::get<call_entry>(e->what);
    const auto made = std::ranges::find(what.transitions, domain::event::assigned,
                                        &domain::transition::event);
    if (what.why && made != what.transitions.end())
      found.push_back({e->n, e->at, made->courier, made->distance, std::move(*what.why)});
  }
  return std::optional{std::move(found)};
}

result<std::optional<domain::call_view>> views::describe(domain::call_id id) const {
  auto call = find(id);
  if (!call)
    return call.error();
  if (!*call && version(id).value() == 0)
    return std::optional<domain::call_view>{};
  if (!*call)
    return error{
        errc::corrupt, "read call " + std::to_string(id.number()) + ": is missing", {}};
  domain::call_view view{std::move(**call), {}};
  if (view.call.assigned)
    if (auto c = find(view.call.assigned->courier))
      view.courier = std::move(c->courier);
  return std::optional{std::move(view)};
}

result<domain::page<domain::call_view>> views::list(const domain::call_filter& filter,
                                                    domain::page_request part) const {
  const auto mask = phases([&](domain::phase p) { return wanted(filter, p); });
  auto skip = part.index * part.size;
  std::vector<domain::call_id> ids;
  domain::page<domain::call_view> page;
  {
    const std::shared_lock guard{mutex_};
    for (auto s = shards_.rbegin(); s != shards_.rend(); ++s) {
      const auto& [shard, view] = *s;
      if (shard.service != filter.service)
        continue;
      const auto add = [&](std::uint64_t n) { ids.emplace_back(shard, n); };
      if (!filter.tel) {
        const auto matches = view.phases.count(mask);
        page.total += matches;
        std::ranges::for_each(view.phases.newest(mask, skip, part.size - ids.size()), add);
        skip -= std::min(skip, matches);
        continue;
      }
      view.tels.each_newest(tel_code(*filter.tel), [&](std::uint64_t n) {
        if ((mask & code_column::bit(view.phases.get(n))) == 0)
          return;
        if (page.total++ >= part.index * part.size && ids.size() < part.size)
          add(n);
      });
    }
  }
  for (auto id : ids) {
    auto item = describe(id);
    if (!item)
      return item.error();
    if (*item)
      page.items.push_back(std::move(**item));
  }
  return page;
}

result<std::optional<domain::assignment_view>> views::describe(domain::shard_id shard,
                                                               domain::seq_no assignment,
                                                               code_column::code state) const {
  auto made = entry_at(shard, assignment);
  if (!made)
    return made.error();
  if (!*made && !known_assignment(shard, assignment))
    return std::optional<domain::assignment_view>{};
  if (!*made)
    return missing(assignment);
  const auto& what = std::get<call_entry>((*made)->what);
  domain::assignment_view view;
  view.id = assignment;
  view.call = what.call;
  view.assigned_at = (*made)->at;
  view.live = state == assignment_code::live;
  for (const auto& t : what.transitions)
    if (t.event == domain::event::assigned) {
      view.distance = t.distance;
      if (auto c = find(t.courier))
        view.courier = std::move(c->courier);
    }
  if (view.live)
    return std::optional{std::move(view)};
  const auto entries = entries_of(what.call);
  if (!entries)
    return entries.error();
  if (entries->empty())
    return std::optional<domain::assignment_view>{};
  for (const auto& e : *entries)
    for (const auto& t : std::get<call_entry>(e.what).transitions)
      if (t.assignment == assignment) {
        view.ended_at = e.at;
        view.canceled = t.event == domain::event::assign_canceled;
        view.cause = t.cause;
      }
  return std::optional{std::move(view)};
}

bool views::known_assignment(domain::shard_id shard, domain::seq_no id) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  return view != shards_.end() && view->second.states.get(id.value()) != 0;
}

result<domain::page<domain::assignment_view>>
views::list(const domain::assignment_filter& filter, domain::page_request part) const {
  using codes = code_column;
  const auto mask = static_cast<codes::mask>(
      (filter.canceled.value_or(true) ? codes::bit(assignment_code::canceled) : 0)
      | (filter.canceled.value_or(false)
             ? 0
             : codes::bit(assignment_code::live) | codes::bit(assignment_code::finished)));
  auto skip = part.index * part.size;
  std::vector<std::tuple<domain::shard_id, domain::seq_no, codes::code>> found;
  domain::page<domain::assignment_view> page;
  {
    const std::shared_lock guard{mutex_};
    for (auto s = shards_.rbegin(); s != shards_.rend(); ++s) {
      const auto& [shard, view] = *s;
      if (shard.service != filter.service)
        continue;
      const auto matches = view.states.count(mask);
      page.total += matches;
      for (auto n : view.states.newest(mask, skip, part.size - found.size()))
        found.emplace_back(shard, domain::seq_no{n}, view.states.get(n));
      skip -= std::min(skip, matches);
    }
  }
  for (const auto& [shard, id, state] : found) {
    auto item = describe(shard, id, state);
    if (!item)
      return item.error();
    if (*item)
      page.items.push_back(std::move(**item));
  }
  return page;
}

std::vector<domain::call_id> views::live_calls(domain::shard_id shard) const {
  const auto mask = phases(domain::under_way);
  std::vector<domain::call_id> result;
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  if (view == shards_.end())
    return result;
  for (auto n : view->second.phases.all(mask))
    result.emplace_back(shard, n);
  return result;
}

std::vector<domain::call_id>
views::newest_live_calls(domain::shard_id shard, std::uint64_t below, std::size_t most) const {
  const auto mask = phases(domain::under_way);
  std::vector<domain::call_id> result;
  const std::shared_lock guard{mutex_};
  if (const auto view = shards_.find(shard); view != shards_.end())
    for (auto n : view->second.phases.newest_below(mask, below, most))
      result.emplace_back(shard, n);
  return result;
}

std::uint64_t views::live_call_count(domain::shard_id shard) const {
  const auto mask = phases(domain::under_way);
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  return view == shards_.end() ? 0 : view->second.phases.count(mask);
}

std::vector<domain::call_id> views::due_calls(domain::shard_id shard, domain::timestamp now,
                                              std::size_t most) const {
  std::vector<domain::call_id> result;
  const std::shared_lock guard{mutex_};
  if (const auto view = shards_.find(shard); view != shards_.end())
    for (auto n : view->second.scheduled.due(now, most))
      result.emplace_back(shard, n);
  return result;
}

bool views::is_scheduled(domain::call_id id) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(id.shard());
  return view != shards_.end()
         && view->second.phases.get(id.n()) == code_of(domain::phase::scheduled);
}

std::uint64_t views::scheduled_calls(domain::shard_id shard) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  return view == shards_.end() ? 0 : view->second.scheduled.size();
}

domain::status_result
views::visit_live_calls(domain::shard_id shard,
                        const std::function<void(domain::call)>& visit) const {
  return visit_rows(live_calls(shard), visit);
}

domain::status_result views::visit_rows(const std::vector<domain::call_id>& ids,
                                        const std::function<void(domain::call)>& visit) const {
  // So many rows of ended calls are passed over before it is better to search for the next.
  constexpr int far = 32;
  for (auto next = ids.begin(); next != ids.end();) {
    const auto missing = [&] {
      return error{errc::corrupt,
                   "read calls: call " + std::to_string(next->number())
                       + ": is alive in the journal and has no row",
                   {}};
    };
    const auto begun_at = next;
    int passed = 0;
    auto wanted = call_key(*next);
    auto scanned =
        rows_.scan(table::calls, {}, wanted,
                   [&](std::string_view key, std::string_view value) -> result<bool> {
                     if (key < wanted)
                       return ++passed < far;
                     if (key != wanted)
                       return missing();
                     auto call = decode_call(value);
                     if (!call)
                       return call.error();
                     visit(std::move(*call));
                     if (++next == ids.end())
                       return false;
                     passed = 0;
                     wanted = call_key(*next);
                     return true;
                   });
    if (!scanned)
      return scanned;
    if (next == begun_at)
      return missing();
  }
  return domain::done{};
}

domain::version_no views::version(domain::call_id id) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(id.shard());
  return view == shards_.end() ? domain::version_no{}
                               : domain::version_no{view->second.versions.get(id.n())};
}

std::uint64_t views::last_call(domain::shard_id shard) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  return view == shards_.end() ? 0 : view->second.last_call;
}

std::uint64_t views::call_count(domain::shard_id shard) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  return view == shards_.end() ? 0 : view->second.phases.count(all_phases);
}

std::uint64_t views::live_assignments(domain::shard_id shard) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  return view == shards_.end()
             ? 0
             : view->second.states.count(code_column::bit(assignment_code::live));
}

result<std::optional<remembered_key>> views::find_key(domain::service s,
                                                      std::string_view key) const {
  auto row = rows_.get(table::idempotency, idempotency_key(s, key));
  if (!row)
    return row.error();
  if (!*row)
    return std::optional<remembered_key>{};
  auto known = decode_key(**row);
  if (!known)
    return known.error();
  return version(known->call).value() == 0 ? std::nullopt : std::optional{*known};
}

} // namespace pickup::storage

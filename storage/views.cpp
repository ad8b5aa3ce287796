#include "storage/views.hpp"

#include "storage/codec.hpp"

#include <algorithm>
#include <mutex>

namespace pickup::storage {

namespace {

using domain::errc;
using domain::error;
using domain::result;

// Codes of an assignment's state.
constexpr code_column::code live = 1;
constexpr code_column::code canceled = 2;
constexpr code_column::code finished = 3;

code_column::code code_of(domain::phase p) {
  return static_cast<code_column::code>(p);
}

bool wanted(const domain::call_filter& filter, domain::phase p) {
  const auto s = status_of(p);
  if (filter.status)
    return s == *filter.status;
  return filter.with_canceled || s != domain::status::canceled;
}

template <class Wanted>
code_column::mask phases(Wanted wanted_phase) {
  code_column::mask mask = 0;
  for (auto i = code_of(domain::phase::requested); i <= code_of(domain::phase::pickup_failed);
       ++i)
    if (wanted_phase(static_cast<domain::phase>(i)))
      mask |= code_column::bit(i);
  return mask;
}

// A phone number's digits as one number, a leading 1 keeping the zeros: equal if and only if
// the digits are. At most 15 digits are ever accepted.
std::uint64_t tel_code(std::string_view tel) {
  std::uint64_t code = 1;
  for (const char c : tel)
    if (c >= '0' && c <= '9')
      code = code * 10 + static_cast<std::uint64_t>(c - '0');
  return code;
}

} // namespace

// -- loading --

domain::status_result views::load() {
  if (auto loaded = load_couriers(); !loaded)
    return loaded;
  if (auto loaded = load_journal(); !loaded)
    return loaded;
  return check_live_calls();
}

domain::status_result views::load_couriers() {
  auto records = rows_.scan(table::couriers, {}, {},
                            [&](std::string_view, std::string_view value) -> result<bool> {
                              auto record = decode_courier(value);
                              if (!record)
                                return record.error();
                              couriers_[record->id].record = std::move(*record);
                              return true;
                            });
  if (!records)
    return records;
  return rows_.scan(table::sightings, {}, {},
                    [&](std::string_view key, std::string_view value) -> result<bool> {
                      auto seen = decode_sighting(value);
                      if (!seen)
                        return seen.error();
                      const auto known = couriers_.find(courier_of_key(key));
                      if (known != couriers_.end())
                        known->second.seen = *seen;
                      return true;
                    });
}

domain::status_result views::load_journal() {
  return rows_.scan(table::journal, {}, {},
                    [&](std::string_view, std::string_view value) -> result<bool> {
                      auto e = decode_entry(value);
                      if (!e)
                        return e.error();
                      if (e->n.value() != shards_[e->shard].head.value() + 1)
                        return error{errc::corrupt,
                                     "read journal: entry " + std::to_string(e->n.value())
                                         + ": follows entry "
                                         + std::to_string(shards_[e->shard].head.value()),
                                     {}};
                      apply(*e, std::nullopt);
                      return true;
                    });
}

// Whoever decides about a call has to read it: better to refuse the start than to fail then.
domain::status_result views::check_live_calls() const {
  for (const auto& [shard, view] : shards_)
    if (auto read = visit_live_calls(shard, [](const domain::call&) {}); !read)
      return read;
  return domain::done{};
}

// -- what the journal tells --

void views::apply(const entry& committed, const std::optional<domain::sighting>& seen) {
  const std::unique_lock guard{mutex_};
  const std::unique_lock courier_guard{courier_mutex_};
  auto& view = shards_[committed.shard];
  view.head = committed.n;
  if (const auto* call = std::get_if<call_entry>(&committed.what)) {
    apply_call(view, committed, *call);
    return;
  }
  const auto& record = std::get<courier_entry>(committed.what).record;
  auto& c = couriers_[record.id];
  c.record = record;
  if (seen)
    c.seen = *seen;
}

void views::apply_call(shard_view& view, const entry& e, const call_entry& what) {
  const auto n = what.call.n();
  view.last_call = std::max(view.last_call, n);
  view.phases.set(n, code_of(what.transitions.back().phase));
  if (view.versions.size() <= n) {
    view.versions.resize(n + 1);
    view.tels.resize(n + 1);
  }
  view.versions[n] = what.version.value();
  if (what.request)
    view.tels[n] = tel_code(what.request->tel);
  for (const auto& t : what.transitions) {
    switch (t.event) {
    case domain::event::assigned:
      view.states.set(view.assignments.size(), live);
      view.assignments.push_back({e.n, {}, what.call});
      add_load(t.courier, true);
      break;
    case domain::event::assign_canceled:
      end_assignment(view, t.assignment, e.n, true);
      add_load(t.courier, false);
      break;
    case domain::event::completed:
      end_assignment(view, t.assignment, e.n, false);
      add_load(t.courier, false);
      break;
    default: break;
    }
  }
}

void views::end_assignment(shard_view& view, domain::seq_no id, domain::seq_no at,
                           bool was_canceled) {
  auto& all = view.assignments;
  const auto found =
      std::lower_bound(all.begin(), all.end(), id,
                       [](const assignment_marks& a, domain::seq_no n) { return a.made < n; });
  if (found == all.end() || found->made != id)
    return;
  found->ended = at;
  view.states.set(static_cast<std::uint64_t>(found - all.begin()),
                  was_canceled ? canceled : finished);
}

void views::add_load(domain::courier_id id, bool more) {
  auto& load = couriers_[id].load;
  load = more ? load + 1 : load - 1;
}

void views::see(domain::courier_id id, const domain::sighting& seen) {
  const std::unique_lock guard{courier_mutex_};
  const auto known = couriers_.find(id);
  if (known == couriers_.end())
    return;
  if (seen.where)
    known->second.seen.where = seen.where;
  if (seen.at)
    known->second.seen.at = seen.at;
  unsaved_.insert(id);
}

std::vector<std::pair<domain::courier_id, domain::sighting>> views::take_unsaved_sightings() {
  const std::unique_lock guard{courier_mutex_};
  std::vector<std::pair<domain::courier_id, domain::sighting>> result;
  result.reserve(unsaved_.size());
  for (auto id : unsaved_)
    result.emplace_back(id, couriers_.at(id).seen);
  unsaved_.clear();
  return result;
}

// -- calls --

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

result<entry> views::entry_at(domain::shard_id shard, domain::seq_no n) const {
  auto row = rows_.get(table::journal, entry_key(shard, n));
  if (!row)
    return row.error();
  if (!*row)
    return error{
        errc::corrupt, "read journal: entry " + std::to_string(n.value()) + ": is missing", {}};
  return decode_entry(**row);
}

result<std::vector<domain::history_item>> views::history(domain::call_id id) const {
  std::vector<domain::history_item> result;
  auto call = find(id);
  if (!call)
    return call.error();
  if (!*call)
    return result;
  // Each entry names the one before it of the same call.
  for (auto n = (*call)->last; n.value() != 0;) {
    auto e = entry_at(id.shard(), n);
    if (!e)
      return e.error();
    auto& what = std::get<call_entry>(e->what);
    for (auto t = what.transitions.rbegin(); t != what.transitions.rend(); ++t)
      result.push_back({e->n, e->at, e->correlation_id, std::move(*t)});
    n = what.previous;
  }
  std::reverse(result.begin(), result.end());
  return result;
}

result<domain::call_view> views::describe(domain::call_id id) const {
  auto call = find(id);
  if (!call)
    return call.error();
  if (!*call)
    return error{
        errc::corrupt, "read call " + std::to_string(id.number()) + ": is missing", {}};
  domain::call_view view{std::move(**call), {}};
  if (view.call.assigned)
    if (auto c = find(view.call.assigned->courier))
      view.courier = std::move(c->courier);
  return view;
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
      const auto tel = tel_code(*filter.tel);
      for (auto n = view.tels.size(); n-- > 1;)
        if (view.tels[n] == tel && (mask & code_column::bit(view.phases.get(n))) != 0) {
          if (page.total++ >= part.index * part.size && ids.size() < part.size)
            add(n);
        }
    }
  }
  for (auto id : ids) {
    auto item = describe(id);
    if (!item)
      return item.error();
    page.items.push_back(std::move(*item));
  }
  return page;
}

result<domain::assignment_view> views::describe(domain::shard_id shard,
                                                const assignment_marks& marks) const {
  auto made = entry_at(shard, marks.made);
  if (!made)
    return made.error();
  domain::assignment_view view;
  view.id = marks.made;
  view.call = marks.call;
  view.assigned_at = made->at;
  view.live = marks.ended.value() == 0;
  for (const auto& t : std::get<call_entry>(made->what).transitions)
    if (t.event == domain::event::assigned) {
      view.distance = t.distance;
      if (auto c = find(t.courier))
        view.courier = std::move(c->courier);
    }
  if (view.live)
    return view;
  auto end = entry_at(shard, marks.ended);
  if (!end)
    return end.error();
  view.ended_at = end->at;
  for (const auto& t : std::get<call_entry>(end->what).transitions)
    if (t.event == domain::event::assign_canceled) {
      view.canceled = true;
      view.cause = t.cause;
    }
  return view;
}

result<domain::page<domain::assignment_view>>
views::list(const domain::assignment_filter& filter, domain::page_request part) const {
  using column = code_column;
  const auto mask = static_cast<column::mask>(
      (filter.canceled.value_or(true) ? column::bit(canceled) : 0)
      | (filter.canceled.value_or(false) ? 0 : column::bit(live) | column::bit(finished)));
  auto skip = part.index * part.size;
  std::vector<std::pair<domain::shard_id, assignment_marks>> found;
  domain::page<domain::assignment_view> page;
  {
    const std::shared_lock guard{mutex_};
    for (auto s = shards_.rbegin(); s != shards_.rend(); ++s) {
      const auto& [shard, view] = *s;
      if (shard.service != filter.service)
        continue;
      const auto matches = view.states.count(mask);
      page.total += matches;
      for (auto i : view.states.newest(mask, skip, part.size - found.size()))
        found.emplace_back(shard, view.assignments[i]);
      skip -= std::min(skip, matches);
    }
  }
  for (const auto& [shard, marks] : found) {
    auto item = describe(shard, marks);
    if (!item)
      return item.error();
    page.items.push_back(std::move(*item));
  }
  return page;
}

std::vector<domain::call_id> views::live_calls(domain::shard_id shard) const {
  const auto mask = phases([](domain::phase p) { return !ended(p); });
  std::vector<domain::call_id> result;
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  if (view == shards_.end())
    return result;
  for (auto n : view->second.phases.all(mask))
    result.emplace_back(shard, n);
  return result;
}

domain::status_result
views::visit_live_calls(domain::shard_id shard,
                        const std::function<void(domain::call)>& visit) const {
  // So many rows of ended calls are passed over before it is better to search for the next.
  constexpr int far = 32;
  const auto ids = live_calls(shard);
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
  if (view == shards_.end() || view->second.versions.size() <= id.n())
    return {};
  return domain::version_no{view->second.versions[id.n()]};
}

std::uint64_t views::last_call(domain::shard_id shard) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  return view == shards_.end() ? 0 : view->second.last_call;
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
  return std::optional{*known};
}

// -- couriers --

domain::courier_view views::view_of(const courier_state& c) {
  return {c.record, c.load, c.seen};
}

std::optional<domain::courier_view> views::find(domain::courier_id id) const {
  const std::shared_lock guard{courier_mutex_};
  const auto known = couriers_.find(id);
  return known == couriers_.end() ? std::nullopt : std::optional{view_of(known->second)};
}

domain::page<domain::courier_view> views::list_couriers(std::optional<domain::service> service,
                                                        domain::page_request part) const {
  domain::page<domain::courier_view> page;
  const std::shared_lock guard{courier_mutex_};
  for (const auto& [id, c] : couriers_) {
    if (c.record.deleted || (service && c.record.service != *service))
      continue;
    if (page.total++ >= part.index * part.size && page.items.size() < part.size)
      page.items.push_back(view_of(c));
  }
  return page;
}

std::vector<domain::courier_view> views::couriers(domain::shard_id shard) const {
  std::vector<domain::courier_view> result;
  const std::shared_lock guard{courier_mutex_};
  for (const auto& [id, c] : couriers_)
    if (!c.record.deleted && c.record.shard() == shard)
      result.push_back(view_of(c));
  return result;
}

domain::courier_id views::last_courier() const {
  const std::shared_lock guard{courier_mutex_};
  return couriers_.empty() ? domain::courier_id{} : couriers_.rbegin()->first;
}

// -- positions --

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

} // namespace pickup::storage

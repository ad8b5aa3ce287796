#include "storage/views.hpp"

#include "domain/free_couriers.hpp"
#include "storage/codec.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <mutex>
#include <ranges>
#include <tuple>

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
  for (auto i = code_of(domain::phase::requested); i <= code_of(domain::last_phase); ++i)
    if (wanted_phase(static_cast<domain::phase>(i)))
      mask |= code_column::bit(i);
  return mask;
}

error missing(domain::seq_no n) {
  return {
      errc::corrupt, "read journal: entry " + std::to_string(n.value()) + ": is missing", {}};
}

constexpr auto all_phases = static_cast<code_column::mask>(~1U);

// Entries of the audit that are read before others have their turn.
constexpr std::size_t audit_reads_in_a_row = 100;

// A phone number's digits as one number, a leading 1 keeping the zeros: equal if and only if
// the digits are. At most 15 digits are ever accepted.
tel_column::tel tel_code(std::string_view tel) {
  tel_column::tel code = 1;
  for (const char c : tel)
    if (c >= '0' && c <= '9')
      code = code * 10 + static_cast<std::uint64_t>(c - '0');
  return code;
}

} // namespace

views::views(const rows& from) : rows_(from) {}

views::~views() = default;

// -- loading --

domain::status_result views::load() {
  if (auto loaded = load_couriers(); !loaded)
    return loaded;
  if (auto loaded = load_horizons(); !loaded)
    return loaded;
  if (auto loaded = load_journal(); !loaded)
    return loaded;
  if (auto loaded = load_deliveries(); !loaded)
    return loaded;
  free_ = std::make_unique<domain::free_couriers>();
  for (const auto& [id, c] : couriers_)
    refresh(c);
  return check_calls_to_come();
}

domain::status_result views::load_couriers() {
  auto records = rows_.scan(table::couriers, {}, {},
                            [&](std::string_view, std::string_view value) -> result<bool> {
                              auto record = decode_courier(value);
                              if (!record)
                                return record.error();
                              couriers_[record->id].courier = std::move(*record);
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

domain::status_result views::load_horizons() {
  return rows_.scan(table::horizons, {}, {},
                    [&](std::string_view key, std::string_view value) -> result<bool> {
                      const auto stored = decode_horizon(value);
                      if (!stored)
                        return stored.error();
                      auto& view = shards_[shard_of_key(key)];
                      view.first = stored->first;
                      view.last_call = stored->last_call;
                      return true;
                    });
}

domain::status_result views::load_journal() {
  auto read = rows_.scan(table::journal, {}, {},
                         [&](std::string_view, std::string_view value) -> result<bool> {
                           auto e = decode_entry(value);
                           if (!e)
                             return e.error();
                           if (auto fits = check_next(*e); !fits)
                             return fits.error();
                           apply(*e, std::nullopt);
                           return true;
                         });
  for (auto& [shard, view] : shards_)
    view.head = std::max(view.head, domain::seq_no{view.first.value() - 1});
  return read;
}

domain::status_result views::load_deliveries() {
  return rows_.scan(table::deliveries, {}, {},
                    [&](std::string_view key, std::string_view value) -> result<bool> {
                      const auto d = decode_delivery(value);
                      if (!d)
                        return d.error();
                      note(std::string{channel_of_key(key)}, *d);
                      return true;
                    });
}

// Before the horizon entries may be missing, but none of a call of which another is there.
domain::status_result views::check_next(const entry& e) {
  const auto refuse = [&](const std::string& why) {
    return error{
        errc::corrupt, "read journal: entry " + std::to_string(e.n.value()) + ": " + why, {}};
  };
  const auto& view = shards_[e.shard];
  const auto complete_to = std::max(view.head.value(), view.first.value() - 1);
  if (e.n >= view.first && e.n.value() != complete_to + 1)
    return refuse("follows entry " + std::to_string(complete_to));
  if (const auto* call = std::get_if<call_entry>(&e.what)) {
    const auto before = view.versions.get(call->call.n());
    if (call->version.value() != before + 1)
      return refuse("version " + std::to_string(call->version.value()) + " of call "
                    + std::to_string(call->call.number()) + " follows "
                    + std::to_string(before));
  }
  return domain::done{};
}

// Whoever decides about a call has to read it: better to refuse the start than to fail then.
domain::status_result views::check_calls_to_come() const {
  const auto mask = phases([](domain::phase p) { return !ended(p); });
  for (const auto& [shard, view] : shards_) {
    std::vector<domain::call_id> ids;
    for (const auto n : view.phases.all(mask))
      ids.emplace_back(shard, n);
    if (auto read = visit_rows(ids, [](const domain::call&) {}); !read)
      return read;
  }
  return domain::done{};
}

// -- what the journal tells --

void views::apply(const entry& committed, const std::optional<domain::sighting>& seen) {
  const std::unique_lock guard{mutex_};
  const std::unique_lock courier_guard{courier_mutex_};
  auto& view = shards_[committed.shard];
  view.head = committed.n;
  if (const auto* courier = std::get_if<courier_entry>(&committed.what); courier && seen)
    couriers_[courier->record.id].seen = *seen;
  std::visit([&](const auto& what) { apply(view, committed, what); }, committed.what);
}

void views::apply(shard_view&, const entry& e, const courier_entry& what) {
  auto& c = couriers_[what.record.id];
  if (free_)
    free_->erase(c.courier.classes, what.record.id);
  if (what.record.version.value() == 1)
    c.idle_since = e.at;
  c.courier = what.record;
  refresh(c);
}

void views::apply(shard_view& view, const entry& e, const audit_entry&) {
  view.audited.push_back(e.n);
}

void views::apply(shard_view& view, const entry& e, const call_entry& what) {
  const auto n = what.call.n();
  view.last_call = std::max(view.last_call, n);
  view.scheduled.erase(n); // most often it is not there
  view.phases.set(n, code_of(what.transitions.back().phase));
  view.versions.set(n, what.version.value());
  if (what.request)
    view.tels.set(n, tel_code(what.request->tel));
  for (const auto& t : what.transitions) {
    switch (t.event) {
    case domain::event::assigned:
      view.states.set(e.n.value(), live);
      add_load(t.courier, true, e.at);
      break;
    case domain::event::assign_canceled:
      end_assignment(view, t.assignment, canceled);
      add_load(t.courier, false, e.at);
      break;
    case domain::event::completed:
      end_assignment(view, t.assignment, finished);
      add_load(t.courier, false, e.at);
      break;
    case domain::event::scheduled: view.scheduled.put(n, t.due); break;
    default: break;
    }
  }
}

void views::end_assignment(shard_view& view, domain::seq_no id, code_column::code state) {
  if (view.states.get(id.value()) == live)
    view.states.set(id.value(), state);
}

void views::note(const std::string& channel, const delivery& d) {
  if (reached_nobody(d.state)) {
    dead_letters_[channel][d.id.shard].put(d.id.n.value(), d.due);
    return;
  }
  const auto known = dead_letters_.find(channel);
  if (known == dead_letters_.end())
    return;
  if (const auto letters = known->second.find(d.id.shard); letters != known->second.end())
    letters->second.erase(d.id.n.value());
}

void views::apply(const std::string& channel, std::span<const delivery> stored,
                  std::span<const delivery_id> removed) {
  const std::unique_lock guard{mutex_};
  for (const auto& d : stored)
    note(channel, d);
  const auto known = dead_letters_.find(channel);
  if (known == dead_letters_.end())
    return;
  for (const auto& id : removed)
    if (const auto letters = known->second.find(id.shard); letters != known->second.end())
      letters->second.erase(id.n.value());
}

void views::forget(const trim& what) {
  const std::unique_lock guard{mutex_};
  auto& view = shards_[what.shard];
  view.first = what.to;
  for (const auto id : what.calls) {
    view.phases.set(id.n(), 0);
    view.versions.set(id.n(), 0);
    view.tels.set(id.n(), 0);
  }
  for (const auto n : what.entries) {
    view.states.set(n.value(), 0);
    // They go in their order.
    if (!view.audited.empty() && view.audited.front() == n)
      view.audited.pop_front();
    for (auto& [channel, shards] : dead_letters_)
      if (const auto letters = shards.find(what.shard); letters != shards.end())
        letters->second.erase(n.value());
  }
}

void views::add_load(domain::courier_id id, bool more, domain::timestamp at) {
  auto& c = couriers_[id];
  c.load = more ? c.load + 1 : c.load - 1;
  c.idle_since = at;
  refresh(c);
}

void views::refresh(const domain::courier_view& c) {
  if (!free_)
    return;
  if (can_take_job(c.courier, c.load, c.seen.where, c.lost))
    free_->put(c.courier.classes, {c.load, c.idle_since, c.courier.id}, *c.seen.where);
  else
    free_->erase(c.courier.classes, c.courier.id);
}

std::vector<std::optional<before_sighting>> views::see(std::span<const sighted> all) {
  std::vector<std::optional<before_sighting>> before;
  before.reserve(all.size());
  const std::unique_lock guard{courier_mutex_};
  for (const auto& [id, seen] : all) {
    const auto known = couriers_.find(id);
    if (known == couriers_.end() || known->second.courier.deleted) {
      before.emplace_back();
      continue;
    }
    auto& c = known->second;
    before.push_back(before_sighting{c.courier.shard(), !c.seen.at || c.lost});
    c.lost = false;
    if (seen.where)
      c.seen.where = seen.where;
    if (seen.at)
      c.seen.at = seen.at;
    if (seen.where || seen.at)
      unsaved_.insert(id);
    refresh(c);
  }
  return before;
}

bool views::lose(domain::courier_id id, domain::timestamp since) {
  const std::unique_lock guard{courier_mutex_};
  const auto known = couriers_.find(id);
  if (known == couriers_.end())
    return true;
  auto& c = known->second;
  if (c.seen.at && *c.seen.at > since)
    return false;
  c.lost = true;
  refresh(c);
  return true;
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
  view.live = state == live;
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
      (filter.canceled.value_or(true) ? codes::bit(canceled) : 0)
      | (filter.canceled.value_or(false) ? 0 : codes::bit(live) | codes::bit(finished)));
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
  return view == shards_.end() ? 0 : view->second.states.count(code_column::bit(live));
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

// -- couriers --

std::optional<domain::courier_view> views::find(domain::courier_id id) const {
  const std::shared_lock guard{courier_mutex_};
  const auto known = couriers_.find(id);
  return known == couriers_.end() ? std::nullopt : std::optional{known->second};
}

std::optional<domain::courier_id>
views::visit_couriers(domain::courier_id after, std::size_t most,
                      const std::function<void(const domain::courier_view&)>& visit) const {
  const std::shared_lock guard{courier_mutex_};
  auto next = couriers_.upper_bound(after);
  for (; next != couriers_.end() && most > 0; ++next, --most) {
    visit(next->second);
    after = next->first;
  }
  return next == couriers_.end() ? std::nullopt : std::optional{after};
}

std::vector<domain::courier_view> views::couriers(domain::shard_id shard) const {
  std::vector<domain::courier_view> result;
  const std::shared_lock guard{courier_mutex_};
  for (const auto& [id, c] : couriers_)
    if (!c.courier.deleted && c.courier.shard() == shard)
      result.push_back(c);
  return result;
}

std::vector<whereabouts>
views::whereabouts_of(const std::vector<domain::courier_id>& ids) const {
  std::vector<whereabouts> result;
  result.reserve(ids.size());
  const std::shared_lock guard{courier_mutex_};
  for (auto id : ids)
    if (const auto known = couriers_.find(id); known != couriers_.end())
      result.push_back({id, known->second.seen.where, known->second.lost});
  return result;
}

std::vector<domain::nearby_courier> views::nearest(domain::service_class wanted,
                                                   domain::position from, domain::metres reach,
                                                   std::size_t most) const {
  std::vector<domain::nearby_courier> result;
  const std::shared_lock guard{courier_mutex_};
  for (const auto& c : free_->nearest(wanted, from, reach, {}, most))
    result.push_back({couriers_.at(c.rank.id), c.distance});
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

domain::seq_no views::first(domain::shard_id shard) const {
  const std::shared_lock guard{mutex_};
  const auto view = shards_.find(shard);
  return view == shards_.end() ? domain::seq_no{1} : view->second.first;
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

namespace {

/// The audit of one shard, from the newest back.
struct audit_tail {
  domain::shard_id shard;
  std::vector<domain::seq_no> places;
  std::optional<entry> newest; ///< the next to be told
};

domain::timestamp time_of(const audit_tail& of) {
  return of.newest ? of.newest->at : domain::timestamp::min();
}

} // namespace

result<std::vector<entry>> views::list_audit(std::size_t most,
                                             const std::optional<audit_place>& before,
                                             const std::function<void()>& pause) const {
  std::optional<entry> than;
  if (before) {
    auto e = entry_at(before->shard, before->n);
    if (!e)
      return e.error();
    if (*e ? !std::holds_alternative<audit_entry>((*e)->what)
           : before->n >= first(before->shard))
      return error{errc::invalid_argument,
                   "list audit: before entry " + std::to_string(before->n.value())
                       + ": is no action",
                   {}};
    if (!*e)
      return std::vector<entry>{}; // forgotten, and what is older before it
    than = std::move(*e);
  }
  std::size_t reads = 0;
  const auto step_back = [&](audit_tail& of) -> domain::status_result {
    of.newest.reset();
    while (!of.newest && !of.places.empty()) {
      if (++reads % audit_reads_in_a_row == 0)
        pause();
      auto e = entry_at(of.shard, of.places.back());
      if (!e)
        return e.error();
      of.places.pop_back();
      of.newest = std::move(*e); // nothing when it was forgotten meanwhile
    }
    return domain::done{};
  };
  std::vector<audit_tail> tails;
  for (const auto shard : shards()) {
    const auto end = than ? end_of_older(shard, *than) : domain::seq_no{~std::uint64_t{0}};
    if (!end)
      return end.error();
    tails.push_back({shard, audit_places(shard, {}, *end, most), {}});
    if (auto read = step_back(tails.back()); !read)
      return read.error();
  }
  // Within a shard the clock says nothing: it may have been set back.
  std::vector<entry> found;
  while (found.size() < most) {
    const auto next = std::ranges::max_element(tails, {}, time_of);
    if (next == tails.end() || !next->newest)
      break;
    found.push_back(*std::move(next->newest));
    if (auto read = step_back(*next); !read)
      return read.error();
  }
  return found;
}

// What is of the same time is listed by shard.
result<domain::seq_no> views::end_of_older(domain::shard_id shard, const entry& than) const {
  if (shard == than.shard)
    return than.n;
  domain::seq_no from;
  domain::seq_no to{~std::uint64_t{0}};
  while (true) {
    const auto between = [&] {
      const std::shared_lock guard{mutex_};
      const auto known = shards_.find(shard);
      if (known == shards_.end())
        return std::optional<domain::seq_no>{};
      const auto& all = known->second.audited;
      const auto first = std::ranges::lower_bound(all, from);
      const auto last = std::ranges::lower_bound(all, to);
      return first == last ? std::nullopt : std::optional{first[(last - first) / 2]};
    }();
    if (!between)
      return to;
    const auto e = entry_at(shard, *between);
    if (!e)
      return e.error();
    const bool older = !*e || std::pair{(*e)->at, than.shard} < std::pair{than.at, shard};
    if (older)
      from = domain::seq_no{between->value() + 1};
    else
      to = *between;
  }
}

std::vector<domain::seq_no> views::audit_places(domain::shard_id shard, domain::seq_no from,
                                                domain::seq_no to, std::size_t most) const {
  const std::shared_lock guard{mutex_};
  const auto known = shards_.find(shard);
  if (known == shards_.end())
    return {};
  const auto& all = known->second.audited;
  const auto first = std::ranges::lower_bound(all, from);
  const auto last = std::ranges::lower_bound(all, to);
  return {last - std::min(last - first, static_cast<std::ptrdiff_t>(most)), last};
}

result<std::vector<entry>> views::audited_after(domain::shard_id shard,
                                                domain::seq_no n) const {
  std::vector<entry> found;
  for (const auto place : audit_places(shard, domain::seq_no{n.value() + 1},
                                       domain::seq_no{~std::uint64_t{0}}, most_audited)) {
    auto e = entry_at(shard, place);
    if (!e)
      return e.error();
    if (*e) // else forgotten meanwhile
      found.push_back(std::move(**e));
  }
  return found;
}

domain::seq_no views::last_audited(domain::shard_id shard) const {
  const std::shared_lock guard{mutex_};
  const auto known = shards_.find(shard);
  return known == shards_.end() || known->second.audited.empty() ? domain::seq_no{}
                                                                 : known->second.audited.back();
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

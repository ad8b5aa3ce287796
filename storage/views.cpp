#include "storage/views.hpp"

#include "domain/free_couriers.hpp"
#include "storage/codec.hpp"
#include "storage/column_codes.hpp"

#include <algorithm>
#include <mutex>

namespace pickup::storage {

using domain::errc;
using domain::error;
using domain::result;

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
      view.states.set(e.n.value(), assignment_code::live);
      add_load(t.courier, true, e.at);
      break;
    case domain::event::assign_canceled:
      end_assignment(view, t.assignment, assignment_code::canceled);
      add_load(t.courier, false, e.at);
      break;
    case domain::event::completed:
      end_assignment(view, t.assignment, assignment_code::finished);
      add_load(t.courier, false, e.at);
      break;
    case domain::event::scheduled: view.scheduled.put(n, t.due); break;
    default: break;
    }
  }
}

void views::end_assignment(shard_view& view, domain::seq_no id, code_column::code state) {
  if (view.states.get(id.value()) == assignment_code::live)
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

} // namespace pickup::storage

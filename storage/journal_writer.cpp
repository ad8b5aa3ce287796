#include "storage/journal_writer.hpp"

#include "domain/overloaded.hpp"
#include "storage/codec.hpp"

namespace pickup::storage {

namespace {

using domain::errc;
using domain::error;

domain::shard_id shard_of(const batch& b) {
  return std::visit(
      domain::overloaded{[](const call_change& c) { return c.made.next.id.shard(); },
                         [](const courier_change& c) { return c.record.shard(); },
                         [](const audit_change& c) { return c.shard; }},
      b.what);
}

template <class Record>
domain::version_no bump(Record& record) {
  record.version = domain::version_no{record.version.value() + 1};
  return record.version;
}

std::optional<error> moved_on(domain::version_no based_on, domain::version_no stored) {
  if (based_on == stored)
    return std::nullopt;
  return error{errc::stale,
               "commit: version " + std::to_string(based_on.value()) + ": now "
                   + std::to_string(stored.value()),
               {}};
}

std::optional<intent> owed_by(const domain::decision& made) {
  if (!made.message)
    return std::nullopt;
  return intent{*made.message, made.next.request.tel};
}

} // namespace

domain::error too_many(std::size_t most) {
  return {errc::overloaded,
          "commit: journal: " + std::to_string(most) + " commits wait already",
          {}};
}

journal_writer::journal_writer(rows& to, views& shown, std::size_t max_group)
    : rows_(to), views_(shown), max_group_(max_group) {
  for (auto shard : views_.shards())
    heads_[shard] = views_.head(shard).value();
}

void journal_writer::process(std::vector<operation> ops) {
  for (auto& op : ops)
    std::visit([&](auto& x) { carry_out(std::move(x)); }, op);
  flush();
}

void journal_writer::carry_out(append_op op) {
  // A record is changed once a group, so that its fence compares with what is durable.
  const auto again =
      std::visit(domain::overloaded{
                     [&](const call_change& c) { return calls_.contains(c.made.next.id); },
                     [&](const courier_change& c) { return couriers_.contains(c.record.id); },
                     [](const audit_change&) { return false; }},
                 op.what.what);
  if (again || group_.size() >= max_group_)
    flush();
  if (failure_) {
    op.done(*failure_);
    return;
  }
  if (auto refusal = fence(op.what)) {
    ++refused_;
    op.done(std::move(*refusal));
    return;
  }
  add(std::move(op.what), std::move(op.done));
}

void journal_writer::carry_out(barrier_op op) {
  flush();
  op.done(outcome());
}

void journal_writer::carry_out(epoch_op op) {
  flush();
  if (failure_) {
    op.done(*failure_);
    return;
  }
  op.done(domain::epoch_no{++epochs_[op.shard]});
}

void journal_writer::carry_out(cursor_op op) {
  std::vector<row> puts;
  for (const auto& c : op.cursors)
    puts.push_back({table::cursors, cursor_key(c.channel, c.shard), encode(c.at)});
  write_unsynced(puts);
}

void journal_writer::carry_out(deliveries_op op) {
  std::vector<row> changes;
  for (const auto& d : op.stored)
    changes.push_back({table::deliveries, delivery_key(op.channel, d.id), encode(d)});
  for (const auto& id : op.removed)
    changes.push_back({table::deliveries, delivery_key(op.channel, id), {}});
  for (const auto& c : op.cursors)
    changes.push_back({table::cursors, cursor_key(c.channel, c.shard), encode(c.at)});
  write_unsynced(changes);
  if (!failure_)
    views_.apply(op.channel, op.stored, op.removed);
  op.done(outcome());
}

void journal_writer::carry_out(sightings_op) {
  std::vector<row> puts;
  for (const auto& [id, seen] : views_.take_unsaved_sightings())
    puts.push_back({table::sightings, courier_key(id), encode(seen)});
  write_unsynced(puts);
}

void journal_writer::carry_out(trim_op op) {
  const auto& t = op.what;
  if (t.from != views_.first(t.shard)) {
    op.done(error{errc::stale,
                  "trim journal: from " + std::to_string(t.from.value()) + ": begins at "
                      + std::to_string(views_.first(t.shard).value()),
                  {}});
    return;
  }
  // The horizon goes with the rows: whatever a crash leaves, it tells where gaps may be.
  std::vector<row> changes{{table::horizons, horizon_key(t.shard),
                            encode(horizon{t.to, views_.last_call(t.shard)})}};
  for (const auto id : t.calls)
    changes.push_back({table::calls, call_key(id), {}});
  for (const auto n : t.entries)
    changes.push_back({table::journal, entry_key(t.shard, n), {}});
  for (const auto& key : t.deliveries)
    changes.push_back({table::deliveries, key, {}});
  // The views first: who misses a row looks there whether it should be.
  if (!failure_)
    views_.forget(t);
  write_unsynced(changes);
  if (!failure_)
    forgotten_calls_ += t.calls.size();
  op.done(outcome());
}

void journal_writer::carry_out(forget_keys_op op) {
  std::vector<row> changes;
  for (const auto& key : op.keys) {
    // Under the same name there may be another key by now.
    const auto stored = rows_.get(table::idempotency, key.row);
    if (stored && *stored && **stored == encode(key.what)
        && may_go(views_, key.what, op.made_before))
      changes.push_back({table::idempotency, key.row, {}});
  }
  write_unsynced(changes);
  if (!failure_)
    forgotten_keys_ += changes.size();
  op.done(outcome());
}

void journal_writer::write_unsynced(const std::vector<row>& changes) {
  if (changes.empty() || failure_)
    return;
  auto written = rows_.write(changes, durability::unsynced);
  if (!written)
    fail(written.error());
}

domain::status_result journal_writer::outcome() const {
  return failure_ ? domain::status_result{*failure_} : domain::done{};
}

std::optional<error> journal_writer::fence(const batch& b) const {
  const auto shard = shard_of(b);
  const auto epoch = epochs_.find(shard);
  const auto now = epoch == epochs_.end() ? 0 : epoch->second;
  if (b.epoch.value() != 0 && b.epoch.value() != now)
    return error{errc::stale,
                 "commit: epoch " + std::to_string(b.epoch.value()) + ": now "
                     + std::to_string(now),
                 {}};
  return std::visit([this](const auto& change) { return fence(change); }, b.what);
}

std::optional<error> journal_writer::fence(const call_change& c) const {
  return moved_on(c.made.next.version, views_.version(c.made.next.id));
}

std::optional<error> journal_writer::fence(const courier_change& c) const {
  const auto known = views_.find(c.record.id);
  return moved_on(c.record.version, known ? known->courier.version : domain::version_no{});
}

std::optional<error> journal_writer::fence(const audit_change& c) const {
  const auto& [operator_name, action, object, detail] = c.what;
  for (const auto* text : {&operator_name, &action, &object, &detail})
    if (text->size() > max_audit_text)
      return error{errc::invalid_argument,
                   "commit: audit of " + c.what.action.substr(0, max_audit_text)
                       + ": a text of " + std::to_string(text->size()) + " bytes, more than "
                       + std::to_string(max_audit_text),
                   {}};
  return std::nullopt;
}

void journal_writer::add(batch b, completion done) {
  const auto shard = shard_of(b);
  pending p;
  p.done = std::move(done);
  p.what = {shard, domain::seq_no{++heads_[shard]}, b.at, std::move(b.correlation_id), {}};
  std::visit([&](auto& change) { add(p, std::move(change)); }, b.what);
  puts_.push_back({table::journal, entry_key(shard, p.what.n), encode(p.what)});
  group_.push_back(std::move(p));
}

void journal_writer::add(pending& p, call_change change) {
  const auto n = p.what.n;
  auto& call = change.made.next;
  call_entry e;
  e.owed = owed_by(change.made);
  e.previous = call.last;
  e.version = bump(call);
  e.call = call.id;
  e.transitions = std::move(change.made.transitions);
  e.why = std::move(change.made.why);
  if (e.previous.value() == 0)
    e.request = call.request;
  call.last = n;
  call.correlation_id = p.what.correlation_id;
  if (call.has_live_assignment() && call.assigned->id.value() == 0)
    call.assigned->id = n;
  calls_.insert(call.id);
  puts_.push_back({table::calls, call_key(call.id), encode(call)});
  if (change.idempotency_key)
    puts_.push_back({table::idempotency,
                     idempotency_key(p.what.shard.service, *change.idempotency_key),
                     encode(remembered_key{call.id, p.what.at})});
  p.what.what = std::move(e);
  p.record = std::move(call);
}

void journal_writer::add(pending& p, courier_change change) {
  auto& record = change.record;
  bump(record);
  couriers_.insert(record.id);
  puts_.push_back({table::couriers, courier_key(record.id), encode(record)});
  if (change.seen)
    puts_.push_back({table::sightings, courier_key(record.id), encode(*change.seen)});
  p.seen = change.seen;
  p.what.what = courier_entry{record};
  p.record = std::move(record);
}

void journal_writer::add(pending& p, audit_change change) {
  p.what.what = change.what;
  p.record = std::move(change.what);
}

void journal_writer::flush() {
  if (group_.empty())
    return;
  const auto written = rows_.write(puts_, durability::synced);
  if (!written)
    fail(written.error());
  auto group = std::move(group_);
  group_.clear();
  puts_.clear();
  calls_.clear();
  couriers_.clear();
  if (!written) {
    // Perhaps the disk has it and perhaps not; the next to open the database finds out.
    const error unknown{errc::unknown_outcome, failure_->text, {}};
    for (auto& p : group)
      p.done(unknown);
    return;
  }
  ++groups_;
  commits_ += group.size();
  // The views first: who hears of a commit must find it there.
  for (const auto& p : group)
    views_.apply(p.what, p.seen);
  for (auto& p : group)
    p.done(committed{p.what.n, std::move(p.record)});
}

void journal_writer::fail(const error& why) {
  const std::lock_guard guard{failure_mutex_};
  failure_ = error{errc::unavailable, "commit: " + why.text, {}};
}

journal_stats journal_writer::stats() const {
  return {commits_, groups_, refused_, forgotten_calls_, forgotten_keys_};
}

std::optional<error> journal_writer::failure() const {
  const std::lock_guard guard{failure_mutex_};
  return failure_;
}

} // namespace pickup::storage

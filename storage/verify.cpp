#include "storage/verify.hpp"

#include "domain/explanation.hpp"
#include "storage/codec.hpp"
#include "storage/entry.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace pickup::storage {

namespace {

using domain::phase;
using domain::result;

/// What a call must look like after the entries seen so far.
struct call_track {
  phase now = phase::requested;
  domain::version_no version;
  domain::seq_no last;
  domain::service_class wanted = domain::service_class::under10kg;
  domain::position where;
  std::vector<domain::courier_id> excluded;
  std::optional<domain::courier_id> courier; ///< of the live assignment
  domain::seq_no assignment;
  std::uint32_t times_assigned = 0;
  std::optional<domain::timestamp> dispatch_at;
};

/// What a version of a courier's record says of the jobs they may have.
struct terms {
  domain::class_set classes;
  std::uint32_t capacity = 0;
  bool on_shift = true;

  friend bool operator==(const terms&, const terms&) = default;
};

struct courier_track {
  bool known = false; ///< an entry said what the record is
  domain::courier record;
  std::map<domain::version_no, terms> past; ///< of the versions that entries are left of
  std::set<domain::call_id> jobs;
};

bool legal(phase from, const domain::transition& t) {
  const auto one_of = [&](std::initializer_list<phase> legal_from) {
    return std::find(legal_from.begin(), legal_from.end(), from) != legal_from.end();
  };
  switch (t.event) {
  case domain::event::called: return t.phase == phase::requested;
  case domain::event::managed:
    return t.phase == phase::dispatching && one_of({phase::requested, phase::scheduled});
  case domain::event::assigned:
    return t.phase == phase::confirmed && one_of({phase::dispatching});
  case domain::event::arrived: return t.phase == phase::arrived && one_of({phase::confirmed});
  case domain::event::picked_up: return t.phase == phase::picked_up && one_of({phase::arrived});
  case domain::event::completed:
    return t.phase == phase::completed && one_of({phase::picked_up});
  case domain::event::call_canceled:
    return t.phase == phase::canceled
           && one_of({phase::requested, phase::scheduled, phase::dispatching, phase::confirmed,
                      phase::arrived});
  case domain::event::assign_canceled:
    return (t.phase == phase::dispatching && one_of({phase::confirmed, phase::arrived}))
           || (t.phase == from && one_of({phase::canceled, phase::pickup_failed}));
  case domain::event::unfulfilled:
    return t.phase == phase::unfulfilled && one_of({phase::dispatching});
  case domain::event::pickup_failed:
    return t.phase == phase::pickup_failed && one_of({phase::confirmed, phase::arrived});
  case domain::event::scheduled:
    return t.phase == phase::scheduled && one_of({phase::requested});
  }
  return false;
}

// The message a commit owes: that of its last transition a customer sees.
std::optional<domain::message> owed(const call_entry& e, std::uint32_t times_assigned) {
  std::optional<domain::message> kind;
  for (const auto& t : e.transitions) {
    switch (t.event) {
    case domain::event::called:
    case domain::event::scheduled:
    case domain::event::assign_canceled: break;
    case domain::event::managed: kind = domain::message::received; break;
    case domain::event::assigned:
      kind = times_assigned > 1 ? domain::message::reassigned : domain::message::confirmed;
      break;
    case domain::event::arrived: kind = domain::message::arrived; break;
    case domain::event::picked_up: kind = domain::message::picked_up; break;
    case domain::event::completed: kind = domain::message::completed; break;
    case domain::event::call_canceled: kind = domain::message::canceled; break;
    case domain::event::unfulfilled: kind = domain::message::unfulfilled; break;
    case domain::event::pickup_failed: kind = domain::message::failed; break;
    }
  }
  return kind;
}

bool assigns(const call_entry& e) {
  return std::ranges::count(e.transitions, domain::event::assigned, &domain::transition::event)
         > 0;
}

class replay {
public:
  void add(domain::shard_id shard, const horizon& h) {
    report_.complete_from[shard] = h.first;
    heads_[shard] = h.first.value() - 1;
  }

  /// @param can_explain whether its row could say why it assigns
  void add(const entry& e, bool can_explain) {
    ++report_.entries;
    auto& head = heads_[e.shard];
    if (e.n >= complete_from(e.shard) && e.n.value() != head + 1)
      complain(e, "follows entry " + std::to_string(head));
    head = std::max(head, e.n.value());
    std::visit([&](const auto& what) { add(e, what); }, e.what);
    if (const auto* call = std::get_if<call_entry>(&e.what);
        call != nullptr && can_explain && assigns(*call) && !call->why)
      complain(e, "assigns a courier and does not say why");
  }

  void compare(const domain::call& stored) {
    const auto known = calls_.find(stored.id);
    if (known == calls_.end())
      return complain(stored.id, "is stored, but has no entry");
    const auto& c = known->second;
    if (c.now != stored.phase || c.version != stored.version || c.last != stored.last)
      complain(stored.id, "stored phase, version or position differ from its entries");
    if (c.dispatch_at != stored.dispatch_at)
      complain(stored.id, "stored time of dispatch differs from its entries");
    const auto live = stored.has_live_assignment();
    if (live != c.courier.has_value()
        || (live
            && (stored.assigned->courier != *c.courier || stored.assigned->id != c.assignment)))
      complain(stored.id, "stored assignment differs from its entries");
    ++report_.calls;
  }

  void compare(const domain::courier& stored) {
    auto& c = couriers_[stored.id];
    const auto complain_of = [&](const std::string& what) {
      report_.violations.push_back("courier " + std::to_string(stored.id.value()) + ": "
                                   + what);
    };
    if (c.known ? c.record != stored : !is_trimmed(stored.shard()))
      complain_of("stored record differs from its entries");
    else if (!allows(stored, c))
      complain_of("stored record does not allow their live jobs");
    ++report_.couriers;
  }

  verification finish() {
    for (const auto& [id, c] : calls_)
      if (ended(c.now) && c.last < complete_from(id.shard()))
        complain(id, "ended before entry " + std::to_string(complete_from(id.shard()).value())
                         + ", from which on the journal is complete, and is still there");
    if (report_.calls != calls_.size())
      report_.violations.push_back("calls: " + std::to_string(calls_.size()) + " have entries, "
                                   + std::to_string(report_.calls) + " are stored");
    if (report_.couriers != couriers_.size())
      report_.violations.push_back("couriers: " + std::to_string(couriers_.size())
                                   + " have entries, " + std::to_string(report_.couriers)
                                   + " are stored");
    for (const auto& [id, c] : couriers_)
      report_.live_assignments += c.jobs.size();
    return std::move(report_);
  }

private:
  domain::seq_no complete_from(domain::shard_id shard) const {
    const auto known = report_.complete_from.find(shard);
    return known == report_.complete_from.end() ? domain::seq_no{1} : known->second;
  }

  // Then a courier's first entries may be gone, and what they allowed is not known.
  bool is_trimmed(domain::shard_id shard) const { return complete_from(shard).value() > 1; }

  bool allows(const domain::courier& record, const courier_track& c) {
    const auto fits = std::all_of(c.jobs.begin(), c.jobs.end(), [&](domain::call_id id) {
      return record.classes.contains(calls_[id].wanted);
    });
    return c.jobs.size() <= record.capacity && fits && !(record.deleted && !c.jobs.empty());
  }

  void complain(const entry& e, const std::string& what) {
    report_.violations.push_back("entry " + std::string{name(e.shard.service)} + "/"
                                 + std::to_string(e.shard.zone.value()) + ":"
                                 + std::to_string(e.n.value()) + ": " + what);
  }

  void complain(domain::call_id id, const std::string& what) {
    report_.violations.push_back(std::string{name(id.service())} + " call "
                                 + std::to_string(id.number()) + ": " + what);
  }

  void add(const entry& e, const call_entry& what) {
    auto& c = calls_[what.call];
    if (what.version.value() != c.version.value() + 1)
      complain(e, "version " + std::to_string(what.version.value()) + " follows "
                      + std::to_string(c.version.value()));
    if (what.previous != c.last)
      complain(e, "names entry " + std::to_string(what.previous.value())
                      + " as the one before it, which is " + std::to_string(c.last.value()));
    if (what.request) {
      c.wanted = what.request->wanted;
      c.where = what.request->where;
    } else if (c.version.value() == 0) {
      complain(e, "begins a call without its request");
    }
    c.version = what.version;
    c.last = e.n;
    for (const auto& t : what.transitions) {
      add(e, what.call, c, t);
      if (t.event == domain::event::assigned && what.why)
        compare(e, c, t, *what.why);
    }
    const auto expected = owed(what, c.times_assigned);
    if (expected != (what.owed ? std::optional{what.owed->kind} : std::nullopt))
      complain(e, "owes another message than its transitions say");
    report_.intents += what.owed ? 1 : 0;
  }

  void add(const entry& e, domain::call_id id, call_track& c, const domain::transition& t) {
    const bool first = c.version.value() == 1 && t.event == domain::event::called;
    if (!legal(c.now, t) || (t.event == domain::event::called && !first))
      complain(e, std::string{name(t.event, id.service())} + " is not legal from "
                      + std::string{name(c.now)});
    c.now = t.phase;
    if (t.event == domain::event::scheduled)
      c.dispatch_at = t.due;
    if (t.event == domain::event::assigned) {
      if (c.courier)
        complain(e, "assigns a second courier");
      c.courier = t.courier;
      c.assignment = e.n;
      ++c.times_assigned;
      ++report_.assignments;
      take(e, id, c, t.courier);
    } else if (t.event == domain::event::assign_canceled
               || t.event == domain::event::completed) {
      if (!c.courier || *c.courier != t.courier || c.assignment != t.assignment)
        complain(e, "ends an assignment that is not live");
      couriers_[t.courier].jobs.erase(id);
      c.courier.reset();
      if (t.phase == phase::dispatching)
        c.excluded.push_back(t.courier);
    }
  }

  void take(const entry& e, domain::call_id id, const call_track& c,
            domain::courier_id courier) {
    auto& who = couriers_[courier];
    who.jobs.insert(id);
    if (!who.known && is_trimmed(e.shard))
      return;
    if (who.jobs.size() > who.record.capacity)
      complain(e, "loads courier " + std::to_string(courier.value()) + " above capacity");
    if (!who.record.classes.contains(c.wanted))
      complain(e, "assigns courier " + std::to_string(courier.value()) + ", who cannot do "
                      + std::string{name(c.wanted)});
    if (who.record.deleted)
      complain(e, "assigns courier " + std::to_string(courier.value()) + ", who is deleted");
  }

  void compare(const entry& e, const call_track& c, const domain::transition& made,
               const domain::explanation& why) {
    ++report_.explanations;
    const auto wrong = [&](const std::string& what) {
      complain(e, "explains its assignment otherwise: " + what);
    };
    if (!agree(why, explained(why)))
      wrong("distances, order or verdicts do not follow from what was known");
    const auto best = chosen(why);
    if (!best || best->courier != made.courier || best->distance != made.distance)
      wrong("courier " + std::to_string(made.courier.value()) + " was not chosen so");
    if (why.wanted != c.wanted || why.where != c.where)
      wrong("the call asks for another class or place");
    for (const auto& one : why.couriers) {
      const auto who = "courier " + std::to_string(one.courier.value());
      if (one.excluded != (std::ranges::count(c.excluded, one.courier) > 0))
        wrong(who + " was " + (one.excluded ? "not excluded" : "excluded"));
      const auto past = terms_of(one.courier, one.version);
      if (past ? *past != terms{one.classes, one.capacity, one.on_shift} : !is_trimmed(e.shard))
        wrong(who + " had no such record of version " + std::to_string(one.version.value()));
    }
  }

  std::optional<terms> terms_of(domain::courier_id id, domain::version_no version) const {
    const auto known = couriers_.find(id);
    if (known == couriers_.end())
      return std::nullopt;
    const auto then = known->second.past.find(version);
    return then == known->second.past.end() ? std::nullopt : std::optional{then->second};
  }

  void add(const entry&, const audit_entry&) { ++report_.audited; }

  void add(const entry& e, const courier_entry& what) {
    const auto& record = what.record;
    auto& c = couriers_[record.id];
    const bool follows = record.version.value() == c.record.version.value() + 1;
    if (!follows && (c.known || !is_trimmed(e.shard)))
      complain(e, "courier version does not follow");
    c.record = record;
    c.past[record.version] = {record.classes, record.capacity, record.on_shift};
    c.known = true;
    if (!allows(record, c))
      complain(e, "changes courier " + std::to_string(record.id.value())
                      + " against their live jobs");
  }

  verification report_;
  std::map<domain::shard_id, std::uint64_t> heads_;
  std::unordered_map<domain::call_id, call_track> calls_;
  std::unordered_map<domain::courier_id, courier_track> couriers_;
};

// Decodes each row of a table and hands it on.
template <class Decode, class Use>
domain::status_result each(const rows& database, table in, Decode decode, Use use) {
  return database.scan(in, {}, {},
                       [&](std::string_view, std::string_view value) -> result<bool> {
                         auto decoded = decode(value);
                         if (!decoded)
                           return decoded.error();
                         use(*decoded);
                         return true;
                       });
}

} // namespace

result<verification> verify(const rows& database) {
  replay all;
  if (auto read =
          database.scan(table::horizons, {}, {},
                        [&](std::string_view key, std::string_view value) -> result<bool> {
                          const auto h = decode_horizon(value);
                          if (!h)
                            return h.error();
                          all.add(shard_of_key(key), *h);
                          return true;
                        });
      !read)
    return read.error();
  if (auto read = database.scan(table::journal, {}, {},
                                [&](std::string_view, std::string_view row) -> result<bool> {
                                  const auto e = decode_entry(row);
                                  if (!e)
                                    return e.error();
                                  all.add(*e, can_explain(row));
                                  return true;
                                });
      !read)
    return read.error();
  if (auto read = each(database, table::calls, decode_call,
                       [&](const domain::call& c) { all.compare(c); });
      !read)
    return read.error();
  if (auto read = each(database, table::couriers, decode_courier,
                       [&](const domain::courier& c) { all.compare(c); });
      !read)
    return read.error();
  return all.finish();
}

} // namespace pickup::storage

// What a dispatcher knows and decides: who is free, who waits, who is promised to whom.
// Pure: time is an argument, nothing is sent. Not thread-safe; owned by a dispatcher actor.
#pragma once

#include "domain/courier.hpp"
#include "domain/courier_index.hpp"
#include "domain/explanation.hpp"
#include "domain/free_couriers.hpp"
#include "domain/ids.hpp"
#include "domain/waiting_calls.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace pickup::domain {

/// A courier promised to a call. It takes one unit of the courier's capacity until the call
/// leaves or enters again; whether its commit has happened is the call's business.
struct reservation {
  call_id call;
  courier_id courier;
  metres distance;
  explanation why;

  friend bool operator==(const reservation&, const reservation&) = default;
};

class board {
public:
  /// @param reach couriers farther away than this are not asked
  explicit board(metres reach);

  // -- couriers --

  /// Adds a courier or takes over a changed record, and ends a hold. Load and place stay.
  void put(const courier& record, timestamp now);
  /// The courier is here, and thereby not lost.
  void move(courier_id id, position where);
  /// The courier was heard of: if lost, no longer.
  void hear(courier_id id);
  /// The courier was not heard of for too long: no new job until move() or hear().
  void lose(courier_id id);
  bool is_lost(courier_id id) const { return lost_.contains(id); }
  /// Takes the courier out of matching while a change of its record is being stored.
  void hold(courier_id id);
  void erase(courier_id id);

  /// The jobs of couriers that are lost. Calls let go of them one by one, or keep them for good
  /// when the courier has arrived.
  std::vector<std::pair<courier_id, call_id>> lost_jobs() const;
  /// The calls promised to a courier, by id.
  std::vector<call_id> jobs(courier_id id) const;
  /// Their classes, for admissible().
  std::vector<service_class> job_classes(courier_id id) const;

  // -- calls --

  /// A call asks for a courier. A reservation it had is released. Old news (a lower version
  /// than known) is ignored.
  void enter(ticket t, timestamp now);
  /// A call known to have this courier: how a new dispatcher learns of live assignments.
  void restore(const ticket& t, courier_id courier, timestamp since);
  /// The call needs nothing any more: its place in the queue and its reservation are free
  /// again.
  void leave(call_id call, timestamp now);

  /// Decides the next reservation, or nothing when all that can be is decided. New calls go
  /// first, the oldest of them first, each to the nearest courier; then couriers who became
  /// available, each to the oldest call they can serve.
  std::optional<reservation> next_match(timestamp now);
  /// Whether next_match() has nothing left to try.
  bool settled() const { return untried_.empty() && restless_.empty(); }
  /// The clock went back: every ticket becomes as_of() now.
  void turn_back(timestamp now);
  /// Looks at all waiting calls afresh, e.g. after matching was out of order.
  void retry_all();

  std::vector<call_id> overdue(timestamp now) const { return waiting_.overdue(now); }

  /// All that wait or have a courier.
  std::vector<call_id> calls() const;
  bool waits(call_id call) const { return waiting_.find(call) != nullptr; }
  std::size_t waiting() const { return waiting_.size(); }
  std::size_t reserved() const { return jobs_.size(); }
  std::size_t couriers() const { return couriers_.size(); }
  /// How many could get one more job now.
  std::size_t free() const { return free_.size(); }
  std::uint32_t load(courier_id id) const;

private:
  struct courier_entry {
    courier record;
    std::optional<position> where;
    timestamp idle_since;
    bool lost = false;
    bool held = false;
    std::unordered_set<call_id> jobs;
  };

  struct job {
    courier_id courier;
    service_class wanted;
    version_no version;
  };

  static courier_rank rank_of(const courier_entry& c);
  /// Whether the courier takes jobs, of a class they can do.
  static bool is_free(const courier_entry& c);
  /// Puts the courier where it belongs after any change, and has it offered waiting calls.
  void refresh(courier_entry& c);
  void withdraw(courier_entry& c);
  void make_wait(ticket t);
  void reserve(const ticket& t, courier_entry& c, timestamp now);
  reservation promise(const ticket& t, explanation why, timestamp now);
  void release(call_id call, timestamp now);
  /// The nearest who could come, the best first; one more than explanations have rivals.
  std::vector<candidate> nearest(const ticket& t) const;
  /// The nearest who could not come.
  std::vector<candidate> nearest_unable(const ticket& t) const;
  /// @param able those who could come
  explanation explain(matching how, const ticket& t, const std::vector<candidate>& able) const;

  metres reach_;
  std::unordered_map<courier_id, courier_entry> couriers_;
  free_couriers free_;
  courier_index unable_; ///< those who have a place and are not free
  std::unordered_map<call_id, job> jobs_;
  waiting_calls waiting_;
  std::set<call_age> untried_;
  std::set<courier_id> restless_;
  std::set<courier_id> lost_;
};

} // namespace pickup::domain

// What is true now, for those who ask: every query reads here, none disturbs an actor.
// Thread-safe. Changed by its journal alone, right after each commit and before the commit is
// answered, so a query sees everything that any earlier answer said. Owned by the journal.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/views.hpp"
#include "storage/code_column.hpp"
#include "storage/column.hpp"
#include "storage/dead_letters_index.hpp"
#include "storage/delivery.hpp"
#include "storage/due_calls_index.hpp"
#include "storage/entry.hpp"
#include "storage/retention.hpp"
#include "storage/rows.hpp"
#include "storage/tel_column.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pickup::domain {
class free_couriers;
}

namespace pickup::storage {

/// A sighting of somebody.
struct sighted {
  domain::courier_id courier;
  domain::sighting seen;
};

/// What was true of a courier before a sighting.
struct before_sighting {
  domain::shard_id shard;
  bool silent = false; ///< never heard of, or lost
};

/// Where a courier is, and whether they count as lost.
struct whereabouts {
  domain::courier_id courier;
  std::optional<domain::position> where;
  bool lost = false;
};

/// Where an operator's action is in the journal.
struct audit_place {
  domain::shard_id shard;
  domain::seq_no n;
};

class views {
public:
  /// How many of a shard's audit entries are told at once of those after a position.
  static constexpr std::size_t most_audited = 1000;

  /// Reads through `from`, which outlives this.
  explicit views(const rows& from);
  ~views();

  /// Builds the in-memory part from the rows. Errors: io, corrupt, newer_format.
  domain::status_result load();

  // -- calls --

  domain::result<std::optional<domain::call>> find(domain::call_id id) const;
  /// Oldest first; empty when there is no such call.
  domain::result<std::vector<domain::history_item>> history(domain::call_id id) const;
  /// Why each courier of the call was chosen, the first of them first; those of old are not
  /// known. Nothing when there is no such call.
  domain::result<std::optional<std::vector<domain::assignment_explanation>>>
  explain(domain::call_id id) const;
  domain::result<domain::page<domain::call_view>> list(const domain::call_filter& filter,
                                                       domain::page_request part) const;
  domain::result<domain::page<domain::assignment_view>>
  list(const domain::assignment_filter& filter, domain::page_request part) const;
  /// Calls that are under way (domain::under_way), oldest first.
  std::vector<domain::call_id> live_calls(domain::shard_id shard) const;
  /// The newest of them with numbers in the shard below `below`, newest first, at most `most`.
  std::vector<domain::call_id> newest_live_calls(domain::shard_id shard, std::uint64_t below,
                                                 std::size_t most) const;
  /// How many they are.
  std::uint64_t live_call_count(domain::shard_id shard) const;
  /// Scheduled calls whose time has come at `now`, the earliest first, at most `most`.
  std::vector<domain::call_id> due_calls(domain::shard_id shard, domain::timestamp now,
                                         std::size_t most) const;
  /// Whether the call is scheduled.
  bool is_scheduled(domain::call_id id) const;
  /// How many calls of a shard are scheduled.
  std::uint64_t scheduled_calls(domain::shard_id shard) const;
  /// The same with their rows, read in one pass: a small part of the time that finding each
  /// takes. Errors: io, corrupt, newer_format.
  domain::status_result visit_live_calls(domain::shard_id shard,
                                         const std::function<void(domain::call)>& visit) const;
  /// The version of a call as committed; 0 when there is no such call.
  domain::version_no version(domain::call_id id) const;
  /// The highest call number a shard ever had, 0 when it had none.
  std::uint64_t last_call(domain::shard_id shard) const;
  /// How many calls of a shard are not forgotten, live ones too.
  std::uint64_t call_count(domain::shard_id shard) const;
  /// How many calls of a shard have a courier and have not ended.
  std::uint64_t live_assignments(domain::shard_id shard) const;
  /// Nothing also when the key's call is forgotten.
  domain::result<std::optional<remembered_key>> find_key(domain::service s,
                                                         std::string_view key) const;

  // -- couriers --

  /// Also finds deleted ones.
  std::optional<domain::courier_view> find(domain::courier_id id) const;
  /// Visits couriers by id, those after `after`, deleted ones too, at most `most`; the last it
  /// came to, or nothing when no more follow. Nobody is moved meanwhile, so a visit is short.
  std::optional<domain::courier_id>
  visit_couriers(domain::courier_id after, std::size_t most,
                 const std::function<void(const domain::courier_view&)>& visit) const;
  /// The couriers of a shard, by id, deleted ones left out.
  std::vector<domain::courier_view> couriers(domain::shard_id shard) const;
  /// Where these are; those who do not exist are left out.
  std::vector<whereabouts> whereabouts_of(const std::vector<domain::courier_id>& ids) const;
  /// Who could take a job of this class now, nearest first, as matching orders them; at most so
  /// many.
  std::vector<domain::nearby_courier> nearest(domain::service_class wanted,
                                              domain::position from, domain::metres reach,
                                              std::size_t most) const;
  /// The highest courier id ever given, 0 when none was.
  domain::courier_id last_courier() const;

  // -- the journal's positions --

  /// Every shard that has a journal.
  std::vector<domain::shard_id> shards() const;
  /// The last position of a shard's journal.
  domain::seq_no head(domain::shard_id shard) const;
  /// From where on a shard's journal is complete.
  domain::seq_no first(domain::shard_id shard) const;
  /// The entry at a position; nothing when there is none, or none any more.
  domain::result<std::optional<entry>> entry_at(domain::shard_id shard, domain::seq_no n) const;
  /// At most `limit` entries from position `from` on; before first() there are gaps.
  domain::result<std::vector<entry>> read_from(domain::shard_id shard, domain::seq_no from,
                                               std::size_t limit) const;
  /// How far a channel has come; 0 when it never began.
  domain::result<domain::seq_no> cursor(std::string_view channel, domain::shard_id shard) const;
  /// At most `limit` idempotency keys from row `from` on.
  domain::result<std::vector<known_key>> keys_from(std::string_view from,
                                                   std::size_t limit) const;
  /// Visits the stored deliveries of a channel in a shard, by position, until `visit` answers
  /// false.
  domain::status_result visit_deliveries(std::string_view channel, domain::shard_id shard,
                                         const std::function<bool(delivery)>& visit) const;
  /// The stored delivery of an entry's message on a channel, if there is one.
  domain::result<std::optional<delivery>> find_delivery(std::string_view channel,
                                                        const delivery_id& id) const;
  /// The rows of the stored deliveries of an entry's message, on any channel.
  domain::result<std::vector<std::string>> delivery_rows(domain::shard_id shard,
                                                         domain::seq_no n) const;

  /// The stored deliveries of a channel that reached nobody, over all shards, the last to end
  /// first, at most `most`; of a shard only the last dead_letters_index::most_listed are known.
  std::vector<delivery_id> newest_dead_letters(std::string_view channel,
                                               std::size_t most) const;
  /// How many of them are stored.
  std::uint64_t dead_letters(std::string_view channel) const;

  /// What operators did, over all shards, the newest first, at most `most` of those older than
  /// `before`, or of all. Shards have nothing in common but the clock: when it was set back, a
  /// list that goes on with another shard's may leave some out, or tell them twice. `pause` is
  /// called now and then, without a lock. Errors: invalid_argument (`before` is no action).
  domain::result<std::vector<entry>> list_audit(
      std::size_t most, const std::optional<audit_place>& before = {},
      const std::function<void()>& pause = [] {}) const;
  /// The last `most_audited` of one shard after a position, the oldest first.
  domain::result<std::vector<entry>> audited_after(domain::shard_id shard,
                                                   domain::seq_no n) const;
  /// The position of the last of them; 0 when there is none.
  domain::seq_no last_audited(domain::shard_id shard) const;

  // -- for the journal alone --

  /// One commit that has just become durable.
  void apply(const entry& committed, const std::optional<domain::sighting>& seen);
  /// Deliveries of a channel that have just been stored and removed.
  void apply(const std::string& channel, std::span<const delivery> stored,
             std::span<const delivery_id> removed);
  /// A step that is about to be written.
  void forget(const trim& what);
  /// Volatile until the journal saves it; see journal.
  std::vector<std::optional<before_sighting>> see(std::span<const sighted> all);
  /// Never stored: a restart finds everybody again. See journal.
  bool lose(domain::courier_id id, domain::timestamp since);
  /// The sightings that changed since the last call of this.
  std::vector<std::pair<domain::courier_id, domain::sighting>> take_unsaved_sightings();

private:
  struct shard_view {
    code_column phases; ///< by n; the code is the phase
    tel_column tels;
    column<std::uint32_t> versions;
    std::uint64_t last_call = 0;
    due_calls_index scheduled;
    code_column states; ///< of assignments, by the position that made them; codes below
    std::deque<domain::seq_no> audited; ///< operators' actions, lowest first
    domain::seq_no first{1};
    domain::seq_no head;
  };

  void apply(shard_view& view, const entry& e, const call_entry& what);
  void apply(shard_view& view, const entry& e, const courier_entry& what);
  /// Where the last `most` audit entries of a shard from one position to before another are.
  std::vector<domain::seq_no> audit_places(domain::shard_id shard, domain::seq_no from,
                                           domain::seq_no to, std::size_t most) const;
  /// The position in a shard from which on audit entries are not older than one of another.
  domain::result<domain::seq_no> end_of_older(domain::shard_id shard, const entry& than) const;
  static void apply(shard_view& view, const entry& e, const audit_entry& what);
  void add_load(domain::courier_id id, bool more, domain::timestamp at);
  /// Puts the courier where it belongs among the free after any change.
  void refresh(const domain::courier_view& c);
  static void end_assignment(shard_view& view, domain::seq_no id, code_column::code state);
  domain::status_result load_horizons();
  domain::status_result load_journal();
  domain::status_result check_next(const entry& e);
  domain::status_result load_couriers();
  domain::status_result load_deliveries();
  domain::status_result check_calls_to_come() const;
  /// In one pass; `ids` are of one shard and in order.
  domain::status_result visit_rows(const std::vector<domain::call_id>& ids,
                                   const std::function<void(domain::call)>& visit) const;
  // Nothing when the call was forgotten since its id was looked up.
  domain::result<std::optional<domain::call_view>> describe(domain::call_id id) const;
  domain::result<std::optional<domain::assignment_view>>
  describe(domain::shard_id shard, domain::seq_no assignment, code_column::code state) const;
  domain::result<std::vector<entry>> entries_of(domain::call_id id) const;
  bool known_assignment(domain::shard_id shard, domain::seq_no id) const;
  void note(const std::string& channel, const delivery& d);

  const rows& rows_;
  mutable std::shared_mutex mutex_;
  std::map<domain::shard_id, shard_view> shards_;
  /// By channel; guarded as shards_ is.
  std::map<std::string, std::map<domain::shard_id, dead_letters_index>, std::less<>>
      dead_letters_;
  mutable std::shared_mutex courier_mutex_;
  std::map<domain::courier_id, domain::courier_view> couriers_;
  std::set<domain::courier_id> unsaved_;
  std::unique_ptr<domain::free_couriers> free_; ///< none before all is loaded
};

} // namespace pickup::storage

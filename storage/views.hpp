// What is true now, for those who ask: every query reads here, none disturbs an actor.
// Thread-safe. Changed by its journal alone, right after each commit and before the commit is
// answered, so a query sees everything that any earlier answer said. Owned by the journal.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/views.hpp"
#include "storage/code_column.hpp"
#include "storage/entry.hpp"
#include "storage/rows.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace pickup::storage {

class views {
public:
  /// Reads through `from`, which outlives this.
  explicit views(const rows& from) : rows_(from) {}

  /// Builds the in-memory part from the rows. Errors: io, corrupt, newer_format.
  domain::status_result load();

  // -- calls --

  domain::result<std::optional<domain::call>> find(domain::call_id id) const;
  /// Oldest first; empty when there is no such call.
  domain::result<std::vector<domain::history_item>> history(domain::call_id id) const;
  domain::result<domain::page<domain::call_view>> list(const domain::call_filter& filter,
                                                       domain::page_request part) const;
  domain::result<domain::page<domain::assignment_view>>
  list(const domain::assignment_filter& filter, domain::page_request part) const;
  /// Calls that have not ended, oldest first.
  std::vector<domain::call_id> live_calls(domain::shard_id shard) const;
  /// The same with their rows, read in one pass: a small part of the time that finding each
  /// takes. Errors: io, corrupt, newer_format.
  domain::status_result visit_live_calls(domain::shard_id shard,
                                         const std::function<void(domain::call)>& visit) const;
  /// The version of a call as committed; 0 when there is no such call.
  domain::version_no version(domain::call_id id) const;
  /// The highest call number of a shard, 0 when it has none.
  std::uint64_t last_call(domain::shard_id shard) const;
  domain::result<std::optional<remembered_key>> find_key(domain::service s,
                                                         std::string_view key) const;

  // -- couriers --

  /// Also finds deleted ones.
  std::optional<domain::courier_view> find(domain::courier_id id) const;
  /// By id, deleted ones left out; of one service, or all.
  domain::page<domain::courier_view> list_couriers(std::optional<domain::service> service,
                                                   domain::page_request part) const;
  /// The couriers of a shard, by id, deleted ones left out.
  std::vector<domain::courier_view> couriers(domain::shard_id shard) const;
  /// The highest courier id ever given, 0 when none was.
  domain::courier_id last_courier() const;

  // -- the journal's positions --

  /// Every shard that has a journal.
  std::vector<domain::shard_id> shards() const;
  /// The last position of a shard's journal.
  domain::seq_no head(domain::shard_id shard) const;
  /// At most `limit` entries from position `from` on.
  domain::result<std::vector<entry>> read_from(domain::shard_id shard, domain::seq_no from,
                                               std::size_t limit) const;
  /// How far a channel has come; 0 when it never began.
  domain::result<domain::seq_no> cursor(std::string_view channel, domain::shard_id shard) const;

  // -- for the journal alone --

  /// One commit that has just become durable.
  void apply(const entry& committed, const std::optional<domain::sighting>& seen);
  /// Volatile until the journal saves it.
  void see(domain::courier_id id, const domain::sighting& seen);
  /// The sightings that changed since the last call of this.
  std::vector<std::pair<domain::courier_id, domain::sighting>> take_unsaved_sightings();

private:
  struct assignment_marks {
    domain::seq_no made;
    domain::seq_no ended; ///< 0 while live
    domain::call_id call;
  };

  struct shard_view {
    code_column phases; ///< by n; the code is the phase
    std::vector<std::uint64_t> tels;
    std::vector<std::uint32_t> versions;
    std::uint64_t last_call = 0;
    code_column states; ///< of assignments, by order of making; codes below
    std::vector<assignment_marks> assignments;
    domain::seq_no head;
  };

  struct courier_state {
    domain::courier record;
    std::uint32_t load = 0;
    domain::sighting seen;
  };

  void apply_call(shard_view& view, const entry& e, const call_entry& what);
  void add_load(domain::courier_id id, bool more);
  static void end_assignment(shard_view& view, domain::seq_no id, domain::seq_no at,
                             bool canceled);
  domain::status_result load_journal();
  domain::status_result load_couriers();
  domain::status_result check_live_calls() const;
  domain::result<domain::call_view> describe(domain::call_id id) const;
  domain::result<domain::assignment_view> describe(domain::shard_id shard,
                                                   const assignment_marks& marks) const;
  domain::result<entry> entry_at(domain::shard_id shard, domain::seq_no n) const;
  static domain::courier_view view_of(const courier_state& c);

  const rows& rows_;
  mutable std::shared_mutex mutex_;
  std::map<domain::shard_id, shard_view> shards_;
  mutable std::shared_mutex courier_mutex_;
  std::map<domain::courier_id, courier_state> couriers_;
  std::set<domain::courier_id> unsaved_;
};

} // namespace pickup::storage

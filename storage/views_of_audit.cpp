// What views tell of operators' actions.
#include "storage/views.hpp"

#include <algorithm>
#include <mutex>

namespace pickup::storage {

using domain::errc;
using domain::error;
using domain::result;

namespace {

// Entries of the audit that are read before others have their turn.
constexpr std::size_t audit_reads_in_a_row = 100;

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

} // namespace pickup::storage

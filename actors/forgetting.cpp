#include "actors/forgetting.hpp"

#include <algorithm>
#include <utility>

namespace pickup::actors {

namespace {

using namespace std::chrono_literals;

/// Rows looked at in one step: about a millisecond of the journal's thread at most.
constexpr std::size_t rows_a_step = 512;
/// Keys are not sorted by age, so each walk looks at all of them.
constexpr domain::duration longest_rest = 1h;
constexpr domain::duration shortest_rest = 1s;

} // namespace

domain::result<std::optional<storage::operation>> forgetting::next(const completion& done) {
  const auto chores = node_.shards.size() + 1; // each shard, and the keys
  for (std::size_t tried = 0; tried < chores; ++tried) {
    const auto chore = turn_++ % chores;
    auto due =
        chore < node_.shards.size() ? trim(node_.shards[chore], done) : forget_keys(done);
    if (!due || *due)
      return due;
  }
  return std::optional<storage::operation>{};
}

forgetting::step forgetting::trim(domain::shard_id shard, const completion& done) const {
  const auto kept = node_.options.retention.ended_calls;
  if (kept == domain::duration::zero())
    return std::optional<storage::operation>{};
  const auto now = node_.now();
  auto due = storage::next_trim(node_.journal.view(), shard,
                                {now, now - kept, node_.journal_readers, rows_a_step});
  if (!due)
    return due.error();
  if (!*due)
    return std::optional<storage::operation>{};
  return std::optional<storage::operation>{storage::trim_op{std::move(**due), done}};
}

forgetting::step forgetting::forget_keys(const completion& done) {
  const auto now = node_.now();
  const auto window = node_.options.dispatch.idempotency_window;
  if (key_.empty() && node_.steady() < next_walk_)
    return std::optional<storage::operation>{};
  auto old = storage::find_old_keys(node_.journal.view(), key_, now - window, rows_a_step);
  if (!old)
    return old.error();
  key_ = std::move(old->next);
  next_walk_ = node_.steady() + std::clamp(window / 10, shortest_rest, longest_rest);
  return std::optional<storage::operation>{
      storage::forget_keys_op{std::move(old->keys), now - window, done}};
}

} // namespace pickup::actors

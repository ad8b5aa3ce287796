#include "storage/memory_journal.hpp"

#include <stdexcept>
#include <utility>

namespace pickup::storage {

namespace {

// The views must be loaded before the writer reads the heads from them.
views& loaded(views& v) {
  if (auto ok = v.load(); !ok)
    throw std::runtime_error{ok.error().text};
  return v;
}

} // namespace

memory_journal::memory_journal(std::shared_ptr<memory_rows> over)
    : rows_(std::move(over)), views_(*rows_), writer_(*rows_, loaded(views_), 1000) {}

void memory_journal::submit(operation op) {
  const std::lock_guard guard{mutex_};
  if (auto* append = std::get_if<append_op>(&op); append && waiting_.size() >= limit_)
    return append->done(too_many(limit_));
  waiting_.push_back(std::move(op));
  if (!held_)
    writer_.process(std::exchange(waiting_, {}));
}

std::vector<std::optional<before_sighting>> memory_journal::see(std::span<const sighted> all) {
  return views_.see(all);
}

bool memory_journal::lose(domain::courier_id id, domain::timestamp since) {
  return views_.lose(id, since);
}

void memory_journal::hold() {
  const std::lock_guard guard{mutex_};
  held_ = true;
}

void memory_journal::release() {
  const std::lock_guard guard{mutex_};
  held_ = false;
  writer_.process(std::exchange(waiting_, {}));
}

} // namespace pickup::storage

#include "domain/board.hpp"

#include <algorithm>

namespace pickup::domain {

board::board(metres reach) : reach_(reach), waiting_(reach) {}

// -- couriers --

void board::put(const courier& record, timestamp now) {
  const auto [known, added] = couriers_.try_emplace(record.id);
  auto& c = known->second;
  withdraw(c);
  if (added)
    c.idle_since = now;
  c.record = record;
  c.held = false;
  refresh(c);
}

void board::move(courier_id id, position where) {
  const auto known = couriers_.find(id);
  if (known == couriers_.end())
    return;
  known->second.where = where;
  known->second.lost = false;
  lost_.erase(id);
  refresh(known->second);
}

void board::hear(courier_id id) {
  const auto known = couriers_.find(id);
  if (known == couriers_.end() || !known->second.lost)
    return;
  known->second.lost = false;
  lost_.erase(id);
  refresh(known->second);
}

void board::lose(courier_id id) {
  const auto known = couriers_.find(id);
  if (known == couriers_.end())
    return;
  known->second.lost = true;
  lost_.insert(id);
  refresh(known->second);
}

void board::hold(courier_id id) {
  const auto known = couriers_.find(id);
  if (known == couriers_.end())
    return;
  known->second.held = true;
  refresh(known->second);
}

void board::erase(courier_id id) {
  const auto known = couriers_.find(id);
  if (known == couriers_.end())
    return;
  withdraw(known->second);
  lost_.erase(id);
  couriers_.erase(known);
}

std::vector<std::pair<courier_id, call_id>> board::lost_jobs() const {
  std::vector<std::pair<courier_id, call_id>> result;
  for (auto id : lost_)
    for (auto call : jobs(id))
      result.emplace_back(id, call);
  return result;
}

std::vector<call_id> board::jobs(courier_id id) const {
  const auto known = couriers_.find(id);
  if (known == couriers_.end())
    return {};
  std::vector<call_id> result{known->second.jobs.begin(), known->second.jobs.end()};
  std::ranges::sort(result);
  return result;
}

std::vector<service_class> board::job_classes(courier_id id) const {
  std::vector<service_class> result;
  for (auto call : jobs(id))
    result.push_back(jobs_.at(call).wanted);
  return result;
}

std::uint32_t board::load(courier_id id) const {
  const auto known = couriers_.find(id);
  return known == couriers_.end() ? 0 : static_cast<std::uint32_t>(known->second.jobs.size());
}

// -- calls --

void board::enter(ticket t, timestamp now) {
  if (const auto known = jobs_.find(t.call);
      known != jobs_.end() && known->second.version > t.version)
    return;
  if (const auto* known = waiting_.find(t.call); known != nullptr && known->version > t.version)
    return;
  release(t.call, now);
  make_wait(std::move(t));
}

void board::make_wait(ticket t) {
  if (const auto before = waiting_.take(t.call))
    untried_.erase({before->created_at, before->call});
  untried_.insert({t.created_at, t.call});
  waiting_.put(std::move(t));
}

void board::turn_back(timestamp now) {
  for (const auto& age : waiting_.by_age())
    if (age.created_at > now)
      make_wait(as_of(now, *waiting_.find(age.call)));
}

void board::restore(const ticket& t, courier_id courier, timestamp since) {
  const auto known = couriers_.find(courier);
  if (known == couriers_.end())
    return;
  reserve(t, known->second, {}, since);
}

void board::leave(call_id call, timestamp now) {
  if (const auto t = waiting_.take(call))
    untried_.erase({t->created_at, t->call});
  release(call, now);
}

std::optional<reservation> board::next_match(timestamp now) {
  while (!untried_.empty()) {
    const auto age = *untried_.begin();
    untried_.erase(untried_.begin());
    const auto* t = waiting_.find(age.call);
    if (t == nullptr)
      continue;
    if (const auto best = nearest(*t))
      return reserve(*t, couriers_.at(best->rank.id), best->distance, now);
  }
  while (!restless_.empty() && !waiting_.empty()) {
    auto& c = couriers_.at(*restless_.begin());
    const auto* t = waiting_.oldest_for(c.record.id, c.record.classes, *c.where);
    if (t != nullptr)
      return reserve(*t, c, distance(*c.where, t->where), now);
    restless_.erase(restless_.begin());
  }
  restless_.clear();
  return std::nullopt;
}

void board::retry_all() {
  for (const auto& age : waiting_.by_age())
    untried_.insert(age);
}

// -- inside --

void board::refresh(courier_entry& c) {
  const auto jobs = static_cast<std::uint32_t>(c.jobs.size());
  if (c.held || !can_take_job(c.record, jobs, c.where, c.lost))
    return withdraw(c);
  free_.put(c.record.classes, {jobs, c.idle_since, c.record.id}, *c.where);
  restless_.insert(c.record.id);
}

void board::withdraw(courier_entry& c) {
  free_.erase(c.record.classes, c.record.id);
  restless_.erase(c.record.id);
}

reservation board::reserve(const ticket& t, courier_entry& c, metres away, timestamp now) {
  const auto call = t.call;
  jobs_.insert_or_assign(call, job{c.record.id, t.wanted, t.version});
  if (const auto taken = waiting_.take(call))
    untried_.erase({taken->created_at, call});
  c.jobs.insert(call);
  c.idle_since = now;
  refresh(c);
  return {call, c.record.id, away};
}

void board::release(call_id call, timestamp now) {
  const auto known = jobs_.find(call);
  if (known == jobs_.end())
    return;
  const auto courier = couriers_.find(known->second.courier);
  jobs_.erase(known);
  if (courier == couriers_.end())
    return;
  courier->second.jobs.erase(call);
  courier->second.idle_since = now;
  refresh(courier->second);
}

std::optional<candidate> board::nearest(const ticket& t) const {
  const auto best = free_.nearest(t.wanted, t.where, reach_, t.excluded, 1);
  return best.empty() ? std::nullopt : std::optional{best.front()};
}

} // namespace pickup::domain

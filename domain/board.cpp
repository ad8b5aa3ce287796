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
  unable_.erase(id);
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
  reserve(t, known->second, since);
}

void board::leave(call_id call, timestamp now) {
  if (const auto t = waiting_.take(call))
    untried_.erase({t->created_at, t->call});
  release(call, now);
}

std::vector<call_id> board::calls() const {
  std::vector<call_id> all;
  for (const auto& age : waiting_.by_age())
    all.push_back(age.call);
  for (const auto& [call, held] : jobs_)
    all.push_back(call);
  return all;
}

std::optional<reservation> board::next_match(timestamp now) {
  while (!untried_.empty()) {
    const auto age = *untried_.begin();
    untried_.erase(untried_.begin());
    const auto* t = waiting_.find(age.call);
    if (t == nullptr)
      continue;
    if (const auto able = nearest(*t); !able.empty())
      return promise(*t, explain(matching::nearest, *t, able), now);
  }
  while (!restless_.empty() && !waiting_.empty()) {
    auto& c = couriers_.at(*restless_.begin());
    const auto* t = waiting_.oldest_for(c.record.id, c.record.classes, *c.where);
    if (t != nullptr) {
      auto able = nearest(*t);
      std::erase_if(able, [&](const candidate& x) { return x.rank.id == c.record.id; });
      able.resize(std::min(able.size(), most_rivals));
      able.push_back({rank_of(c), {}});
      return promise(*t, explain(matching::oldest_call, *t, able), now);
    }
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

courier_rank board::rank_of(const courier_entry& c) {
  return {static_cast<std::uint32_t>(c.jobs.size()), c.idle_since, c.record.id};
}

bool board::is_free(const courier_entry& c) {
  const auto jobs = static_cast<std::uint32_t>(c.jobs.size());
  return !c.held && can_take_job(c.record, jobs, c.where, c.lost);
}

void board::refresh(courier_entry& c) {
  if (is_free(c)) {
    unable_.erase(c.record.id);
    free_.put(c.record.classes, rank_of(c), *c.where);
    restless_.insert(c.record.id);
    return;
  }
  withdraw(c);
  if (c.where)
    unable_.put(rank_of(c), *c.where);
}

void board::withdraw(courier_entry& c) {
  free_.erase(c.record.classes, c.record.id);
  restless_.erase(c.record.id);
}

void board::reserve(const ticket& t, courier_entry& c, timestamp now) {
  const auto call = t.call;
  jobs_.insert_or_assign(call, job{c.record.id, t.wanted, t.version});
  if (const auto taken = waiting_.take(call))
    untried_.erase({taken->created_at, call});
  c.jobs.insert(call);
  c.idle_since = now;
  refresh(c);
}

reservation board::promise(const ticket& t, explanation why, timestamp now) {
  const auto& best = why.couriers.front();
  reservation made{t.call, best.courier, best.distance, std::move(why)};
  reserve(t, couriers_.at(made.courier), now);
  return made;
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

// -- whom to send, and why --

std::vector<candidate> board::nearest(const ticket& t) const {
  return free_.nearest(t.wanted, t.where, reach_, t.excluded, 1 + most_rivals);
}

std::vector<candidate> board::nearest_unable(const ticket& t) const {
  auto found = unable_.nearest(t.where, reach_, {}, most_unable);
  const auto others = free_.nearest_unable(t.wanted, t.where, reach_, most_unable);
  found.insert(found.end(), others.begin(), others.end());
  const std::set<courier_id> excluded{t.excluded.begin(), t.excluded.end()};
  for (const auto id : excluded) {
    const auto known = couriers_.find(id);
    if (known == couriers_.end() || !is_free(known->second)
        || !known->second.record.classes.contains(t.wanted))
      continue; // gone, or among those above
    if (const auto away = distance(*known->second.where, t.where); away <= reach_)
      found.push_back({rank_of(known->second), away});
  }
  std::ranges::sort(found, better);
  found.resize(std::min(found.size(), most_unable));
  return found;
}

explanation board::explain(matching how, const ticket& t,
                           const std::vector<candidate>& able) const {
  explanation e{how, t.where, t.wanted, reach_, {}};
  e.couriers.reserve(able.size() + most_unable);
  const auto add = [&](const candidate& x) {
    const auto& c = couriers_.at(x.rank.id);
    const auto& r = c.record;
    e.couriers.push_back({r.id, r.version, r.classes, r.capacity, r.on_shift, c.lost, c.held,
                          std::ranges::find(t.excluded, r.id) != t.excluded.end(), *c.where,
                          static_cast<std::uint32_t>(c.jobs.size()), c.idle_since});
  };
  std::ranges::for_each(able, add);
  std::ranges::for_each(nearest_unable(t), add);
  return explained(std::move(e));
}

} // namespace pickup::domain

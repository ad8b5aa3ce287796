#include "notify/outbox.hpp"

#include <algorithm>

namespace pickup::notify {

namespace {

using namespace std::chrono_literals;
using state = delivery_state;

/// A number that the provider called bad is not tried again for so long.
constexpr auto marked_for = 24h;
constexpr std::size_t most_marked = 10'000;
/// A short message.
constexpr std::size_t sms_bytes = 90;

std::size_t index(carrier via) {
  return static_cast<std::size_t>(provider_of(via));
}

bool is_end_of_call(domain::message m) {
  using enum domain::message;
  return m == completed || m == canceled || m == unfulfilled || m == domain::message::failed;
}

bool names_courier(domain::message m) {
  return m == domain::message::confirmed || m == domain::message::reassigned;
}

} // namespace

outbox::outbox(rules r, senders from, std::uint64_t seed)
    : rules_(std::move(r)), from_(std::move(from)), random_(seed) {}

void outbox::add(outgoing m, domain::timestamp now, bool doubted) {
  delivery row;
  row.id = m.id;
  row.born = m.born;
  row.since = row.due = now;
  if (doubted)
    row = recovered(std::move(row), now);
  const auto call = m.call;
  const auto id = m.id;
  const bool marked = is_marked(m.what.tel, now);
  insert(std::move(m), std::move(row));
  touched_.push_back(id);
  if (marked && !doubted) {
    auto& i = items_.at(id);
    auto next = i.now;
    next.state = state::failed;
    next.due = now;
    next.reason = "bad number, as it was found before";
    set(i, std::move(next));
    settle(id, now);
  }
  supersede(call, now);
}

void outbox::recover(outgoing m, delivery row, domain::timestamp now) {
  if (has_ended(row.state)) {
    if (row.state == state::failed && now < row.due + marked_for)
      mark(m.what.tel, row.due);
    return;
  }
  insert(std::move(m), recovered(std::move(row), now));
}

void outbox::insert(outgoing m, delivery row) {
  const auto id = m.id;
  lines_[m.call].push_back(id);
  auto& i = items_.emplace(id, item{std::move(m), std::move(row)}).first->second;
  queue(i);
}

void outbox::tend(domain::timestamp now, bool alimtalk_stopped) {
  // What is due later than anything can be, a clock that was set back has moved there.
  const auto longest =
      std::max({longest_rest, rules_.alimtalk.retry_most, rules_.sms.retry_most,
                rules_.alimtalk.poll_most, rules_.sms.poll_most});
  for (auto& line : due_)
    while (!line.empty() && line.rbegin()->first > now + longest) {
      auto& i = items_.at(line.rbegin()->second);
      unqueue(i);
      i.now.due = now;
      queue(i);
    }
  const bool diverts = alimtalk_stopped && rules_.has_sms;
  for (const auto& line : due_) {
    std::vector<delivery_id> late;
    for (auto at = line.begin(); at != line.end() && at->first <= now; ++at)
      late.push_back(at->second);
    for (const auto& id : late) {
      auto& i = items_.at(id);
      if (auto expired = expire(i.now, rules_, now))
        set(i, std::move(expired->next));
      else if (diverts && i.now.state == state::waiting && i.now.via == carrier::alimtalk)
        set(i, hand_over(i.now, rules_, now, "channel stopped"));
      else
        continue;
      settle(id, now);
    }
  }
}

std::optional<task> outbox::next(provider with, domain::timestamp now) {
  const auto& line = due_.at(static_cast<std::size_t>(with));
  if (line.empty() || line.begin()->first > now)
    return std::nullopt;
  auto& i = items_.at(line.begin()->second);
  task t{i.now.id, next_work(i.now, rules_, now), {}};
  unqueue(i);
  i.under_way = true;
  switch (t.what) {
  case work::send:
    ++of(i.now.via).sent;
    of(i.now.via).retries += i.now.last_sent.time_since_epoch().count() > 0 ? 1 : 0;
    t.ask = send_request(i.message.what, i.now, from_);
    set(i, sending(i.now, rules_, now));
    break;
  case work::search: t.ask = search_request(i.message.what, i.now, now); break;
  case work::poll: t.ask = poll_request(i.now); break;
  case work::none: break;
  }
  return t;
}

verdict outbox::answered(const delivery_id& id, work done, const outcome& o,
                         domain::timestamp now) {
  auto& i = items_.at(id);
  const auto before = i.now;
  auto after = step(before, done, o, rules_, now, chance());
  const bool said = std::holds_alternative<reported>(o) || std::holds_alternative<absent>(o);
  const bool reconciled = done == work::search && said && after.next.state != state::unknown
                          && before.state != state::accepted;
  of(before.via).reconciled += reconciled ? 1 : 0;
  i.under_way = false;
  if (after.next.state == state::failed)
    mark(i.message.what.tel, now);
  set(i, std::move(after.next));
  const auto call = i.message.call;
  settle(id, now);
  supersede(call, now);
  return {after.stop_channel, after.alarm, reconciled};
}

std::optional<domain::timestamp> outbox::due(provider with) const {
  const auto& line = due_.at(static_cast<std::size_t>(with));
  return line.empty() ? std::nullopt : std::optional{line.begin()->first};
}

std::vector<change> outbox::take_changes() {
  auto all = std::exchange(ended_, {});
  std::ranges::sort(touched_);
  const auto again = std::ranges::unique(touched_);
  touched_.erase(again.begin(), again.end());
  for (const auto& id : touched_)
    if (const auto i = items_.find(id); i != items_.end())
      all.push_back({i->second.message, i->second.now});
  touched_.clear();
  return all;
}

std::optional<domain::seq_no> outbox::oldest(domain::shard_id shard) const {
  const auto first = items_.lower_bound({shard, domain::seq_no{}});
  if (first == items_.end() || first->first.shard != shard)
    return std::nullopt;
  return first->first.n;
}

// -- inside

void outbox::set(item& i, delivery next) {
  unqueue(i);
  if (next.via != i.now.via) {
    ++of(i.now.via).handed_over;
    if (sms_size(i.message.what.text) > sms_bytes)
      next.via = carrier::lms;
  }
  i.now = std::move(next);
  touched_.push_back(i.now.id);
}

void outbox::queue(item& i) {
  if (!i.under_way && !has_ended(i.now.state) && may_go(i))
    due_.at(index(i.now.via)).emplace(i.now.due, i.now.id);
}

void outbox::unqueue(const item& i) {
  due_.at(index(i.now.via)).erase({i.now.due, i.now.id});
}

// Puts a message where it belongs now, and lets the next of its call go when it may.
void outbox::settle(const delivery_id& id, domain::timestamp now) {
  auto& i = items_.at(id);
  const auto call = i.message.call;
  auto& line = lines_.at(call);
  if (has_ended(i.now.state)) {
    switch (i.now.state) {
    case state::delivered: ++of(i.now.via).delivered; break;
    case state::superseded: ++of(i.now.via).superseded; break;
    default: ++of(i.now.via).dead; break;
    }
    std::erase(line, id);
    ended_.push_back({std::move(i.message), std::move(i.now)});
    items_.erase(id);
  } else {
    queue(i);
  }
  for (const auto& other : line) {
    auto& waits = items_.at(other);
    if (waits.under_way || !may_go(waits))
      continue;
    unqueue(waits);
    // Its patience begins when its turn comes.
    if (waits.now.state == state::waiting && waits.now.attempts == 0 && other != id) {
      waits.now.since = now;
      waits.now.due = std::max(waits.now.due, now);
    }
    queue(waits);
  }
  if (line.empty())
    lines_.erase(call);
}

// A message goes when all before it of its call have ended; an SMS that was accepted lets the
// next go, for nobody waits for its report.
bool outbox::may_go(const item& i) const {
  for (const auto& id : lines_.at(i.message.call)) {
    if (id == i.now.id)
      return true;
    const auto& before = items_.at(id).now;
    if (before.via == carrier::alimtalk || before.state != state::accepted)
      return false;
  }
  return true;
}

// Whether later news of the call has made it so. Only what was never sent can be.
bool outbox::is_pointless(const item& i) const {
  const auto kind = i.message.kind;
  if (i.under_way || i.now.state != state::waiting
      || !(kind == domain::message::received || names_courier(kind)))
    return false;
  const auto& line = lines_.at(i.message.call);
  return std::any_of(std::ranges::find(line, i.now.id) + 1, line.end(), [&](const auto& id) {
    const auto later = items_.at(id).message.kind;
    return names_courier(later) || is_end_of_call(later);
  });
}

void outbox::supersede(domain::call_id call, domain::timestamp now) {
  const auto line = lines_.find(call);
  if (line == lines_.end())
    return;
  const auto all = line->second;
  for (const auto& id : all) {
    auto& i = items_.at(id);
    if (!is_pointless(i))
      continue;
    auto next = i.now;
    next.state = state::superseded;
    next.due = now;
    set(i, std::move(next));
    settle(id, now);
  }
}

void outbox::mark(const std::string& tel, domain::timestamp now) {
  if (marked_.size() >= most_marked)
    std::erase_if(marked_, [&](const auto& m) { return !is_marked(m.first, now); });
  if (marked_.size() < most_marked)
    marked_[tel] = now;
}

bool outbox::is_marked(const std::string& tel, domain::timestamp now) const {
  const auto found = marked_.find(tel);
  return found != marked_.end() && now < found->second + marked_for;
}

double outbox::chance() {
  return std::uniform_real_distribution<double>{0, 1}(random_);
}

} // namespace pickup::notify

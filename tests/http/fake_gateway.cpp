#include "tests/http/fake_gateway.hpp"

#include "domain/options.hpp"

#include <algorithm>
#include <ranges>
#include <stdexcept>

namespace pickup::test {

namespace {

domain::error unknown(std::string what) {
  return {domain::errc::not_found, "find " + std::move(what) + ": no such thing", {}};
}

template <class T>
actors::page<T> cut(const std::vector<T>& all, actors::page_request part) {
  actors::page<T> out;
  out.total = all.size();
  const auto begin = std::min<std::uint64_t>(part.index * part.size, all.size());
  const auto end = std::min<std::uint64_t>(begin + part.size, all.size());
  out.items.assign(all.begin() + static_cast<std::ptrdiff_t>(begin),
                   all.begin() + static_cast<std::ptrdiff_t>(end));
  return out;
}

} // namespace

domain::timestamp fake_gateway::tick() {
  return clock += std::chrono::milliseconds{1};
}

void fake_gateway::store(domain::decision d, const std::string& correlation_id) {
  if (d.transitions.empty())
    return;
  d.next.last = domain::seq_no{++last_seq_};
  d.next.correlation_id = correlation_id;
  auto& known = calls_[d.next.id];
  known.state = d.next;
  for (auto& step : d.transitions)
    known.history.push_back({d.next.last, d.next.updated_at, correlation_id, std::move(step)});
}

actors::call_view fake_gateway::view(const domain::call& c) const {
  actors::call_view v{c, {}};
  if (c.assigned)
    v.courier = couriers_.at(c.assigned->courier).courier;
  return v;
}

actors::courier_view fake_gateway::view(const actors::courier_view& c) const {
  auto v = c;
  v.load = static_cast<std::uint32_t>(std::ranges::count_if(calls_, [&](const auto& entry) {
    const auto& call = entry.second.state;
    return call.has_live_assignment() && call.assigned->courier == c.courier.id;
  }));
  return v;
}

domain::result<actors::created_call> fake_gateway::create(actors::create_call what) {
  if (before_create)
    before_create();
  const std::lock_guard lock{mutex_};
  last_create = what;
  if (create_refusal)
    return *create_refusal;
  if (what.idempotency_key && keys_.contains(*what.idempotency_key)) {
    const auto& first = calls_.at(keys_.at(*what.idempotency_key)).state;
    if (first.request != what.request)
      return domain::error{domain::errc::key_reused, "create call: key used before", {}};
    return actors::created_call{view(first), true};
  }
  const auto service = service_of(what.request.wanted);
  const domain::call_id id{{service, {}}, ++last_call_[service]};
  if (what.idempotency_key)
    keys_.emplace(*what.idempotency_key, id);
  const auto now = tick();
  auto d = domain::request(id, std::move(what.request), now, std::chrono::minutes{30});
  const auto due = domain::dispatch_time(d.next.request, now, std::chrono::minutes{15});
  if (due) {
    store(*then(std::move(d), domain::schedule{*due}, now), what.correlation_id);
    return actors::created_call{view(calls_.at(id).state), false};
  }
  d = *then(std::move(d), domain::manage{}, now);
  const auto courier = std::ranges::find_if(couriers_, [service](const auto& entry) {
    return entry.second.courier.service == service && !entry.second.courier.deleted;
  });
  if (courier != couriers_.end())
    d = *then(std::move(d), domain::assign{courier->first, domain::metres{123.44}}, now);
  store(d, what.correlation_id);
  return actors::created_call{view(calls_.at(id).state), false};
}

domain::result<actors::call_view> fake_gateway::apply(domain::call_id call,
                                                      const domain::command& what,
                                                      const std::string& correlation_id) {
  const auto known = calls_.find(call);
  if (known == calls_.end())
    return unknown("call " + std::to_string(call.number()));
  auto d = step(known->second.state, what, tick());
  if (!d)
    return d.error();
  store(std::move(*d), correlation_id);
  return view(known->second.state);
}

domain::result<actors::call_view> fake_gateway::cancel(domain::call_id call, std::string reason,
                                                       std::string correlation_id) {
  const std::lock_guard lock{mutex_};
  last_reason = reason;
  return apply(call, domain::cancel{domain::cause::customer, std::move(reason)},
               correlation_id);
}

domain::result<actors::call_view> fake_gateway::report(domain::call_id call,
                                                       domain::job_report what,
                                                       std::string correlation_id) {
  const std::lock_guard lock{mutex_};
  return apply(call, what, correlation_id);
}

domain::result<actors::courier_view> fake_gateway::create(actors::create_courier what) {
  const std::lock_guard lock{mutex_};
  what.record.id = domain::courier_id{++last_courier_};
  actors::courier_view v{what.record, 0, {what.where, {}}, tick()};
  couriers_.emplace(what.record.id, v);
  return v;
}

domain::result<actors::courier_view>
fake_gateway::change(domain::courier_id courier, domain::courier_change what, std::string) {
  const std::lock_guard lock{mutex_};
  const auto known = couriers_.find(courier);
  if (known == couriers_.end() || known->second.courier.deleted)
    return unknown("courier " + std::to_string(courier.value()));
  const auto load = view(known->second).load;
  const std::vector<domain::service_class> jobs(load,
                                                default_class(known->second.courier.service));
  const auto after = changed(known->second.courier, what);
  if (const auto allowed = admissible(after, jobs); !allowed)
    return allowed.error();
  known->second.courier = after;
  return view(known->second);
}

std::vector<actors::not_located> fake_gateway::locate(std::span<const actors::located> places) {
  const std::lock_guard lock{mutex_};
  std::vector<actors::not_located> refused;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto known = couriers_.find(places[i].courier);
    if (known == couriers_.end())
      refused.push_back({i, unknown("courier " + std::to_string(places[i].courier.value()))});
    else
      known->second.seen = {places[i].where, tick()};
  }
  return refused;
}

domain::result<std::vector<actors::nearby_courier>>
fake_gateway::nearest(domain::service_class wanted, domain::position from, std::size_t most) {
  const std::lock_guard lock{mutex_};
  std::vector<actors::nearby_courier> found;
  for (const auto& [id, c] : couriers_)
    if (c.courier.classes.contains(wanted) && c.seen.where)
      found.push_back({view(c), distance(from, *c.seen.where)});
  std::ranges::sort(found, {}, &actors::nearby_courier::distance);
  found.resize(std::min(found.size(), most));
  return found;
}

domain::result<std::optional<actors::call_view>> fake_gateway::find(domain::call_id call) {
  const std::lock_guard lock{mutex_};
  const auto known = calls_.find(call);
  if (known == calls_.end())
    return std::optional<actors::call_view>{};
  return std::optional{view(known->second.state)};
}

domain::result<std::vector<actors::history_item>> fake_gateway::history(domain::call_id call) {
  const std::lock_guard lock{mutex_};
  const auto known = calls_.find(call);
  return known == calls_.end() ? std::vector<actors::history_item>{} : known->second.history;
}

domain::result<actors::page<actors::call_view>>
fake_gateway::list(const actors::call_filter& filter, actors::page_request part) {
  const std::lock_guard lock{mutex_};
  last_call_filter = filter;
  std::vector<actors::call_view> all;
  for (const auto& [id, known] : calls_ | std::views::reverse) {
    const auto status = status_of(known.state.phase);
    const auto shown = filter.status
                           ? status == *filter.status
                           : filter.with_canceled || status != domain::status::canceled;
    if (id.service() == filter.service && shown
        && (!filter.tel || *filter.tel == known.state.request.tel))
      all.push_back(view(known.state));
  }
  return cut(all, part);
}

domain::result<actors::page<actors::assignment_view>>
fake_gateway::list(const actors::assignment_filter& filter, actors::page_request part) {
  const std::lock_guard lock{mutex_};
  last_assignment_filter = filter;
  std::vector<actors::assignment_view> all;
  for (const auto& [id, known] : calls_ | std::views::reverse) {
    const auto& c = known.state;
    if (id.service() != filter.service || !c.assigned)
      continue;
    actors::assignment_view v;
    v.id = c.last;
    v.call = id;
    v.courier = couriers_.at(c.assigned->courier).courier;
    v.distance = c.assigned->distance;
    v.live = c.assigned->live;
    v.canceled = c.phase == domain::phase::canceled;
    v.cause = v.canceled ? domain::cause::customer : domain::cause::none;
    v.assigned_at = c.created_at;
    if (!v.live)
      v.ended_at = c.updated_at;
    if (!filter.canceled || *filter.canceled == v.canceled)
      all.push_back(std::move(v));
  }
  return cut(all, part);
}

domain::result<std::optional<actors::courier_view>>
fake_gateway::find(domain::courier_id courier) {
  const std::lock_guard lock{mutex_};
  const auto known = couriers_.find(courier);
  if (known == couriers_.end() || known->second.courier.deleted)
    return std::optional<actors::courier_view>{};
  return std::optional{view(known->second)};
}

domain::result<actors::page<actors::courier_view>>
fake_gateway::list_couriers(const actors::courier_filter& filter, actors::page_request part) {
  const std::lock_guard lock{mutex_};
  std::vector<actors::courier_view> all;
  for (const auto& [id, v] : couriers_)
    if (auto seen = view(v); matches(filter, seen))
      all.push_back(std::move(seen));
  return cut(all, part);
}

std::shared_ptr<actors::inspection> fake_gateway::inspect() {
  if (!has_actors)
    return nullptr;
  return {std::shared_ptr<void>{}, &inspected};
}

domain::status_result fake_gateway::disturb(const actors::actor_view& who, actors::fault what,
                                            domain::duration time, const actors::orderer&) {
  if (disturbing_fails)
    return domain::error{domain::errc::not_found, "disturb: no such actor", {}};
  if (disturbing_throws)
    throw std::runtime_error{"no thread to be had"};
  operator_did.push_back(std::to_string(static_cast<int>(what)) + ' ' + who.kind + ' ' + who.id
                         + ' ' + domain::to_text(time));
  return domain::done{};
}

void fake_gateway::pause(actors::stage which, bool paused, const actors::orderer&) {
  operator_did.push_back(std::string{paused ? "pause " : "resume "}
                         + (which == actors::stage::manage ? "manage" : "assign"));
}

std::vector<actors::breaker_view> fake_gateway::list_breakers() {
  return {{"admission:taxi", "open", 20, 15, 3, 7, domain::duration{900}}};
}

domain::result<actors::dead_letter_list> fake_gateway::list_dead_letters(std::size_t most) {
  const actors::dead_letter_view letter{"taxi/0:17",
                                        domain::service::taxi,
                                        3,
                                        "CONFIRMED",
                                        "010******78",
                                        "alimtalk",
                                        "dead",
                                        -3003,
                                        "bad message",
                                        domain::timestamp{}};
  return actors::dead_letter_list{{std::min<std::size_t>(most, 2), letter}, 70'000};
}

domain::result<std::vector<domain::assignment_explanation>>
fake_gateway::explain(domain::call_id call) {
  const std::lock_guard lock{mutex_};
  if (!calls_.contains(call))
    return unknown("call " + std::to_string(call.number()));
  return explanations[call];
}

domain::result<actors::call_view>
fake_gateway::reassign(domain::call_id call, std::string reason, std::string correlation_id) {
  const std::lock_guard lock{mutex_};
  last_reason = reason;
  return apply(call, domain::reassign{std::move(reason)}, correlation_id);
}

domain::result<actors::call_view> fake_gateway::cancel_as_operator(domain::call_id call,
                                                                   std::string reason,
                                                                   std::string correlation_id) {
  const std::lock_guard lock{mutex_};
  last_reason = reason;
  return apply(call, domain::cancel{domain::cause::by_operator, std::move(reason)},
               correlation_id);
}

domain::result<std::string> fake_gateway::audit(actors::audited what) {
  if (auditing_fails)
    return domain::error{domain::errc::unavailable, "audit: the disk has failed", {}};
  const std::lock_guard lock{mutex_};
  const auto service = what.service.value_or(domain::service::pickup);
  const auto id = std::string{domain::name(service)} + "/0:" + std::to_string(++last_seq_);
  audit_.insert(audit_.begin(), {id, tick(), what.operator_name, what.action, what.object,
                                 what.detail, what.correlation_id});
  if (auditing_is_late.exchange(false))
    return domain::error{domain::errc::timeout, "audit: no answer in time", {}};
  return id;
}

domain::result<std::vector<actors::audit_view>>
fake_gateway::list_audit(std::size_t most, const std::optional<std::string>& before) {
  const std::lock_guard lock{mutex_};
  auto from = audit_.begin();
  if (before) {
    from = std::ranges::find(audit_, *before, &actors::audit_view::id);
    if (from == audit_.end())
      return domain::error{domain::errc::invalid_argument, "list audit: no such id", {}};
    ++from;
  }
  return std::vector(from, from + std::min<long>(static_cast<long>(most), audit_.end() - from));
}

domain::result<std::vector<actors::audit_view>>
fake_gateway::audited_after(actors::audit_cursor& last) {
  const std::lock_guard lock{mutex_};
  const auto [place, begins] = last.try_emplace(domain::shard_id{}, audit_.size());
  std::vector<actors::audit_view> found;
  for (; !begins && place->second.value() < audit_.size();
       place->second = domain::seq_no{place->second.value() + 1})
    found.push_back(audit_[audit_.size() - 1 - place->second.value()]);
  return found;
}

domain::status_result fake_gateway::command(const std::string& breaker,
                                            actors::breaker_command what,
                                            const actors::orderer&) {
  if (breaker != "admission:taxi")
    return domain::error{domain::errc::not_found, "command breaker", {}};
  operator_did.push_back("breaker " + std::to_string(static_cast<int>(what)));
  return domain::done{};
}

bool fake_gateway::alive(domain::duration) {
  if (before_alive)
    before_alive();
  return scheduler_answers;
}

std::vector<std::string> fake_gateway::not_ready() {
  if (before_not_ready)
    before_not_ready();
  return reasons_not_ready;
}

std::vector<actors::metric> fake_gateway::metrics() {
  return own_metrics;
}

} // namespace pickup::test

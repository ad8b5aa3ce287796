#include "supervision/supervisor_base.hpp"

#include "supervision/crash_error.hpp"

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace pickup::supervision {

supervisor_base::supervisor_base(caf::actor_config& cfg, supervisor_options options)
    : caf::event_based_actor(cfg),
      options_(std::move(options)),
      window_(options_.intensity, options_.period),
      random_(static_cast<std::minstd_rand::result_type>(id())) {
  set_exit_handler([this](caf::exit_msg& m) { stop(std::move(m.reason)); });
  set_down_handler([this](caf::down_msg& m) { on_down(m); });
  set_default_handler(caf::drop);
}

void supervisor_base::on_exit() {
  for (const auto& [key, child] : alive_)
    send_exit(child.handle, caf::exit_reason::kill);
  alive_.clear();
  keys_.clear();
  // A killed supervisor leaves some; CAF would tell nobody that a promise was dropped.
  for (auto& [key, told] : std::exchange(ending_, {}))
    for (auto& promise : told.waiters)
      promise.deliver(make_error(supervision_errc::stopping));
}

caf::error supervisor_base::start(child_key key, std::uint32_t number) {
  std::string failure;
  try {
    if (auto child = make(key, number)) {
      keys_.emplace(child.address(), key);
      // Not linked: the kill of a child would be the kill of its supervisor.
      monitor<caf::message_priority::high>(child);
      alive_.insert_or_assign(key, incarnation{std::move(child), number});
      return {};
    }
    failure = "start function gave no actor";
  } catch (const std::exception& e) {
    failure = e.what();
  } catch (...) {
    failure = "unknown exception";
  }
  return make_error(supervision_errc::start_failed,
                    "start child: " + to_string(id_of(key)) + ": " + failure);
}

void supervisor_base::send_exit(const caf::actor& child, caf::exit_reason why) {
  send<caf::message_priority::high>(child, caf::exit_msg{address(), why});
}

void supervisor_base::end(child_key key) {
  const auto [told, first] = ending_.try_emplace(key);
  if (!first)
    return;
  told->second.token = new_token();
  const auto how = end_of(rules(key));
  if (how.how == shutdown::manner::brutal)
    return kill(key);
  send_exit(alive_.at(key).handle, caf::exit_reason::user_shutdown);
  if (how.how == shutdown::manner::within)
    delayed_send(this, how.limit, end_overdue{key, told->second.token, false});
}

void supervisor_base::end(child_key key, caf::response_promise promise) {
  end(key);
  ending_.at(key).waiters.push_back(std::move(promise));
}

void supervisor_base::kill(child_key key) {
  send_exit(alive_.at(key).handle, caf::exit_reason::kill);
  delayed_send(this, options_.kill_limit, end_overdue{key, ending_.at(key).token, true});
}

void supervisor_base::on(const end_overdue& m) {
  const auto told = ending_.find(m.key);
  if (told == ending_.end() || told->second.token != m.token)
    return;
  if (m.killed)
    fence(m.key);
  else
    kill(m.key);
}

void supervisor_base::fence(child_key key) {
  ++zombies_;
  report(key, alive_.at(key), caf::exit_reason::kill, verdict::fences);
  demonitor(alive_.at(key).handle);
  keys_.erase(alive_.at(key).handle.address());
  stopped(key);
}

void supervisor_base::fence_all() {
  while (!alive_.empty())
    fence(alive_.begin()->first);
}

void supervisor_base::on_down(const caf::down_msg& m) {
  const auto known = keys_.find(m.source);
  if (known == keys_.end())
    return;
  const auto key = known->second;
  keys_.erase(known);
  if (ending_.contains(key))
    return stopped(key);
  const auto child = alive_.extract(key);
  on_ended(key, child.mapped(), m.reason);
}

void supervisor_base::stopped(child_key key) {
  alive_.erase(key);
  const auto told = ending_.extract(key);
  on_stopped(key);
  if (told)
    for (auto promise : told.mapped().waiters)
      promise.deliver(caf::unit);
}

const caf::actor* supervisor_base::find(child_key key) const {
  const auto known = alive_.find(key);
  return known == alive_.end() ? nullptr : &known->second.handle;
}

void supervisor_base::stop(caf::error reason) {
  if (stopping_)
    return;
  stopping_ = std::move(reason);
  stop_children();
}

void supervisor_base::report(child_key key, const incarnation& child, const caf::error& reason,
                             verdict outcome, std::vector<std::string> siblings) const {
  if (options_.report)
    options_.report({options_.name, to_string(id_of(key)), child.number,
                     child.handle ? child.handle.id() : 0, message_type_of(reason), reason,
                     outcome, std::move(siblings)});
}

caf::error supervisor_base::refuse(supervision_errc code, const std::string& action,
                                   const child_id& child) const {
  return make_error(code, action + ": " + options_.name + "/" + to_string(child) + ": "
                              + to_string(code));
}

supervisor_status supervisor_base::status(const child_counts& counts) {
  supervisor_status s;
  s.name = options_.name;
  s.strategy = to_string(options_.strategy);
  s.intensity = options_.intensity;
  s.period = options_.period;
  s.restarts_left = window_.left(now());
  s.counts = counts;
  return s;
}

std::chrono::milliseconds supervisor_base::time_until(time_point then) {
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(then - now()),
                  std::chrono::milliseconds{0});
}

bool ended_well(const caf::error& reason) {
  return !reason || reason == caf::exit_reason::normal
         || reason == caf::exit_reason::user_shutdown;
}

void require(const std::optional<refusal>& refused) {
  if (refused)
    throw std::invalid_argument{refused->field + ": " + refused->why};
}

std::optional<refusal> check(const supervisor_options& o) {
  if (o.name.empty())
    return refusal{"name", "must not be empty"};
  if (o.period <= std::chrono::milliseconds{0})
    return refusal{"period",
                   "must be positive, got " + std::to_string(o.period.count()) + " ms"};
  if (o.kill_limit < std::chrono::milliseconds{0})
    return refusal{"kill_limit",
                   "must not be negative, got " + std::to_string(o.kill_limit.count()) + " ms"};
  return std::nullopt;
}

} // namespace pickup::supervision

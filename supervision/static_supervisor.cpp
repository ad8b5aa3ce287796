#include "supervision/backoff.hpp"
#include "supervision/supervisor.hpp"
#include "supervision/supervisor_base.hpp"

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <ranges>
#include <unordered_set>
#include <utility>

namespace pickup::supervision {

namespace {

std::optional<refusal> check(const child_spec& c, auto_shutdown parent) {
  auto refused =
      c.start ? check(c.rules, parent) : std::optional{refusal{"start", "must not be empty"}};
  if (refused)
    refused->field = "child " + c.id + ": " + refused->field;
  return refused;
}

class static_supervisor final : public supervisor_base {
public:
  static_supervisor(caf::actor_config& cfg, supervisor_options options,
                    std::vector<child_spec> children)
      : supervisor_base(cfg, std::move(options)) {
    for (auto& spec : children)
      add(std::move(spec));
  }

protected:
  caf::behavior make_behavior() override {
    start_all();
    return {
        [this](const which_children&) { return list(); },
        [this](const count_children&) { return count(); },
        [this](const whereis& m) { return locate(m.id); },
        [this](const describe_supervisor& m) { m.to(describe(m.most)); },
        [this](start_new_child& m) {
          when_settled([spec = std::move(m.spec), this](caf::response_promise& asked) {
            start_new(spec, asked);
          });
        },
        [this](terminate_child& m) {
          when_settled([child = std::move(m.id), this](caf::response_promise& asked) {
            terminate(child, asked);
          });
        },
        [this](restart_child& m) {
          when_settled([child = std::move(m.id), this](caf::response_promise& asked) {
            restart_one(child, asked);
          });
        },
        [this](delete_child& m) {
          when_settled([child = std::move(m.id), this](caf::response_promise& asked) {
            drop_spec(child, asked);
          });
        },
        [this](const start_child& m) -> caf::result<caf::actor> {
          return refuse(supervision_errc::not_dynamic, "start child", m.key);
        },
        [this](const retry_start& m) { on(m); },
        [this](const end_overdue& m) { supervisor_base::on(m); },
    };
  }

  const child_rules& rules(child_key key) const override { return slots_.at(key).spec.rules; }
  child_id id_of(child_key key) const override { return slots_.at(key).spec.id; }

  caf::actor make(child_key key, std::uint32_t) override {
    const auto& s = slots_.at(key);
    if (s.last && s.spec.on_restart)
      s.spec.on_restart(*s.last);
    return s.spec.start(home_system());
  }

  void on_ended(child_key key, const incarnation& child, const caf::error& reason) override {
    if (stopping())
      return advance();
    if (!busy_)
      return ended(key, child, reason);
    if (std::ranges::count(to_stop_, key) != 0)
      return on_stopped(key);
    slots_.at(key).parked = own_end{child, reason};
    later_.push_back([this, key] {
      const auto s = slots_.find(key);
      // What was restarted or terminated in the meantime has been dealt with.
      if (s == slots_.end() || !s->second.parked)
        return;
      const auto end = *std::exchange(s->second.parked, std::nullopt);
      ended(key, end.child, end.reason);
    });
  }

  void on_stopped(child_key key) override {
    if (stopping())
      return advance();
    if (rules(key).how == restart::temporary)
      slots_.erase(key);
    if (busy_)
      advance();
  }

  void stop_children() override {
    later_.clear();
    refuse_pending();
    to_start_.clear();
    for (auto& [key, s] : slots_)
      s.forget_plans();
    to_stop_.clear();
    for (auto s = slots_.rbegin(); s != slots_.rend(); ++s)
      to_stop_.push_back(s->first);
    advance();
  }

  void on_exit() override {
    refuse_pending();
    supervisor_base::on_exit();
  }

private:
  /// A child's end by itself.
  struct own_end {
    incarnation child;
    caf::error reason;
  };

  struct slot {
    explicit slot(child_spec s) : spec(std::move(s)), wait(spec.rules.backoff) {}

    child_spec spec;
    backoff wait;
    std::uint32_t started = 0;          ///< how often, failures included
    std::optional<std::uint64_t> retry; ///< set while the child is being restarted …
    time_point retry_at;                ///< … which is then
    bool to_come = false; ///< is to start with a sibling, or after one whose start failed
    std::optional<own_end> parked;  ///< waits in later_ for its turn
    std::optional<caf::error> last; ///< why it ended, for its next start

    bool comes_back() const {
      return retry || to_come
             || (parked && wants_restart(spec.rules.how, ended_well(parked->reason)));
    }

    void forget_plans() {
      retry.reset();
      to_come = false;
      parked.reset();
    }
  };

  using task = std::function<void(caf::response_promise&)>;

  child_key add(child_spec spec) {
    const auto key = next_key_++;
    slots_.emplace(key, slot{std::move(spec)});
    return key;
  }

  // -- starting --

  // The first failure ends what was started before, in reverse order.
  void start_all() {
    for (const auto& [key, s] : slots_)
      if (auto failure = start_slot(key)) {
        report(key, {}, failure, verdict::escalates);
        return stop(std::move(failure));
      }
  }

  caf::error start_slot(child_key key) {
    auto& s = slots_.at(key);
    s.forget_plans();
    auto failure = start(key, s.started++);
    if (!failure)
      s.last.reset();
    return failure;
  }

  // -- a child that ended by itself --

  void ended(child_key key, const incarnation& child, const caf::error& reason) {
    const auto r = rules(key);
    const bool well = ended_well(reason);
    if (wants_restart(r.how, well))
      return crashed(key, child, reason, true);
    if (!well)
      report(key, child, reason, verdict::drops);
    if (r.how == restart::temporary)
      slots_.erase(key);
    if (ends_supervisor(options_.ends_with, r.significant, significant_left(key)))
      stop(caf::exit_reason::user_shutdown);
  }

  bool significant_left(child_key but) const {
    return std::ranges::any_of(slots_, [&](const auto& s) {
      return s.first != but && s.second.spec.rules.significant
             && (find(s.first) || s.second.comes_back());
    });
  }

  // @param at_once a crash is answered by a start at once; a failed start is tried again later,
  // so that the supervisor can be asked and stopped in between
  void crashed(child_key key, const incarnation& child, const caf::error& reason,
               bool at_once) {
    const auto time = now();
    const bool again = admit_restart(time);
    report(key, child, reason, again ? verdict::restarts : verdict::escalates,
           again ? siblings(key) : std::vector<std::string>{});
    if (!again)
      return stop(refuse(supervision_errc::too_many_restarts, "restart child", id_of(key)));
    auto& s = slots_.at(key);
    s.last = reason;
    s.retry = new_token();
    const auto wait = s.wait.next(time, chance());
    s.retry_at = time + wait;
    if (wait > backoff::clock::duration{0})
      delayed_send(this, wait, retry_start{key, *s.retry});
    else if (at_once)
      restart_group(key);
    else
      send(this, retry_start{key, *s.retry});
  }

  void on(const retry_start& m) {
    if (stopping())
      return;
    if (busy_) {
      later_.push_back([this, m] { on(m); });
      return;
    }
    const auto s = slots_.find(m.key);
    if (s != slots_.end() && s->second.retry == m.token)
      restart_group(m.key);
  }

  restart_plan plan(child_key key) const {
    std::vector<member> all;
    for (const auto& [k, s] : slots_)
      all.push_back({k, s.spec.rules.how});
    return plan_restart(options_.strategy, all, key);
  }

  std::vector<std::string> siblings(child_key key) const {
    std::vector<std::string> names;
    for (auto k : plan(key).start)
      if (k != key)
        names.push_back(slots_.at(k).spec.id);
    return names;
  }

  void restart_group(child_key key) {
    auto p = plan(key);
    // Those alive are forgotten when they have ended.
    for (auto k : p.forget)
      if (!find(k))
        slots_.erase(k);
    to_stop_.assign(p.stop.begin(), p.stop.end());
    for (auto k : p.start) {
      slots_.at(k).forget_plans();
      slots_.at(k).to_come = true;
    }
    to_start_ = std::move(p.start);
    busy_ = true;
    advance();
  }

  // Goes on with what is under way: ending children one after the other, then starting.
  void advance() {
    while (!to_stop_.empty() && !find(to_stop_.front()))
      to_stop_.pop_front();
    if (!to_stop_.empty())
      return end(to_stop_.front());
    if (stopping())
      return quit(*stopping());
    busy_ = false;
    // Those after a failure stay to come: that child's retry brings them.
    for (auto key : std::exchange(to_start_, {}))
      if (const auto failure = start_slot(key)) {
        crashed(key, {{}, slots_.at(key).started - 1}, failure, false);
        break;
      }
    settle();
  }

  // Starts those to come whom no retry will bring: the child they waited for was terminated.
  void start_forsaken() {
    const auto brings = [&](const auto& other, child_key key) {
      return other.second.retry && std::ranges::count(plan(other.first).start, key) != 0;
    };
    for (const auto& [key, s] : slots_)
      if (s.to_come
          && std::ranges::none_of(slots_, [&](const auto& x) { return brings(x, key); }))
        to_start_.push_back(key);
    advance();
  }

  // -- what waits until a restart of several is done --

  void when_settled(task what) {
    auto asked = make_response_promise();
    if (stopping())
      return asked.deliver(make_error(supervision_errc::stopping));
    if (!busy_)
      return what(asked);
    pending_.push_back(asked);
    later_.push_back([this, what = std::move(what)] {
      auto waiter = std::move(pending_.front());
      pending_.pop_front();
      what(waiter);
    });
  }

  void settle() {
    while (!busy_ && !stopping() && !later_.empty()) {
      const auto next = std::move(later_.front());
      later_.pop_front();
      next();
    }
  }

  void refuse_pending() {
    for (auto& asked : pending_)
      asked.deliver(make_error(supervision_errc::stopping));
    pending_.clear();
  }

  // -- management --

  std::map<child_key, slot>::iterator find_slot(const child_id& child) {
    return std::ranges::find_if(
        slots_, [&](const auto& s) { return child_id{s.second.spec.id} == child; });
  }

  child_state state(child_key key) const {
    const bool comes_back = slots_.at(key).comes_back();
    if (ending(key) && !comes_back)
      return child_state::ending;
    if (comes_back && (!find(key) || ending(key)))
      return child_state::restarting;
    return find(key) ? child_state::running : child_state::stopped;
  }

  child_list list() const {
    child_list all;
    for (const auto& [key, s] : slots_) {
      const auto* handle = find(key);
      all.children.push_back(
          {s.spec.id, state(key), handle ? *handle : caf::actor{}, s.spec.rules.kind});
    }
    return all;
  }

  child_counts count() const {
    child_counts n;
    n.specs = slots_.size();
    n.active = alive().size();
    n.zombies = zombies();
    for (const auto& [key, s] : slots_) {
      ++(s.spec.rules.kind == child_kind::supervisor ? n.supervisors : n.workers);
      n.restarting += state(key) == child_state::restarting ? 1 : 0;
    }
    return n;
  }

  supervisor_status describe(std::size_t most) {
    auto described = status(count());
    described.truncated = slots_.size() > most;
    for (const auto& [key, s] : slots_ | std::views::take(most)) {
      auto& c = described.children.emplace_back();
      c.id = s.spec.id;
      c.kind = s.spec.rules.kind;
      c.state = state(key);
      if (const auto* handle = find(key))
        c.handle = *handle;
      c.restarts = s.started > 0 ? s.started - 1 : 0;
      if (s.retry)
        c.retry_in = time_until(s.retry_at);
    }
    return described;
  }

  caf::result<caf::actor> locate(const child_id& child) {
    const auto s = find_slot(child);
    if (s == slots_.end())
      return refuse(supervision_errc::not_found, "find child", child);
    switch (state(s->first)) {
    case child_state::running: return *find(s->first);
    case child_state::restarting:
      return refuse(supervision_errc::restarting, "find child", child);
    default: return refuse(supervision_errc::not_running, "find child", child);
    }
  }

  void start_new(child_spec spec, caf::response_promise& asked) {
    const auto refused = check(spec, options_.ends_with);
    if (refused || spec.id.empty())
      return asked.deliver(
          make_error(supervision_errc::bad_spec, refused ? refused->field + ": " + refused->why
                                                         : "child: id: must not be empty"));
    if (const auto known = find_slot(spec.id); known != slots_.end())
      return asked.deliver(refuse(state(known->first) == child_state::stopped
                                      ? supervision_errc::already_present
                                      : supervision_errc::already_started,
                                  "start child", spec.id));
    const auto key = add(std::move(spec));
    if (auto failure = start_slot(key)) {
      slots_.erase(key);
      return asked.deliver(std::move(failure));
    }
    asked.deliver(*find(key));
  }

  void terminate(const child_id& child, caf::response_promise& asked) {
    const auto s = find_slot(child);
    if (s == slots_.end())
      return asked.deliver(refuse(supervision_errc::not_found, "terminate child", child));
    s->second.forget_plans();
    if (find(s->first)) {
      // Asked for first, it is done first: no restart of several comes in between.
      if (options_.strategy != strategy::one_for_one) {
        busy_ = true;
        to_stop_ = {s->first};
      }
      return end(s->first, asked);
    }
    if (s->second.spec.rules.how == restart::temporary)
      slots_.erase(s);
    asked.deliver(caf::unit);
    start_forsaken();
  }

  void restart_one(const child_id& child, caf::response_promise& asked) {
    const auto s = find_slot(child);
    if (const auto code = why_not_idle(s))
      return asked.deliver(refuse(*code, "restart child", child));
    if (auto failure = start_slot(s->first))
      return asked.deliver(std::move(failure));
    asked.deliver(*find(s->first));
  }

  void drop_spec(const child_id& child, caf::response_promise& asked) {
    const auto s = find_slot(child);
    if (const auto code = why_not_idle(s))
      return asked.deliver(refuse(*code, "delete child", child));
    slots_.erase(s);
    asked.deliver(caf::unit);
  }

  std::optional<supervision_errc>
  why_not_idle(std::map<child_key, slot>::const_iterator s) const {
    if (s == slots_.end())
      return supervision_errc::not_found;
    switch (state(s->first)) {
    case child_state::stopped: return std::nullopt;
    case child_state::restarting: return supervision_errc::restarting;
    default: return supervision_errc::running;
    }
  }

  std::map<child_key, slot> slots_; ///< in the order they start
  child_key next_key_ = 0;
  bool busy_ = false; ///< several children end, to be started again
  std::deque<child_key> to_stop_;
  std::vector<child_key> to_start_;
  std::deque<std::function<void()>> later_;
  std::deque<caf::response_promise> pending_; ///< of those in later_ that were asked for
};

} // namespace

std::optional<refusal> check(const supervisor_options& options,
                             const std::vector<child_spec>& children) {
  if (auto refused = check(options))
    return refused;
  std::unordered_set<std::string> ids;
  for (const auto& c : children) {
    if (c.id.empty())
      return refusal{"child: id", "must not be empty"};
    if (!ids.insert(c.id).second)
      return refusal{"child " + c.id + ": id", "must not be given twice"};
    if (auto refused = check(c, options.ends_with))
      return refused;
  }
  return std::nullopt;
}

caf::actor start_supervisor(caf::actor_system& sys, supervisor_options options,
                            std::vector<child_spec> children) {
  require(check(options, children));
  return sys.spawn<static_supervisor>(std::move(options), std::move(children));
}

} // namespace pickup::supervision

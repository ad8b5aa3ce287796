#include "supervision/backoff.hpp"
#include "supervision/supervisor.hpp"
#include "supervision/supervisor_base.hpp"

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>

#include <ranges>
#include <unordered_map>
#include <utility>

namespace pickup::supervision {

namespace {

/// The time for all children to end is over.
struct all_overdue {
  bool killed = false;
};

} // namespace

} // namespace pickup::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::all_overdue)

namespace pickup::supervision {

namespace {

// Children come and go by the thousands a second: one that never crashed is no more than an
// entry in the base's two tables, and all end at once, under one timer.
class dynamic_supervisor final : public supervisor_base {
public:
  dynamic_supervisor(caf::actor_config& cfg, supervisor_options options,
                     child_template children)
      : supervisor_base(cfg, std::move(options)), template_(std::move(children)) {}

protected:
  caf::behavior make_behavior() override {
    if (template_.initial)
      for (const auto key : template_.initial())
        if (!stopping())
          start_or_retry(key, 0);
    if (template_.on_started)
      template_.on_started();
    return {
        [this](start_child& m) { on(m); },
        [this](const terminate_child& m) { terminate(m.id); },
        [this](const whereis& m) { return locate(m.id); },
        [this](const describe_supervisor& m) { m.to(describe(m)); },
        [this](const which_children&) { return list(); },
        [this](const count_children&) { return count(); },
        [this](const restart_child& m) -> caf::result<caf::actor> {
          return refuse(supervision_errc::simple_one_for_one, "restart child", m.id);
        },
        [this](const delete_child& m) -> caf::result<void> {
          return refuse(supervision_errc::simple_one_for_one, "delete child", m.id);
        },
        [this](const start_new_child& m) -> caf::result<caf::actor> {
          return refuse(supervision_errc::simple_one_for_one, "start child", m.spec.id);
        },
        [this](const retry_start& m) { on(m); },
        [this](const end_overdue& m) { supervisor_base::on(m); },
        [this](const all_overdue& m) { on(m); },
    };
  }

  const child_rules& rules(child_key) const override { return template_.rules; }
  child_id id_of(child_key key) const override { return key; }

  caf::actor make(child_key key, std::uint32_t number) override {
    if (number > 0 && template_.on_restart)
      template_.on_restart(key, troubled_.at(key).last);
    return template_.start(home_system(), key, number);
  }

  void on_ended(child_key key, const incarnation& child, const caf::error& reason) override {
    if (stopping())
      return quit_when_alone();
    const auto& r = template_.rules;
    const bool well = ended_well(reason);
    if (wants_restart(r.how, well))
      return crashed(key, child, reason, true);
    if (!well)
      report(key, child, reason, verdict::drops);
    troubled_.erase(key);
    if (ends_supervisor(options_.ends_with, r.significant, !alive().empty() || restarting()))
      stop(caf::exit_reason::user_shutdown);
  }

  void on_stopped(child_key key) override {
    troubled_.erase(key);
    if (stopping())
      quit_when_alone();
  }

  void stop_children() override {
    troubled_.clear();
    const auto how = end_of(template_.rules);
    const bool brutal = how.how == shutdown::manner::brutal;
    tell_all(brutal ? caf::exit_reason::kill : caf::exit_reason::user_shutdown);
    if (brutal)
      delayed_send(this, options_.kill_limit, all_overdue{true});
    else if (how.how == shutdown::manner::within)
      delayed_send(this, how.limit, all_overdue{});
    quit_when_alone();
  }

private:
  /// A child that has crashed.
  struct trouble {
    trouble(const child_template& t, std::chrono::milliseconds period) : wait(t.rules.backoff) {
      if (t.child_intensity)
        window.emplace(*t.child_intensity, period);
    }

    std::optional<restart_window> window;
    backoff wait;
    caf::error last;
    std::optional<std::uint64_t> retry; ///< set while the child is being restarted …
    time_point retry_at;                ///< … which is then
    std::uint32_t next = 0;             ///< incarnation
    bool quarantined = false;
  };

  // -- starting --

  void on(start_child& m) {
    const bool awaited = current_message_id().is_request();
    if (auto refused = start_on_demand(m, awaited); awaited) {
      auto asked = make_response_promise();
      if (refused)
        asked.deliver(std::move(refused));
      else
        asked.deliver(*find(m.key));
    }
  }

  caf::error start_on_demand(start_child& m, bool awaited) {
    if (stopping())
      return refuse(supervision_errc::stopping, "start child", m.key);
    if (find(m.key))
      return refuse(supervision_errc::already_started, "start child", m.key);
    if (const auto t = troubled_.find(m.key); t != troubled_.end()) {
      if (t->second.retry)
        return refuse(supervision_errc::restarting, "start child", m.key);
      // To ask for a quarantined one anew is to give it another chance.
      troubled_.erase(t);
    }
    auto failure = start(m.key, 0);
    if (failure) {
      if (!awaited)
        crashed(m.key, {}, failure, false);
    } else if (!m.first.empty()) {
      (*find(m.key))->enqueue(nullptr, caf::make_message_id(), std::move(m.first), context());
    }
    return failure;
  }

  void start_or_retry(child_key key, std::uint32_t number) {
    if (const auto failure = start(key, number))
      crashed(key, {{}, number}, failure, false);
  }

  // -- restarting --

  // @param at_once a crash is answered by a start at once; a failed start is tried again later,
  // so that the supervisor can be asked and stopped in between
  void crashed(child_key key, const incarnation& child, const caf::error& reason,
               bool at_once) {
    auto& t = troubled_.try_emplace(key, template_, options_.period).first->second;
    const auto time = now();
    if (t.window && !t.window->admit(time)) {
      t.quarantined = true;
      t.retry.reset();
      report(key, child, reason, verdict::quarantines);
      if (template_.on_quarantine)
        template_.on_quarantine(key);
      return;
    }
    const bool again = admit_restart(time);
    report(key, child, reason, again ? verdict::restarts : verdict::escalates);
    if (!again)
      return stop(refuse(supervision_errc::too_many_restarts, "restart child", key));
    t.last = reason;
    t.next = child.number + 1;
    t.retry = new_token();
    const auto wait = t.wait.next(time, chance());
    t.retry_at = time + wait;
    if (wait > backoff::clock::duration{0})
      delayed_send(this, wait, retry_start{key, *t.retry});
    else if (at_once)
      on(retry_start{key, *t.retry});
    else
      send(this, retry_start{key, *t.retry});
  }

  void on(const retry_start& m) {
    const auto known = troubled_.find(m.key);
    if (stopping() || known == troubled_.end() || known->second.retry != m.token)
      return;
    known->second.retry.reset();
    start_or_retry(m.key, known->second.next);
  }

  // -- the end --

  void tell_all(caf::exit_reason why) {
    for (const auto& [key, child] : alive())
      send_exit(child.handle, why);
  }

  void quit_when_alone() {
    if (alive().empty())
      quit(*stopping());
  }

  void on(const all_overdue& m) {
    if (m.killed)
      return fence_all();
    tell_all(caf::exit_reason::kill);
    delayed_send(this, options_.kill_limit, all_overdue{true});
  }

  // -- management --

  void terminate(const child_id& child) {
    auto asked = make_response_promise();
    const auto* key = std::get_if<child_key>(&child);
    if (stopping())
      asked.deliver(refuse(supervision_errc::stopping, "terminate child", child));
    else if (key && find(*key))
      end(*key, asked);
    else if (key && troubled_.erase(*key) != 0)
      asked.deliver(caf::unit);
    else
      asked.deliver(refuse(supervision_errc::not_found, "terminate child", child));
  }

  caf::result<caf::actor> locate(const child_id& child) const {
    const auto* key = std::get_if<child_key>(&child);
    if (const auto* handle = key ? find(*key) : nullptr; handle && !ending(*key))
      return *handle;
    const auto t = key ? troubled_.find(*key) : troubled_.end();
    if (t == troubled_.end())
      return refuse(supervision_errc::not_found, "find child", child);
    return refuse(t->second.quarantined ? supervision_errc::quarantined
                                        : supervision_errc::restarting,
                  "find child", child);
  }

  child_list list() const {
    child_list all;
    const auto add = [&](child_key key, child_state state, const caf::actor& handle) {
      auto& shown = all.children.emplace_back();
      shown.id = key;
      shown.state = state;
      shown.handle = handle;
      shown.kind = template_.rules.kind;
    };
    for (const auto& [key, child] : alive())
      add(key, ending(key) ? child_state::ending : child_state::running, child.handle);
    for (const auto& [key, t] : troubled_)
      if (t.quarantined || t.retry)
        add(key, t.quarantined ? child_state::quarantined : child_state::restarting, {});
    return all;
  }

  child_counts count() const {
    child_counts n;
    n.specs = 1;
    n.active = alive().size();
    n.zombies = zombies();
    for (const auto& [key, t] : troubled_) {
      n.restarting += t.retry ? 1 : 0;
      n.quarantined += t.quarantined ? 1 : 0;
    }
    (template_.rules.kind == child_kind::supervisor ? n.supervisors : n.workers) =
        n.active + n.restarting + n.quarantined;
    return n;
  }

  supervisor_status describe(const describe_supervisor& asked) {
    auto described = status(count());
    described.dynamic = true;
    if (asked.only && (find(*asked.only) || troubled_.contains(*asked.only)))
      described.children.push_back(status_of(*asked.only));
    if (!asked.only)
      for (const auto& [key, t] : troubled_ | std::views::take(asked.most))
        described.children.push_back(status_of(key));
    const auto all =
        described.counts.active + described.counts.restarting + described.counts.quarantined;
    described.truncated = all > described.children.size();
    return described;
  }

  child_status status_of(child_key key) {
    child_status c;
    c.id = key;
    c.kind = template_.rules.kind;
    c.restarts_left = template_.child_intensity;
    if (const auto* handle = find(key))
      c.handle = *handle;
    c.state = ending(key) ? child_state::ending : child_state::running;
    const auto known = troubled_.find(key);
    if (known == troubled_.end())
      return c;
    const auto& t = known->second;
    c.restarts = t.next;
    if (t.window)
      c.restarts_left = t.window->left(now());
    if (t.retry) {
      c.state = child_state::restarting;
      c.retry_in = time_until(t.retry_at);
    }
    if (t.quarantined)
      c.state = child_state::quarantined;
    return c;
  }

  bool restarting() const { return count().restarting != 0; }

  child_template template_;
  std::unordered_map<child_key, trouble> troubled_;
};

} // namespace

std::optional<refusal> check(const supervisor_options& options,
                             const child_template& children) {
  if (auto refused = check(options))
    return refused;
  if (!children.start)
    return refusal{"start", "must not be empty"};
  if (const auto& own = children.child_intensity; own && *own > options.intensity)
    return refusal{"child_intensity", "must be at most the supervisor's intensity ("
                                          + std::to_string(options.intensity) + "), got "
                                          + std::to_string(*own)};
  return check(children.rules, options.ends_with);
}

caf::actor start_dynamic_supervisor(caf::actor_system& sys, supervisor_options options,
                                    child_template children) {
  require(check(options, children));
  return sys.spawn<dynamic_supervisor>(std::move(options), std::move(children));
}

} // namespace pickup::supervision

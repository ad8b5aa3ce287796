#include "actors/provider_notifier.hpp"

#include "actors/actor_names.hpp"
#include "actors/behaving.hpp"
#include "actors/breather.hpp"
#include "actors/messaging.hpp"
#include "domain/telephone.hpp"
#include "notify/message_text.hpp"
#include "notify/outbox.hpp"
#include "notify/rate_limit.hpp"
#include "supervision/bounded.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace pickup::actors {

namespace {

using namespace std::chrono_literals;
using notify::delivery_state;
using notify::provider;
using supervision::call_outcome;

/// How often a journal that takes nothing is tried.
constexpr domain::duration journal_period = 1s;
/// How far the log channel has told: what it told is not told again by another channel.
constexpr auto log_channel = "log";

std::optional<domain::courier> courier_of(const storage::views& view,
                                          const storage::call_entry& what) {
  for (const auto& t : what.transitions)
    if (t.event == domain::event::assigned)
      if (auto c = view.find(t.courier))
        return std::move(c->courier);
  return std::nullopt;
}

const storage::intent* owed_by(const storage::entry& e) {
  const auto* what = std::get_if<storage::call_entry>(&e.what);
  return what != nullptr && what->owed ? &*what->owed : nullptr;
}

// Nobody else's key, ever: two copies of a directory that go on apart commit at other times.
std::string key_of(const storage::entry& e, const std::string& directory) {
  return directory + "." + std::string{domain::name(e.shard.service)} + "."
         + std::to_string(e.shard.zone.value()) + "." + std::to_string(e.n.value()) + "."
         + std::to_string(e.at.time_since_epoch().count());
}

notify::outgoing outgoing_of(const storage::entry& e, const node_context& n) {
  const auto& what = std::get<storage::call_entry>(e.what);
  const auto& form = n.outside.templates.at(what.owed->kind);
  const auto values = notify::variables_of(what, courier_of(n.journal.view(), what));
  notify::outgoing m;
  m.id = {e.shard, e.n};
  m.born = e.at;
  m.call = what.call;
  m.kind = what.owed->kind;
  m.what = {key_of(e, n.outside.directory_id), what.owed->tel, form.code,
            notify::used_by(form.text, values), notify::filled(form.text, values)};
  m.correlation_id = e.correlation_id;
  return m;
}

std::int32_t code_of(const notify::outcome& o) {
  if (const auto* x = std::get_if<notify::refused>(&o))
    return x->code;
  const auto* x = std::get_if<notify::reported>(&o);
  return x != nullptr ? x->code : 0;
}

// What stays of a delivery that ended: what somebody may want to look up.
bool is_kept(const storage::delivery& d) {
  return d.state != delivery_state::delivered || d.via != storage::carrier::alimtalk;
}

class provider_notifier : public supervision::bounded<sending_notifier_actor::base> {
public:
  provider_notifier(caf::actor_config& cfg, node_context& n)
      : bounded(cfg, n.bounds.notifier),
        node_(n),
        options_(n.options.notify),
        box_(rules_of(options_), {options_.alimtalk.sender_key, options_.sms.send_no},
             n.outside.seed),
        limits_{notify::rate_limit{options_.alimtalk.rate},
                notify::rate_limit{options_.sms.rate}} {
    behave(this);
  }

  const char* name() const override { return "notifier"; }
  std::string instance() const override { return notifier_name(provider_channel).id; }

  void on_exit() override { node_.notifiers.erase(provider_channel, address()); }

protected:
  behavior_type make_behavior() override {
    node_.notifiers.put(provider_channel, caf::actor_cast<notifier_actor>(this));
    send(this, resume_sending{});
    return {
        [this](const resume_sending&) { wait_for_predecessor(); },
        [this](const barrier_passed& m) {
          if (!m.outcome) // the journal takes nothing just now
            return delayed_send(this, journal_period, resume_sending{});
          recover();
          look();
        },
        [this](const look_for_news&) { look(); },
        [this](const deliveries_stored& m) {
          must(m.outcome);
          hand_out(m.number);
        },
        [this](const provider_answered& m) { take(m); },
        [this](const show_state& m) { m.answer(snapshot()); },
    };
  }

private:
  actor_snapshot snapshot() const {
    actor_snapshot all{{"onTheirWay", std::to_string(box_.size())},
                       {"requestsUnderWay", std::to_string(under_way_.size())}};
    for (const auto& [shard, n] : read_)
      all.emplace_back("readUpTo " + label(shard), std::to_string(n.value()));
    return all;
  }

  // -- beginning

  // What a predecessor submitted must be there before its rows are read.
  void wait_for_predecessor() {
    node_.journal.submit(storage::barrier_op{
        [self = caf::actor_cast<caf::actor>(this)](domain::status_result outcome) {
          caf::anon_send(self, barrier_passed{std::move(outcome)});
        }});
  }

  void recover() {
    const auto& view = node_.journal.view();
    const auto now = node_.now();
    for (auto shard : node_.shards) {
      read_[shard] = std::max(must(view.cursor(provider_channel, shard)),
                              must(view.cursor(log_channel, shard)));
      node_.looked_at(provider_channel, shard, read_[shard]);
      doubted_to_[shard] = view.head(shard);
      std::vector<storage::delivery> rows;
      must(view.visit_deliveries(provider_channel, shard, [&](storage::delivery d) {
        if (!has_ended(d.state) || d.state == delivery_state::failed)
          rows.push_back(std::move(d));
        return true;
      }));
      for (auto& row : rows) {
        const auto entries = must(view.read_from(shard, row.id.n, 1));
        if (!entries.empty() && entries[0].n == row.id.n && owed_by(entries[0]) != nullptr)
          box_.recover(outgoing_of(entries[0], node_), std::move(row), now);
      }
    }
  }

  // -- turns

  void look() {
    read_news();
    work();
    delayed_send(this, news_period, look_for_news{});
  }

  void read_news() {
    const auto& view = node_.journal.view();
    for (auto shard : node_.shards) {
      const domain::seq_no from{read_[shard].value() + 1};
      if (box_.size() >= options_.backlog || view.head(shard) < from)
        continue;
      const auto entries = must(view.read_from(shard, from, entries_a_turn));
      for (const auto& e : entries)
        if (owed_by(e) != nullptr)
          box_.add(outgoing_of(e, node_), node_.now(), e.n <= doubted_to_[shard]);
      if (!entries.empty())
        read_[shard] = entries.back().n;
      node_.looked_at(provider_channel, shard, read_[shard]);
    }
  }

  void work() {
    const auto now = node_.now();
    auto& alimtalk = node_.channels.at(name_of(provider::alimtalk));
    box_.tend(now, is_stopped(alimtalk));
    std::vector<notify::task> tasks;
    for (auto p : {provider::alimtalk, provider::sms})
      while (auto t = next_task(p, now))
        tasks.push_back(std::move(*t));
    save(std::move(tasks));
  }

  std::optional<notify::task> next_task(provider p, domain::timestamp now) {
    const auto due = box_.due(p);
    auto& limit = limit_of(p);
    if (!due || *due > now || under_way_.size() >= options_.in_flight || limit.next(now) > now)
      return std::nullopt;
    auto permit = node_.channels.at(name_of(p)).admit();
    if (!permit)
      return std::nullopt;
    auto t = box_.next(p, now);
    if (t) {
      limit.take(now);
      under_way_.emplace(t->id, std::move(*permit));
    }
    return t;
  }

  // Before a request to send leaves, it is written down that it may have left.
  void save(std::vector<notify::task> tasks) {
    storage::deliveries_op op;
    op.channel = provider_channel;
    for (auto& c : box_.take_changes()) {
      if (!has_ended(c.now.state) || is_kept(c.now))
        op.stored.push_back(c.now);
      else
        op.removed.push_back(c.now.id);
      if (has_ended(c.now.state))
        tell(c);
    }
    for (auto shard : node_.shards)
      save_cursors(shard, op.cursors);
    count();
    if (op.stored.empty() && op.removed.empty() && op.cursors.empty() && tasks.empty())
      return;
    const auto number = ++last_save_;
    if (!tasks.empty())
      held_.emplace_back(number, std::move(tasks));
    op.done = [self = caf::actor_cast<caf::actor>(this),
               number](domain::status_result outcome) {
      caf::anon_send(self, deliveries_stored{number, std::move(outcome)});
    };
    node_.journal.submit(std::move(op));
  }

  void save_cursors(domain::shard_id shard, std::vector<storage::cursor>& to) {
    const auto read = read_[shard];
    const auto oldest = box_.oldest(shard);
    const auto ended = oldest ? domain::seq_no{oldest->value() - 1} : read;
    if (auto& saved = saved_[shard]; saved != std::pair{read, ended}) {
      saved = {read, ended};
      to.push_back({provider_channel, shard, read});
      to.push_back({ended_cursor, shard, ended});
    }
  }

  void hand_out(std::uint64_t number) {
    while (!held_.empty() && held_.front().first <= number) {
      for (auto& t : held_.front().second)
        node_.outside.to->submit(
            std::move(t.ask), [self = address(), id = t.id, what = t.what](notify::answer a) {
              if (auto alive = caf::actor_cast<caf::actor>(self))
                caf::anon_send(alive, provider_answered{id, what, std::move(a)});
            });
      held_.pop_front();
    }
  }

  // -- answers

  void take(const provider_answered& m) {
    const auto before = box_.state(m.id);
    const auto p = notify::provider_of(before.via);
    const auto now = node_.now();
    const auto outcome = notify::read_answer(m.what, m.done, before);
    const auto correlation_id = box_.message(m.id).correlation_id; // it may go now
    judge(m.id, outcome, before.via);
    if (const auto* slow = std::get_if<notify::throttled>(&outcome)) {
      const auto rest = slow->retry_after.value_or(
          p == provider::sms ? options_.sms.retry_first : options_.alimtalk.retry_first);
      limit_of(p).pause(now, std::min(rest, notify::longest_rest));
    }
    const auto verdict = box_.answered(m.id, m.done, outcome, now);
    if (verdict.stop_channel)
      node_.channels.at(name_of(p)).force_open();
    if (verdict.alarm) {
      ++node_.carried.at(name_of(p)).alarms;
      spdlog::critical("notify.alarm channel={} intent={} code={} stopped={} "
                       "correlation_id={:?}",
                       name_of(p), intent_name(m.id), code_of(outcome), verdict.stop_channel,
                       correlation_id);
    }
    work();
  }

  void judge(const notify::delivery_id& id, const notify::outcome& o, storage::carrier via) {
    const auto permit = under_way_.extract(id);
    if (permit.empty())
      return;
    switch (notify::health_of(o, via)) {
    case notify::health::good: permit.mapped().record(call_outcome::success); break;
    case notify::health::bad: permit.mapped().record(call_outcome::failure); break;
    case notify::health::says_nothing: permit.mapped().record(call_outcome::ignored); break;
    }
    const auto warn = [&](std::string_view event, const std::string& why) {
      spdlog::warn("{} channel={} intent={} correlation_id={:?} reason={:?}", event,
                   notify::name(notify::provider_of(via)), intent_name(id),
                   box_.message(id).correlation_id, why);
    };
    if (const auto* lost = std::get_if<notify::no_answer>(&o))
      warn("notify.unanswered", lost->why);
    if (const auto* lost = std::get_if<notify::unreachable>(&o))
      warn("notify.unreachable", lost->why);
  }

  // -- telling

  void tell(const notify::change& c) {
    const auto dead = c.now.state == delivery_state::dead;
    const auto event = dead                                        ? "message.dead"
                       : c.now.state == delivery_state::failed     ? "message.failed"
                       : c.now.state == delivery_state::superseded ? "message.superseded"
                                                                   : "message.delivered";
    spdlog::log(
        dead ? spdlog::level::err : spdlog::level::info,
        "{} intent={} call={} kind={} tel={} via={} code={} correlation_id={:?} reason={:?}",
        event, intent_name(c.now.id), c.message.call.number(), domain::name(c.message.kind),
        domain::masked(c.message.what.tel), notify::name(c.now.via), c.now.code,
        c.message.correlation_id, notify::masked(c.now.reason, c.message.what.tel));
    if (c.now.state == delivery_state::delivered)
      ++node_.counters.messages_sent;
  }

  void count() {
    node_.messages_waiting = box_.size();
    for (auto p : {provider::alimtalk, provider::sms}) {
      const auto found = node_.carried.find(name_of(p));
      if (found == node_.carried.end())
        continue;
      auto& to = found->second;
      const auto& now = box_.done_with(p);
      auto& before = counted_.at(static_cast<std::size_t>(p));
      to.sent += now.sent - before.sent;
      to.retries += now.retries - before.retries;
      to.reconciled += now.reconciled - before.reconciled;
      to.delivered += now.delivered - before.delivered;
      to.handed_over += now.handed_over - before.handed_over;
      to.superseded += now.superseded - before.superseded;
      to.dead += now.dead - before.dead;
      before = now;
    }
  }

  static std::string intent_name(const notify::delivery_id& id) {
    return label(id.shard) + ":" + std::to_string(id.n.value());
  }

  static std::string name_of(provider p) { return std::string{notify::name(p)}; }

  static bool is_stopped(supervision::shared_breaker& breaker) {
    return breaker.snapshot().state == supervision::breaker_state::forced_open;
  }

  notify::rate_limit& limit_of(provider p) { return limits_.at(static_cast<std::size_t>(p)); }

  node_context& node_;
  const notify::options& options_;
  notify::outbox box_;
  std::array<notify::rate_limit, 2> limits_;
  std::array<notify::tally, 2> counted_{};
  std::map<domain::shard_id, domain::seq_no> read_;
  std::map<domain::shard_id, domain::seq_no> doubted_to_; ///< what a predecessor may have sent
  std::map<domain::shard_id, std::pair<domain::seq_no, domain::seq_no>> saved_;
  std::map<notify::delivery_id, supervision::shared_breaker::permit> under_way_;
  std::uint64_t last_save_ = 0;
  std::deque<std::pair<std::uint64_t, std::vector<notify::task>>> held_; ///< until written down
};

notify::policy policy_of(const notify::provider_options& o) {
  notify::policy p;
  p.request_timeout = o.connect_timeout + o.request_timeout;
  p.settle = o.settle;
  p.retry_first = o.retry_first;
  p.retry_most = o.retry_most;
  p.poll_first = o.poll_first;
  p.poll_most = o.poll_most;
  p.give_up_after = o.give_up_after;
  p.delivery_limit = o.delivery_limit;
  return p;
}

} // namespace

notify::rules rules_of(const notify::options& o) {
  notify::rules r;
  r.alimtalk = policy_of(o.alimtalk);
  r.alimtalk.idempotent = true;
  r.alimtalk.key_window = o.alimtalk.key_window;
  r.sms = policy_of(o.sms);
  r.has_sms = o.has_sms();
  r.dead_after = o.dead_after;
  return r;
}

notifier_actor start_provider_notifier(caf::actor_system& sys, node_context& n, runs_on where) {
  if (where == runs_on::own_thread)
    return caf::actor_cast<notifier_actor>(
        sys.spawn<provider_notifier, caf::detached>(std::ref(n)));
  return caf::actor_cast<notifier_actor>(sys.spawn<provider_notifier>(std::ref(n)));
}

namespace {

// A stored delivery that reached nobody, as it is shown; of its entry, what is still there.
domain::result<dead_letter_view> shown(const storage::views& view, const storage::delivery& d) {
  dead_letter_view v;
  v.intent = label(d.id.shard) + ":" + std::to_string(d.id.n.value());
  v.service = d.id.shard.service;
  v.via = notify::name(d.via);
  v.state = d.state == delivery_state::dead ? "dead" : "bad_number";
  v.code = d.code;
  v.reason = d.reason;
  v.at = d.due;
  const auto entry = view.entry_at(d.id.shard, d.id.n);
  if (!entry)
    return entry.error();
  if (const auto* owed = *entry ? owed_by(**entry) : nullptr) {
    v.call = std::get<storage::call_entry>((*entry)->what).call.number();
    v.kind = domain::name(owed->kind);
    v.tel = domain::masked(owed->tel);
  }
  return v;
}

} // namespace

domain::result<dead_letter_list> list_dead_letters(const node_context& n, std::size_t most) {
  const auto& view = n.journal.view();
  dead_letter_list all;
  all.total = view.dead_letters(provider_channel);
  breather others;
  for (const auto& id : view.newest_dead_letters(provider_channel, most)) {
    others.before_read();
    const auto stored = view.find_delivery(provider_channel, id);
    if (!stored)
      return stored.error();
    if (!*stored)
      continue; // forgotten meanwhile
    auto letter = shown(view, **stored);
    if (!letter)
      return letter.error();
    all.newest.push_back(std::move(*letter));
  }
  return all;
}

} // namespace pickup::actors

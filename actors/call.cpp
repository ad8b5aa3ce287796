#include "actors/call.hpp"

#include "actors/actor_names.hpp"
#include "actors/behaving.hpp"
#include "domain/call.hpp"
#include "supervision/bounded.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

namespace pickup::actors {

namespace {

using domain::errc;
using domain::error;

using namespace std::chrono_literals;

/// Before a call whose assignment was refused as overload asks the dispatcher again.
constexpr auto overload_pause = 200ms;

/// What a call is asked to decide, in turn.
using work =
    std::variant<dispatched, cancel_call, reassign_call, report_job, courier_gone, wait_over>;

void tell(node_context& n, domain::call_id id, auto message) {
  if (const auto dispatcher = n.dispatchers.find(id.shard()))
    caf::anon_send(dispatcher, std::move(message));
}

class call_impl : public supervision::bounded<call_actor::base> {
public:
  call_impl(caf::actor_config& cfg, node_context& n, domain::call_id id, origin from,
            std::uint64_t generation)
      : bounded(cfg, n.bounds.call),
        node_(n),
        id_(id),
        generation_(generation),
        stage_(first_stage(from)) {
    behave(this);
  }

  const char* name() const override { return "call"; }
  std::string instance() const override { return name_of(id_).id; }

  void on_exit() override {
    node_.calls.erase(id_, address());
    // Nothing of it is stored, so no successor will say this, should its supervisor end too.
    if (stage_ == stage::registering && entered_ > 0)
      tell(node_, id_, leave_call{id_});
    // Somebody may still hold this actor; who waits for its answers must not wait for that.
    beginning_.reset();
    asked_ = {};
    queue_.clear();
    watchers_.clear();
  }

protected:
  behavior_type make_behavior() override {
    if (stage_ != stage::asleep)
      node_.calls.put(id_, caf::actor_cast<call_actor>(this), generation_);
    if (stage_ == stage::recovering)
      recover();
    return {
        [this](begin_call& m) { begin(std::move(m)); },
        [this](dispatched& m) { on_dispatched(std::move(m)); },
        [this](const fall_due& m) { on_fall_due(m); },
        [this](const turned_away& m) { on_turned_away(m); },
        [this](cancel_call& m) { ask(std::move(m)); },
        [this](reassign_call& m) { ask(std::move(m)); },
        [this](report_job& m) { ask(std::move(m)); },
        [this](courier_gone& m) { enqueue_work(std::move(m)); },
        [this](wait_over& m) { enqueue_work(std::move(m)); },
        [this](const ask_again&) { on_ask_again(); },
        [this](const give_up&) { on_give_up(); },
        [this](watch_call& m) { watch(std::move(m)); },
        [this](commit_done& m) { on_commit(std::move(m.outcome)); },
        [this](barrier_passed& m) { on_barrier(m.outcome); },
        [this](const show_state& m) { m.answer(snapshot()); },
    };
  }

private:
  enum class stage {
    unborn,      ///< waits for begin_call
    asleep,      ///< what is stored is true; nothing has happened since the node started
    registering, ///< a new call, waits for the dispatcher
    committing,  ///< waits for the journal
    recovering,  ///< waits to read what is true
    idle,
  };

  static stage first_stage(origin from) {
    switch (from) {
    case origin::fresh: return stage::unborn;
    case origin::found: return stage::asleep;
    case origin::restarted: return stage::recovering;
    }
    return stage::recovering;
  }

  // -- beginning --

  void begin(begin_call m) {
    if (!m.wanted->begin())
      return end();
    beginning_ = std::move(m);
    created_at_ = node_.now();
    begun_ = node_.steady();
    register_call();
  }

  // Every attempt to begin is one decision made afresh, as nothing of it is stored yet.
  domain::decision first_decision() const {
    return domain::request(id_, beginning_->request, created_at_,
                           node_.options.dispatch.max_wait);
  }

  std::optional<domain::timestamp> to_be_dispatched() const {
    return domain::dispatch_time(beginning_->request, created_at_,
                                 node_.options.dispatch.lead_time);
  }

  void register_call() {
    stage_ = stage::registering;
    if (!node_.dispatchers.find(id_.shard()))
      return refuse_beginning(errc::unavailable, "has no dispatcher now");
    if (to_be_dispatched())
      announce();
    else
      enter(first_decision().next);
  }

  void refuse_beginning(errc code, const std::string& why) {
    node_.counters.refuse(code == errc::overloaded              ? refusal_cause::too_many_wait
                          : node_.dispatchers.find(id_.shard()) ? refusal_cause::dispatcher_late
                                                                : refusal_cause::no_dispatcher);
    beginning_->answer(error{code,
                             "create call: dispatcher of "
                                 + std::string{domain::name(id_.service())} + ": " + why,
                             {}});
    end();
  }

  void on_give_up() {
    if (stage_ == stage::registering)
      refuse_beginning(errc::unavailable, "did not answer in time");
  }

  void on_turned_away(const turned_away& m) {
    --entered_;
    if (stage_ == stage::registering && m.attempt == attempt_)
      refuse_beginning(errc::overloaded, "too many calls wait");
  }

  void commit_beginning(dispatched m) {
    const auto due = to_be_dispatched();
    auto made = due ? then(first_decision(), domain::schedule{*due}, created_at_)
                    : taken(first_decision(), std::move(m.reserved), created_at_);
    commit(std::move(*made), beginning_->correlation_id, m.epoch, beginning_->idempotency_key);
  }

  // The dispatcher has a call, perhaps with a courier at once.
  static domain::result<domain::decision>
  taken(domain::decision before, std::optional<domain::reservation> by, domain::timestamp now) {
    domain::result<domain::decision> made = std::move(before);
    if (made->next.phase != domain::phase::dispatching)
      made = then(std::move(*made), domain::manage{}, now);
    if (made && by)
      made = then(std::move(*made),
                  domain::assign{by->courier, by->distance, std::move(by->why)}, now);
    return made;
  }

  // -- the dispatcher --

  void enter(const domain::call& c) {
    attempt_ = node_.new_attempt();
    ++entered_;
    tell(node_, id_, enter_call{ticket_of(c), attempt_});
  }

  // A scheduled call needs nobody yet, but is accepted only by a dispatcher that works.
  void announce() {
    attempt_ = node_.new_attempt();
    ++entered_;
    tell(node_, id_, announce_call{id_, attempt_});
  }

  // Whatever the dispatcher believes, this is true.
  void tell_dispatcher() {
    if (ended(call_->phase) || sleeps())
      tell(node_, id_, leave_call{id_});
    else if (call_->has_live_assignment())
      tell(node_, id_, hold_job{ticket_of(*call_), call_->assigned->courier});
    else
      enter(*call_);
  }

  // Meanwhile it may have been cancelled, or be about to be.
  void on_ask_again() {
    if (stage_ == stage::idle && needs_courier())
      enter(*call_);
    else if (stage_ == stage::committing)
      delayed_send(this, overload_pause, ask_again{});
  }

  // Scheduled, and its time has not come.
  bool sleeps() const {
    return call_->phase == domain::phase::scheduled && due_in_.value() == 0;
  }

  bool needs_courier() const {
    return call_->phase == domain::phase::dispatching
           || (call_->phase == domain::phase::scheduled && !sleeps());
  }

  // The dispatcher says it again, so one who is busy need not keep it.
  void on_fall_due(const fall_due& m) {
    wake();
    if (m.epoch == due_in_ || (stage_ != stage::idle && stage_ != stage::recovering))
      return;
    due_in_ = m.epoch;
    if (stage_ == stage::idle)
      tell_dispatcher();
    end_if_done(); // it may have been cancelled before it was told
  }

  void on_dispatched(dispatched m) {
    if (m.reserved)
      crash_if_told();
    if (stage_ == stage::registering && m.attempt == attempt_)
      commit_beginning(std::move(m));
    else if (m.reserved || (call_ && call_->phase == domain::phase::scheduled))
      enqueue_work(std::move(m));
  }

  // -- one command at a time --

  void ask(auto m) {
    if (queue_.size() >= node_.options.limits.call_queue) {
      m.answer(error{errc::overloaded,
                     "command: call " + std::to_string(id_.number()) + ": "
                         + std::to_string(queue_.size()) + " commands wait already",
                     {}});
      return;
    }
    enqueue_work(std::move(m));
  }

  void enqueue_work(work w) {
    wake();
    queue_.push_back(std::move(w));
    work_on();
    end_if_done();
  }

  void work_on() {
    while (stage_ == stage::idle && !queue_.empty()) {
      auto next = std::move(queue_.front());
      queue_.erase(queue_.begin());
      std::visit([this](auto& w) { decide(std::move(w)); }, next);
    }
  }

  void decide(dispatched m) {
    // An answer to an earlier request: the later one is under way, and takes back what was
    // reserved. To ask once more would never come to an end.
    if (m.attempt != attempt_ && m.attempt.value() != 0)
      return;
    auto made = taken({*call_, {}, {}}, std::move(m.reserved), node_.now());
    if (m.attempt != attempt_ || !made)
      return tell_dispatcher();
    if (!made->transitions.empty())
      commit(std::move(*made), call_->correlation_id, m.epoch);
  }

  void decide(cancel_call m) { decide_for(std::move(m)); }
  void decide(reassign_call m) { decide_for(std::move(m)); }
  void decide(report_job m) { decide_for(std::move(m)); }

  template <class Command>
  void decide_for(Command m) {
    auto made = step(*call_, m.what, node_.now());
    if (!made || made->transitions.empty()) {
      m.answer(made ? domain::result<domain::call>{*call_} : made.error());
      return;
    }
    asked_ = std::move(m.answer);
    commit(std::move(*made), m.correlation_id);
  }

  void decide(courier_gone m) { decide_alone(domain::lose_courier{m.courier}); }
  void decide(wait_over) { decide_alone(domain::expire{}); }

  // News that nobody waits for, and that may come too late to matter.
  void decide_alone(const domain::command& what) {
    auto made = step(*call_, what, node_.now());
    if (made && !made->transitions.empty())
      commit(std::move(*made), call_->correlation_id);
  }

  // -- the journal --

  void commit(domain::decision made, std::string correlation_id, domain::epoch_no epoch = {},
              std::optional<std::string> key = {}) {
    stage_ = stage::committing;
    assigning_ = epoch.value() != 0;
    storage::batch b{made.next.updated_at, std::move(correlation_id), epoch,
                     storage::call_change{std::move(made), std::move(key)}};
    const auto me = caf::actor_cast<call_actor>(this);
    auto stored = [me, &n = node_, began = node_.steady()](auto outcome) {
      n.counters.commits.add(n.steady() - began);
      caf::anon_send(me, commit_done{std::move(outcome)});
    };
    node_.journal.submit(storage::append_op{std::move(b), std::move(stored)});
  }

  // Since somebody could have come; by the wall clock, as the call may be older than the
  // process.
  std::chrono::nanoseconds waited(const domain::call& c) const {
    return node_.now() - c.dispatch_at.value_or(c.created_at);
  }

  void on_commit(domain::result<storage::committed> outcome) {
    if (stage_ != stage::committing)
      return;
    if (!outcome)
      return on_refused(outcome.error());
    const bool born = !call_;
    const bool was_assigned = call_ && call_->has_live_assignment();
    call_ = std::move(std::get<domain::call>(outcome->record));
    stage_ = stage::idle;
    if (!was_assigned && call_->times_assigned == 1 && call_->phase == domain::phase::confirmed)
      node_.counters.assignments.add(born ? node_.steady() - begun_ : waited(*call_));
    // The dispatcher hears of it before anybody else, so that the next match, whoever asks for
    // it after this answer, sees what the answer says.
    if (was_assigned && call_->phase == domain::phase::dispatching)
      enter(*call_);
    if (ended(call_->phase))
      tell(node_, id_, leave_call{id_});
    if (born) {
      ++node_.counters.calls_created;
      beginning_->answer(*call_);
      beginning_.reset();
    } else {
      asked_(*call_);
      asked_ = {};
    }
    answer_watchers();
    work_on();
    end_if_done();
  }

  void on_refused(const error& why) {
    if (why.code == errc::stale) {
      // The dispatcher was restarted, or an earlier incarnation of this call got there first:
      // look.
      ++node_.counters.stale_commits;
      asked_(error{errc::unavailable, why.text, {}});
      asked_ = {};
      return recover();
    }
    asked_(why);
    asked_ = {};
    if (!call_) {
      beginning_->answer(why);
      tell(node_, id_, leave_call{id_});
      return end();
    }
    stage_ = stage::idle;
    // The courier stays reserved for as long.
    if (assigning_ && why.code == errc::overloaded)
      delayed_send(this, overload_pause, ask_again{});
    work_on();
    end_if_done();
  }

  // -- recovering --

  // The dispatcher has read the same row, so there is nothing to tell it.
  void wake() {
    if (stage_ != stage::asleep)
      return;
    call_ = read();
    if (!call_)
      throw std::runtime_error{"wake call " + std::to_string(id_.number()) + ": has no row"};
    stage_ = stage::idle;
  }

  std::optional<domain::call> read() const {
    auto stored = node_.journal.view().find(id_);
    if (!stored)
      throw std::runtime_error{stored.error().text};
    return std::move(*stored);
  }

  void recover() {
    stage_ = stage::recovering;
    due_in_ = {};
    const auto me = caf::actor_cast<call_actor>(this);
    node_.journal.submit(storage::barrier_op{
        [me](auto outcome) { caf::anon_send(me, barrier_passed{std::move(outcome)}); }});
  }

  void on_barrier(const domain::status_result& outcome) {
    // The journal takes nothing more, so nothing can be decided until another one is opened,
    // with actors of its own.
    if (!outcome)
      return end();
    if (auto stored = read()) {
      call_ = std::move(stored);
      stage_ = stage::idle;
      if (beginning_) {
        beginning_->answer(*call_);
        beginning_.reset();
      }
      tell_dispatcher();
      answer_watchers();
      // Whoever woke a scheduled call is still to say what for.
      const bool early = queue_.empty() && call_->phase == domain::phase::scheduled;
      work_on();
      if (!early)
        end_if_done();
    } else if (beginning_) {
      register_call();
    } else {
      // It never became true; nobody was told that it had.
      tell(node_, id_, leave_call{id_});
      end();
    }
  }

  // -- watching, ending --

  void watch(watch_call m) {
    if (watchers_.size() >= node_.options.limits.call_queue) {
      m.answer(error{errc::overloaded,
                     "watch: call " + std::to_string(id_.number()) + ": "
                         + std::to_string(watchers_.size()) + " watch already",
                     {}});
      return;
    }
    wake();
    watchers_.push_back(std::move(m.answer));
    answer_watchers();
  }

  void answer_watchers() {
    if (!call_ || call_->phase == domain::phase::dispatching)
      return;
    for (const auto& w : watchers_)
      w(*call_);
    watchers_.clear();
  }

  // A scheduled call that nobody wants anything of needs no actor.
  void end_if_done() {
    if (stage_ == stage::idle && (ended(call_->phase) || sleeps()))
      end();
  }

  actor_snapshot snapshot() const {
    const auto words = [](stage s) -> std::string {
      switch (s) {
      case stage::unborn: return "unborn";
      case stage::asleep: return "asleep";
      case stage::registering: return "registering";
      case stage::committing: return "committing";
      case stage::recovering: return "recovering";
      case stage::idle: return "idle";
      }
      return "unknown";
    };
    actor_snapshot all{{"stage", words(stage_)},
                       {"attempt", std::to_string(attempt_.value())},
                       {"commandsWaiting", std::to_string(queue_.size())},
                       {"watchers", std::to_string(watchers_.size())}};
    if (!call_)
      return all;
    all.emplace_back("phase", domain::name(call_->phase));
    all.emplace_back("version", std::to_string(call_->version.value()));
    all.emplace_back("waitUntil", domain::to_rfc3339(call_->wait_until));
    all.emplace_back("timesAssigned", std::to_string(call_->times_assigned));
    all.emplace_back("excluded", std::to_string(call_->excluded.size()));
    if (call_->assigned)
      all.emplace_back("courier", std::to_string(call_->assigned->courier.value()));
    if (due_in_.value() != 0)
      all.emplace_back("dueInEpoch", std::to_string(due_in_.value()));
    all.emplace_back("correlationId", call_->correlation_id);
    return all;
  }

  void end() {
    // Answers that are still owed answer themselves; who asks again finds the row.
    quit();
  }

  // A fault asked for by the options: ends this actor between reserve and commit.
  void crash_if_told() {
    const auto every = node_.options.faults.crash_call_every;
    if (every != 0 && ++node_.fault_call % every == 0)
      throw std::runtime_error{"fault: call crashes between reserve and commit"};
  }

  node_context& node_;
  const domain::call_id id_;
  const std::uint64_t generation_;
  stage stage_;
  std::optional<domain::call> call_; ///< as committed
  std::optional<begin_call> beginning_;
  domain::timestamp created_at_;
  std::chrono::steady_clock::time_point begun_;
  attempt_no attempt_;
  std::uint32_t entered_ = 0; ///< requests that reached the dispatcher's mailbox, or seem so
  domain::epoch_no due_in_; ///< the dispatcher who told a scheduled call that its time has come
  bool assigning_ = false;  ///< the commit under way rests on a reservation
  reply<domain::call> asked_; ///< who waits for the commit under way
  std::vector<work> queue_;   ///< short; an empty std::deque would take half a kilobyte
  std::vector<reply<domain::call>> watchers_;
};

} // namespace

domain::ticket ticket_of(const domain::call& c) {
  // Who asks for a time ahead does not overtake those who wait already.
  const auto since = c.dispatch_at.value_or(c.created_at);
  return {c.id, c.version, c.request.wanted, c.request.where, since, c.wait_until, c.excluded};
}

call_actor start_call(caf::actor_system& sys, node_context& n, domain::call_id id, origin from,
                      std::uint64_t generation) {
  if (from != origin::found)
    return sys.spawn<call_impl>(std::ref(n), id, from, generation);
  // Nothing runs until its first message: a start finds calls by the million, and next to
  // nothing happens to most of them.
  const auto call = sys.spawn<call_impl, caf::lazy_init>(std::ref(n), id, from, generation);
  n.calls.put(id, call, generation);
  return call;
}

void quarantine_call(node_context& n, domain::call_id id) {
  ++n.counters.quarantined_calls;
  n.quarantined_calls.put(id);
  // Its last commit may still be on the way.
  n.journal.submit(storage::barrier_op{[&n, id](const auto&) {
    const auto stored = n.journal.view().find(id);
    if (stored && *stored && (*stored)->has_live_assignment())
      tell(n, id, hold_job{ticket_of(**stored), (*stored)->assigned->courier});
    else
      tell(n, id, leave_call{id});
  }});
}

} // namespace pickup::actors

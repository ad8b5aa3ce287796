#include "actors/dispatcher.hpp"

#include "actors/actor_names.hpp"
#include "actors/behaving.hpp"
#include "actors/call.hpp"
#include "actors/courier.hpp"
#include "actors/hearing.hpp"
#include "domain/board.hpp"
#include "supervision/bounded.hpp"
#include "supervision/supervisor.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pickup::actors {

namespace {

using namespace std::chrono_literals;

/// How often the clock is looked at for calls that waited too long.
constexpr auto clock_period = 200ms;
/// What a courier may take to end; the process has less than five seconds for all.
constexpr auto courier_end_limit = 2s;
/// Scheduled calls that are being dispatched together, so that a million that fall due at once,
/// e.g. after a long stop, are no million actors at once.
constexpr std::size_t due_at_once = 1000;
/// Reservations made before other messages get their turn.
constexpr int matches_a_turn = 64;

class dispatcher_impl : public supervision::bounded<dispatcher_actor::base> {
public:
  dispatcher_impl(caf::actor_config& cfg, node_context& n, domain::shard_id shard,
                  std::function<void(const supervision::restart_report&)> report)
      : bounded(cfg, n.bounds.dispatcher),
        node_(n),
        shard_(shard),
        report_(std::move(report)),
        label_(label(shard)),
        board_(domain::metres{n.options.dispatch.max_pickup_distance_m}),
        pause_(n.options.dispatch.assign_pause_min) {
    behave(this);
  }

  const char* name() const override { return "dispatcher"; }
  std::string instance() const override { return dispatcher_name(shard_).id; }

  void on_exit() override {
    node_.dispatcher_state.at(shard_).ready = false;
    node_.dispatchers.erase(shard_, address());
    early_.clear(); // and with it the answers owed
  }

protected:
  behavior_type make_behavior() override {
    const auto me = caf::actor_cast<dispatcher_actor>(this);
    // In the directory before the epoch opens: a call that still finds the predecessor has
    // committed before the epoch, so the rebuild sees it; one that finds this dispatcher is
    // heard after it.
    node_.dispatchers.put(shard_, me);
    node_.journal.submit(storage::epoch_op{
        shard_, [me](auto epoch) { caf::anon_send(me, epoch_opened{std::move(epoch)}); }});
    return {
        [this](enter_call& m) { is_new(m) ? when_room(m) : when_ready(m); },
        [this](announce_call& m) { when_room(m); },
        [this](hold_job& m) { when_ready(m); },
        [this](leave_call& m) { when_ready(m); },
        [this](calls_restarted& m) { when_ready(m); },
        [this](register_courier& m) { when_room(m); },
        [this](propose_change& m) { when_ready(m); },
        [this](courier_stored& m) { when_ready(m); },
        [this](const look_at_couriers&) {
          if (is_ready())
            read_news();
        },
        [this](epoch_opened& m) { on(m); },
        [this](const look_at_clock&) { look(); },
        [this](const match_more&) { match(); },
        [this](const list_jobs& m) { m.answer(board_.jobs(m.courier)); },
        [this](const show_state& m) { m.answer(snapshot()); },
    };
  }

private:
  // Until the board is rebuilt, messages wait in the order they came.
  template <class Message>
  void when_ready(Message& m) {
    if (is_ready())
      on(m);
    else
      early_.push_back([this, held = std::move(m)]() mutable { on(held); });
  }

  // What is bounded in the mailbox is bounded here as well.
  template <class Message>
  void when_room(Message& m) {
    if (!is_ready() && early_.size() >= node_.options.mailboxes.dispatcher)
      turn_away(node_, m);
    else
      when_ready(m);
  }

  bool is_ready() const { return epoch_.value() != 0; }

  // -- starting --

  void on(epoch_opened& m) {
    // The journal takes nothing more: without an epoch nothing can be assigned.
    if (!m.epoch)
      return;
    epoch_ = *m.epoch;
    rebuild();
    start_couriers();
    for (auto& held : std::exchange(early_, {}))
      held();
    read_news(); // what came while nobody could read it
    node_.dispatcher_state.at(shard_).ready = true;
    spdlog::info("dispatcher.ready shard={} epoch={} couriers={} waiting={} reserved={}",
                 label_, epoch_.value(), board_.couriers(), board_.waiting(),
                 board_.reserved());
    delayed_send(this, clock_period, look_at_clock{});
  }

  void rebuild() {
    const auto now = node_.now();
    const auto& view = node_.journal.view();
    std::vector<domain::courier_id> ids;
    for (const auto& c : view.couriers(shard_)) {
      board_.put(c.courier, c.idle_since);
      ids.push_back(c.courier.id);
    }
    take_places(ids);
    const auto read = view.visit_live_calls(shard_, [&](const domain::call& c) {
      const auto t = ticket_of(c);
      if (c.has_live_assignment())
        board_.restore(t, c.assigned->courier, c.updated_at);
      else if (!node_.quarantined_calls.holds(c.id)) // nobody would take the courier
        board_.enter(as_of(now, t), now);
    });
    if (!read)
      throw std::runtime_error{read.error().text};
  }

  void start_couriers() {
    supervision::supervisor_options o;
    o.name = "couriers " + label_;
    o.intensity = node_.options.supervision.courier_intensity;
    o.period = node_.options.supervision.period;
    o.report = report_;
    supervision::child_template t;
    t.rules.end = {supervision::shutdown::manner::within, courier_end_limit};
    t.child_intensity = node_.options.supervision.child_intensity;
    t.on_quarantine = [&n = node_, shard = shard_](supervision::child_key key) {
      ++n.counters.quarantined_couriers;
      // Nobody listens to their phone any more: as good as lost.
      const domain::courier_id id{key};
      n.quarantined_couriers.put(id);
      n.journal.lose(id, domain::timestamp::max());
      look_at(n, shard, {id});
    };
    t.start = [&n = node_, epoch = epoch_](caf::actor_system& sys, supervision::child_key key,
                                           std::uint32_t incarnation) {
      n.quarantined_couriers.release(domain::courier_id{key});
      return caf::actor_cast<caf::actor>(
          start_courier(sys, n, domain::courier_id{key}, epoch, incarnation));
    };
    t.initial = [&n = node_, shard = shard_] {
      std::vector<supervision::child_key> keys;
      for (const auto& c : n.journal.view().couriers(shard))
        keys.push_back(c.courier.id.value());
      return keys;
    };
    couriers_ =
        supervision::start_dynamic_supervisor(home_system(), std::move(o), std::move(t));
    link_to(couriers_);
    node_.courier_supervisors.put(shard_, couriers_);
  }

  // -- calls --

  void on(enter_call& m) {
    const auto call = m.ticket.call;
    // An earlier request that comes later is of an incarnation that has a successor.
    if (m.attempt < attempts_[call])
      return;
    attempts_[call] = m.attempt;
    const auto now = node_.now();
    board_.enter(as_of(now, std::move(m.ticket)), now);
    match();
    // Matched or not, the call hears that it is registered.
    if (board_.waits(call))
      tell(call, dispatched{m.attempt, epoch_, std::nullopt});
  }

  void on(announce_call& m) { tell(m.call, dispatched{m.attempt, epoch_, std::nullopt}); }

  void on(hold_job& m) {
    const auto now = node_.now();
    forget(m.ticket.call);
    board_.restore(m.ticket, m.courier, now);
  }

  void on(leave_call& m) {
    forget(m.call);
    match();
  }

  // Calls that ended with nobody left to say so: they died while their end was being stored.
  void on(const calls_restarted&) {
    const auto& view = node_.journal.view();
    auto begun = board_.calls();
    std::erase_if(begun, [&](domain::call_id id) {
      return view.version(id).value() == 0 || view.is_scheduled(id);
    });
    // Only now: what has begun is among these until it ends.
    const auto live = view.live_calls(shard_);
    for (const auto id : begun)
      if (!std::ranges::binary_search(live, id))
        forget(id);
    match();
  }

  void forget(domain::call_id call) {
    attempts_.erase(call);
    board_.leave(call, node_.now());
  }

  // -- couriers --

  void on(register_courier& m) {
    const auto key = m.record.id.value();
    caf::anon_send(couriers_, supervision::start_child{key, caf::make_message(std::move(m))});
  }

  void on(propose_change& m) {
    const auto id = m.after.id;
    const auto courier = node_.couriers.find(id);
    if (!courier || courier.address() != m.from)
      return;
    auto verdict = admissible(m.after, board_.job_classes(id));
    if (verdict)
      board_.hold(id);
    caf::anon_send(courier, change_judged{std::move(verdict)});
  }

  void on(courier_stored& m) {
    const auto now = node_.now();
    if (m.record.deleted) {
      board_.erase(m.record.id);
      return;
    }
    if (const auto courier = node_.couriers.find(m.record.id);
        courier && courier.address() != m.from)
      return;
    board_.put(m.record, now);
    take_places({m.record.id});
    match();
  }

  void read_news() {
    const auto news = node_.news.at(shard_).take();
    take_places(news);
    match();
    if (std::ranges::any_of(news, [this](auto id) { return board_.is_lost(id); }))
      chase_lost_jobs();
  }

  // The views say where couriers are and who is lost, in whatever order the news came.
  void take_places(const std::vector<domain::courier_id>& ids) {
    for (const auto& c : node_.journal.view().whereabouts_of(ids)) {
      // Quarantined: nobody would notice if they fell silent again.
      if (board_.is_lost(c.courier) && !node_.couriers.find(c.courier))
        continue;
      if (c.where)
        board_.move(c.courier, *c.where);
      else
        board_.hear(c.courier);
      if (c.lost)
        board_.lose(c.courier);
    }
  }

  // Said again until it is heard: a call may be restarting, or its commit be refused.
  void chase_lost_jobs() {
    for (auto [courier, call] : board_.lost_jobs())
      tell(call, courier_gone{courier});
  }

  // -- matching --

  // What is promised to a call that has no actor yet, as at a start, nobody would hear of.
  bool is_paused() const {
    return paused_ || node_.assign_paused || !node_.calls_started.at(shard_);
  }

  // Registering goes on when matching fails: assignment pauses, with backoff, and is tried
  // again.
  void match() {
    if (is_paused())
      return show();
    try {
      fail_if_told();
      for (int left = matches_a_turn; left > 0; --left) {
        const auto r = board_.next_match(node_.now());
        if (!r) {
          pause_ = node_.options.dispatch.assign_pause_min;
          show();
          return;
        }
        ++node_.counters.reservations;
        tell(r->call, dispatched{attempts_[r->call], epoch_, r});
        crash_if_told();
      }
    } catch (const fault&) {
      throw;
    } catch (const std::exception& e) {
      spdlog::error("assign.paused shard={} for_ms={} reason={:?}", label_, pause_.count(),
                    e.what());
      paused_ = true;
      resume_at_ = node_.steady() + pause_;
      pause_ = std::min(pause_ * 2, node_.options.dispatch.assign_pause_max);
      return show();
    }
    show();
    send(this, match_more{});
  }

  void look() {
    // Nothing can be decided in this journal's time any more.
    if (node_.journal.failure())
      return;
    const auto now = node_.now();
    if (now < looked_at_)
      board_.turn_back(now);
    looked_at_ = now;
    if (paused_ && node_.steady() >= resume_at_) {
      paused_ = false;
      board_.retry_all();
    }
    match();
    wake_due_calls(now);
    chase_lost_jobs();
    // Only after matching has had its chance: who can be served is not told that time is up.
    if (!is_paused() && board_.settled())
      for (auto call : board_.overdue(now))
        tell(call, wait_over{});
    delayed_send(this, clock_period, look_at_clock{});
  }

  // Said again until the call is no longer scheduled; it heeds each epoch once.
  void wake_due_calls(domain::timestamp now) {
    const auto supervisor = node_.call_supervisors.find(shard_);
    if (!supervisor)
      return;
    // Those in quarantine take nobody's place.
    const auto most = due_at_once + node_.quarantined_calls.size();
    for (auto id : node_.journal.view().due_calls(shard_, now, most)) {
      if (node_.quarantined_calls.holds(id))
        continue;
      if (const auto call = node_.calls.find(id))
        caf::anon_send(call, fall_due{epoch_});
      else
        caf::anon_send(supervisor, supervision::start_child{
                                       id.packed(), caf::make_message(fall_due{epoch_})});
    }
  }

  void tell(domain::call_id id, auto message) {
    // A call that is not there is ending or starting, and says so itself.
    if (const auto call = node_.calls.find(id))
      caf::anon_send(call, std::move(message));
  }

  actor_snapshot snapshot() const {
    const auto flag = [](bool b) -> std::string { return b ? "yes" : "no"; };
    return {{"epoch", std::to_string(epoch_.value())},
            {"ready", flag(is_ready())},
            {"waiting", std::to_string(board_.waiting())},
            {"reserved", std::to_string(board_.reserved())},
            {"couriers", std::to_string(board_.couriers())},
            {"free", std::to_string(board_.free())},
            {"settled", flag(board_.settled())},
            {"matchingFailed", flag(paused_)},
            {"pausedByOperator", flag(node_.assign_paused)},
            {"heldUntilReady", std::to_string(early_.size())}};
  }

  void show() {
    auto& gauges = node_.dispatcher_state.at(shard_);
    gauges.waiting = board_.waiting();
    gauges.reserved = board_.reserved();
    gauges.couriers = board_.couriers();
    gauges.free = board_.free();
  }

  struct fault : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  // A fault asked for by the options: matching is out of order.
  void fail_if_told() const {
    if (node_.steady() < node_.started_at + node_.options.faults.fail_matching_for)
      throw std::runtime_error{"fault: matching is out of order"};
  }

  // A fault asked for by the options: ends this actor between reserve and commit.
  void crash_if_told() {
    const auto every = node_.options.faults.crash_dispatcher_every;
    if (every != 0 && ++node_.fault_dispatcher % every == 0)
      throw fault{"fault: dispatcher crashes between reserve and commit"};
  }

  node_context& node_;
  const domain::shard_id shard_;
  std::function<void(const supervision::restart_report&)> report_;
  const std::string label_;
  domain::epoch_no epoch_;
  domain::board board_;
  /// Which request of each call the board knows of.
  std::unordered_map<domain::call_id, attempt_no> attempts_;
  caf::actor couriers_;
  std::vector<std::function<void()>> early_;
  bool paused_ = false;
  domain::timestamp looked_at_;
  supervision::shared_breaker::clock::time_point resume_at_;
  domain::duration pause_;
};

} // namespace

dispatcher_actor
start_dispatcher(caf::actor_system& sys, node_context& n, domain::shard_id shard,
                 std::function<void(const supervision::restart_report&)> report) {
  return sys.spawn<dispatcher_impl>(std::ref(n), shard, std::move(report));
}

} // namespace pickup::actors

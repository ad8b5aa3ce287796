#include "actors/courier.hpp"

#include "actors/actor_names.hpp"
#include "actors/behaving.hpp"
#include "actors/hearing.hpp"
#include "supervision/bounded.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace pickup::actors {

namespace {

using domain::errc;
using domain::error;

class courier_impl : public supervision::bounded<courier_actor::base> {
public:
  courier_impl(caf::actor_config& cfg, node_context& n, domain::courier_id id,
               domain::epoch_no epoch, std::uint32_t incarnation)
      : bounded(cfg, n.bounds.courier), node_(n), id_(id), epoch_(epoch) {
    behave(this);
    if (const auto known = n.journal.view().find(id))
      shard_ = known->courier.shard();
    stage_ = shard_ || incarnation > 0 ? stage::recovering : stage::unborn;
  }

  const char* name() const override { return "courier"; }
  std::string instance() const override { return name_of(id_).id; }

  void on_exit() override {
    node_.couriers.erase(id_, address());
    // Somebody may still hold this actor; who waits for its answers must not wait for that.
    answer_ = {};
    queue_.clear();
  }

protected:
  behavior_type make_behavior() override {
    node_.couriers.put(id_, caf::actor_cast<courier_actor>(this), epoch_.value());
    if (stage_ == stage::recovering)
      recover();
    return {
        [this](register_courier& m) { begin(std::move(m)); },
        [this](change_courier& m) { ask(std::move(m)); },
        [this](change_judged& m) { on_judged(m.verdict); },
        [this](const sign_of_life&) { start_clock(); },
        [this](const check_heartbeat&) { check(); },
        [this](commit_done& m) { on_commit(std::move(m.outcome)); },
        [this](barrier_passed& m) { on_barrier(m.outcome); },
        [this](const show_state& m) { m.answer(snapshot()); },
    };
  }

private:
  enum class stage {
    unborn,     ///< waits for register_courier
    proposing,  ///< waits for the dispatcher to allow a change
    committing, ///< waits for the journal
    recovering, ///< waits to read what is true
    idle,
  };

  // -- the record --

  void begin(register_courier m) {
    shard_ = m.record.shard();
    answer_ = std::move(m.answer);
    correlation_id_ = std::move(m.correlation_id);
    commit(std::move(m.record),
           m.where ? std::optional{domain::sighting{m.where, {}}} : std::nullopt);
  }

  void ask(change_courier m) {
    if (queue_.size() >= node_.options.limits.call_queue) {
      m.answer(error{errc::overloaded,
                     "change courier " + std::to_string(id_.value()) + ": "
                         + std::to_string(queue_.size()) + " changes wait already",
                     {}});
      return;
    }
    queue_.push_back(std::move(m));
    work_on();
  }

  void work_on() {
    if (stage_ != stage::idle || queue_.empty())
      return;
    auto m = std::move(queue_.front());
    queue_.erase(queue_.begin());
    answer_ = std::move(m.answer);
    correlation_id_ = std::move(m.correlation_id);
    proposed_ = changed(*record_, m.what);
    stage_ = stage::proposing;
    tell_dispatcher(propose_change{*proposed_, address()});
  }

  void on_judged(const domain::status_result& verdict) {
    if (stage_ != stage::proposing)
      return;
    if (verdict)
      return commit(std::move(*proposed_), std::nullopt);
    stage_ = stage::idle;
    std::exchange(answer_, {})(verdict.error());
    work_on();
  }

  void commit(domain::courier record, std::optional<domain::sighting> seen) {
    stage_ = stage::committing;
    const auto me = caf::actor_cast<courier_actor>(this);
    node_.journal.submit(storage::append_op{
        {node_.now(), correlation_id_, epoch_,
         storage::courier_change{std::move(record), seen}},
        [me](auto outcome) { caf::anon_send(me, commit_done{std::move(outcome)}); }});
  }

  void on_commit(domain::result<storage::committed> outcome) {
    if (stage_ != stage::committing)
      return;
    if (!outcome) {
      // A record that moved on is worth another try; every other reason stands as it is.
      auto why = outcome.error();
      if (why.code == errc::stale)
        why.code = errc::unavailable;
      std::exchange(answer_, {})(std::move(why));
      // Not stored: the dispatcher holds the courier for a change that will not come.
      return recover();
    }
    record_ = std::move(std::get<domain::courier>(outcome->record));
    settle();
    // Before the answer: whoever asks after it must not find this actor.
    if (record_->deleted)
      node_.couriers.erase(id_, address());
    std::exchange(answer_, {})(id_);
    if (record_->deleted)
      quit();
    else
      work_on();
  }

  void settle() {
    stage_ = stage::idle;
    tell_dispatcher(courier_stored{*record_, address()});
  }

  // -- recovering --

  void recover() {
    stage_ = stage::recovering;
    const auto me = caf::actor_cast<courier_actor>(this);
    node_.journal.submit(storage::barrier_op{
        [me](auto outcome) { caf::anon_send(me, barrier_passed{std::move(outcome)}); }});
  }

  void on_barrier(const domain::status_result& outcome) {
    // The journal takes nothing more, so nothing can be changed until another one is opened,
    // with actors of its own.
    if (!outcome)
      return quit();
    auto known = node_.journal.view().find(id_);
    if (!known || known->courier.deleted)
      return quit();
    record_ = std::move(known->courier);
    shard_ = record_->shard();
    // The heartbeat's clock starts anew with every start, also of one who was lost; before the
    // first sign of life it stands still.
    if (!lost_) {
      node_.journal.see(id_, {});
      if (known->seen.at)
        start_clock();
    }
    settle();
    work_on();
  }

  // -- heartbeat

  void start_clock() {
    lost_ = false;
    told_ = told();
    heard_at_ = looked_at_ = node_.steady();
    if (clock_runs_ || (record_ && record_->demo))
      return;
    clock_runs_ = true;
    delayed_send(this, node_.options.dispatch.courier_lost_after, check_heartbeat{});
  }

  std::optional<domain::timestamp> told() const {
    const auto known = node_.journal.view().find(id_);
    return known ? known->seen.at : std::nullopt;
  }

  void check() {
    // Heard of before the record was known, the clock may run for a demo courier.
    if (record_ && record_->demo)
      return;
    const auto now = node_.steady();
    if (const auto news = told(); news != std::exchange(told_, news)) {
      // By the wall clock, which may have jumped since: then it counts as told just now.
      const auto ago = node_.now() - news.value_or(node_.now());
      const bool plausible = ago >= ago.zero() && ago <= now - looked_at_;
      heard_at_ = plausible ? now - ago : now;
    }
    looked_at_ = now;
    const auto silent = std::chrono::floor<domain::duration>(now - heard_at_);
    const auto limit = node_.options.dispatch.courier_lost_after;
    // The views decide: who is heard of just now is either found here or found again there.
    if (silent < limit || !node_.journal.lose(id_, told_.value_or(domain::timestamp{}))) {
      delayed_send(this, std::max(limit - silent, domain::duration{1}), check_heartbeat{});
      return;
    }
    clock_runs_ = false;
    lost_ = true;
    look_at(node_, *shard_, {id_});
  }

  // -- for operators

  actor_snapshot snapshot() const {
    const auto words = [](stage s) -> std::string {
      switch (s) {
      case stage::unborn: return "unborn";
      case stage::proposing: return "proposing";
      case stage::committing: return "committing";
      case stage::recovering: return "recovering";
      case stage::idle: return "idle";
      }
      return "unknown";
    };
    const auto flag = [](bool b) -> std::string { return b ? "yes" : "no"; };
    actor_snapshot all{{"stage", words(stage_)},
                       {"epoch", std::to_string(epoch_.value())},
                       {"changesWaiting", std::to_string(queue_.size())},
                       {"lost", flag(lost_)},
                       {"heartbeatRuns", flag(clock_runs_)}};
    if (told_)
      all.emplace_back("heardOf", domain::to_rfc3339(*told_));
    if (record_) {
      all.emplace_back("version", std::to_string(record_->version.value()));
      all.emplace_back("onShift", flag(record_->on_shift));
      all.emplace_back("capacity", std::to_string(record_->capacity));
    }
    return all;
  }

  void tell_dispatcher(auto message) {
    const auto dispatcher = shard_ ? node_.dispatchers.find(*shard_) : dispatcher_actor{};
    if (dispatcher)
      caf::anon_send(dispatcher, std::move(message));
  }

  node_context& node_;
  const domain::courier_id id_;
  const domain::epoch_no epoch_;
  stage stage_;
  std::optional<domain::shard_id> shard_; ///< where they belong, once known
  std::optional<domain::courier> record_; ///< as committed
  std::optional<domain::courier> proposed_;
  std::vector<change_courier> queue_;
  reply<domain::courier_id> answer_; ///< who waits for the change under way
  std::string correlation_id_;
  std::optional<domain::timestamp> told_; ///< when they were heard of last, as they said
  // The same by a clock that does not jump, and when that was looked at.
  supervision::shared_breaker::clock::time_point heard_at_;
  supervision::shared_breaker::clock::time_point looked_at_;
  bool clock_runs_ = false;
  bool lost_ = false;
};

} // namespace

courier_actor start_courier(caf::actor_system& sys, node_context& n, domain::courier_id id,
                            domain::epoch_no epoch, std::uint32_t incarnation) {
  return sys.spawn<courier_impl>(std::ref(n), id, epoch, incarnation);
}

} // namespace pickup::actors

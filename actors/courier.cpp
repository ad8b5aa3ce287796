#include "actors/courier.hpp"

#include "actors/behaving.hpp"
#include "supervision/bounded.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

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
        [](const fail_on_purpose& m) { misbehave(m.hang); },
        [this](register_courier& m) { begin(std::move(m)); },
        [this](change_courier& m) { ask(std::move(m)); },
        [this](change_judged& m) { on_judged(m.verdict); },
        [this](report_location& m) { on_location(m); },
        [this](const sign_of_life&) { hear({}); },
        [this](const check_heartbeat&) { check(); },
        [this](commit_done& m) { on_commit(std::move(m.outcome)); },
        [this](barrier_passed& m) { on_barrier(m.outcome); },
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
    seen_.where = m.where;
    commit(std::move(m.record), seen_.where ? std::optional{seen_} : std::nullopt);
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
    std::exchange(answer_, {})(id_);
    if (record_->deleted)
      quit();
    else
      work_on();
  }

  // Tells the dispatcher what is stored. A place is a sign of life there, which a lost courier
  // has not given.
  void settle() {
    stage_ = stage::idle;
    tell_dispatcher(courier_stored{*record_, lost_ ? domain::sighting{} : seen_, address()});
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
    seen_ = known->seen;
    // The heartbeat's clock starts anew with every start; before the first sign of life it
    // stands still.
    if (seen_.at && !lost_)
      start_clock();
    settle();
    work_on();
  }

  // -- place and heartbeat --

  void on_location(report_location& m) {
    hear(m.where);
    m.answer(domain::done{});
  }

  // In this order: the views show it, the dispatcher is told, and only then is it answered.
  void hear(std::optional<domain::position> where) {
    const domain::sighting now{where, node_.now()};
    node_.journal.see(id_, now);
    seen_.at = now.at;
    if (where) {
      seen_.where = where;
      tell_dispatcher(courier_moved{id_, *where});
    } else if (lost_) {
      tell_dispatcher(courier_heard{id_});
    }
    start_clock();
  }

  void start_clock() {
    lost_ = false;
    heard_at_ = node_.steady();
    if (clock_runs_ || (record_ && record_->demo))
      return;
    clock_runs_ = true;
    delayed_send(this, node_.options.dispatch.courier_lost_after, check_heartbeat{});
  }

  void check() {
    // Heard of before the record was known, the clock may run for a demo courier.
    if (record_ && record_->demo)
      return;
    const auto silent = std::chrono::floor<domain::duration>(node_.steady() - heard_at_);
    const auto limit = node_.options.dispatch.courier_lost_after;
    if (silent < limit) {
      delayed_send(this, limit - silent, check_heartbeat{});
      return;
    }
    clock_runs_ = false;
    lost_ = true;
    tell_dispatcher(courier_heard{id_, true});
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
  domain::sighting seen_;
  std::vector<change_courier> queue_;
  reply<domain::courier_id> answer_; ///< who waits for the change under way
  std::string correlation_id_;
  supervision::shared_breaker::clock::time_point heard_at_; ///< no jump of the wall clock
  bool clock_runs_ = false;
  bool lost_ = false;
};

} // namespace

courier_actor start_courier(caf::actor_system& sys, node_context& n, domain::courier_id id,
                            domain::epoch_no epoch, std::uint32_t incarnation) {
  return sys.spawn<courier_impl>(std::ref(n), id, epoch, incarnation);
}

} // namespace pickup::actors

#include "actors/ledger.hpp"

#include "actors/actor_names.hpp"
#include "actors/behaving.hpp"
#include "actors/forgetting.hpp"
#include "supervision/bounded.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

namespace pickup::actors {

namespace {

using namespace std::chrono_literals;

/// Between two steps of forgetting, for the commits' sake.
constexpr domain::duration step_pause = 10ms;
/// When nothing is due.
constexpr domain::duration idle_pause = 1s;
/// After a step that failed.
constexpr domain::duration failure_pause = 1min;

class ledger_impl : public supervision::bounded<ledger_actor::base> {
public:
  ledger_impl(caf::actor_config& cfg, node_context& n)
      : bounded(cfg, n.bounds.ledger), node_(n), forgetting_(n) {
    behave(this);
  }

  const char* name() const override { return "ledger"; }
  std::string instance() const override { return ledger_name().id; }

  void on_exit() override {
    node_.ledgers.erase("ledger", address());
    // The ledger ends last: no place that was told is lost by an orderly stop.
    node_.journal.submit(storage::sightings_op{});
  }

protected:
  behavior_type make_behavior() override {
    node_.ledgers.put("ledger", caf::actor_cast<ledger_actor>(this));
    keep_hours();
    forget_in(idle_pause);
    return {
        [this](const save_sightings&) { keep_hours(); },
        [this](const forget_more&) { forget(); },
        [this](const step_done& m) { on_step_done(m.outcome); },
        [this](const show_state& m) { m.answer(snapshot()); },
    };
  }

private:
  void keep_hours() {
    node_.journal.submit(storage::sightings_op{});
    delayed_send(this, 1s, save_sightings{});
  }

  actor_snapshot snapshot() const {
    const auto did = node_.journal.stats();
    return {{"commits", std::to_string(did.commits)},
            {"syncs", std::to_string(did.groups)},
            {"refused", std::to_string(did.refused)},
            {"forgottenCalls", std::to_string(did.forgotten_calls)},
            {"forgottenKeys", std::to_string(did.forgotten_keys)}};
  }

  void forget_in(domain::duration pause) { delayed_send(this, pause, forget_more{}); }

  void forget() {
    const auto me = caf::actor_cast<ledger_actor>(this);
    auto step = forgetting_.next(
        [me](auto outcome) { caf::anon_send(me, step_done{std::move(outcome)}); });
    if (!step)
      on_step_done(step.error());
    else if (*step)
      node_.journal.submit(std::move(**step));
    else
      forget_in(idle_pause);
  }

  // That old things stay is no reason to end.
  void on_step_done(const domain::status_result& outcome) {
    // Stale: a step of this actor's predecessor came before.
    if (outcome || outcome.error().code == domain::errc::stale)
      return forget_in(step_pause);
    spdlog::warn("retention.failed reason={:?}", outcome.error().text);
    forget_in(failure_pause);
  }

  node_context& node_;
  forgetting forgetting_;
};

} // namespace

ledger_actor start_ledger(caf::actor_system& sys, node_context& n) {
  return sys.spawn<ledger_impl>(std::ref(n));
}

} // namespace pickup::actors

#include "actors/ledger.hpp"

#include "actors/behaving.hpp"
#include "supervision/bounded.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <stdexcept>

namespace pickup::actors {

namespace {

using namespace std::chrono_literals;

class ledger_impl : public supervision::bounded<ledger_actor::base> {
public:
  ledger_impl(caf::actor_config& cfg, node_context& n)
      : bounded(cfg, n.bounds.ledger), node_(n) {
    behave(this);
  }

  const char* name() const override { return "ledger"; }

  void on_exit() override {
    node_.ledgers.erase("ledger", address());
    // The ledger ends last: no place that was told is lost by an orderly stop.
    node_.journal.submit(storage::sightings_op{});
  }

protected:
  behavior_type make_behavior() override {
    node_.ledgers.put("ledger", caf::actor_cast<ledger_actor>(this));
    keep_hours();
    return {
        [](ping& m) { m.answer(domain::done{}); },
        [this](const save_sightings&) { keep_hours(); },
    };
  }

private:
  void keep_hours() {
    if (const auto failure = node_.journal.failure())
      throw std::runtime_error{failure->text};
    node_.journal.submit(storage::sightings_op{});
    delayed_send(this, 1s, save_sightings{});
  }

  node_context& node_;
};

} // namespace

ledger_actor start_ledger(caf::actor_system& sys, node_context& n) {
  return sys.spawn<ledger_impl>(std::ref(n));
}

} // namespace pickup::actors

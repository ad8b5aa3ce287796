#include "actors/local_gateway.hpp"

#include "actors/courier_list.hpp"
#include "actors/hearing.hpp"
#include "actors/held_answers.hpp"
#include "actors/in_flight.hpp"
#include "actors/messages.hpp"
#include "actors/node.hpp"
#include "actors/node_inspection.hpp"
#include "actors/node_metrics.hpp"
#include "actors/node_operation.hpp"
#include "actors/provider_notifier.hpp"
#include "actors/pulse.hpp"
#include "actors/tree.hpp"
#include "supervision/supervisor.hpp"

#include <boost/fiber/operations.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace pickup::actors {

namespace {

using domain::errc;
using domain::error;
using domain::result;

// The actor of a scheduled call ends as soon as it has nothing to do; who comes just then wakes
// it again, a little later.
constexpr int most_wakings = 10;
constexpr auto waking_pause = 2ms;

caf::actor_system_config& configured(caf::actor_system_config& cfg, const limits_options& o) {
  cfg.set("scheduler.max-threads", o.workers());
  // One shared queue: an idle worker wakes at once, where a stealing one may sleep for
  // milliseconds.
  cfg.set("scheduler.policy", caf::atom("sharing"));
  cfg.set("scheduler.max-throughput", 64);
  return cfg;
}

error no_such_call(domain::call_id id) {
  return {errc::not_found,
          "find " + std::string{domain::name(id.service())} + " call "
              + std::to_string(id.number()) + ": there is none",
          {}};
}

// Operators know what they do, and do it once.
bool is_operators(const domain::cancel& what) {
  return what.by == domain::cause::by_operator;
}
bool is_operators(const domain::reassign&) {
  return true;
}
bool is_operators(const domain::job_report&) {
  return false;
}

error too_late(std::string what) {
  return {errc::timeout, std::move(what) + ": no answer in time; it may still happen", {}};
}

} // namespace

class local_gateway::impl {
public:
  impl(const options& o, storage::journal& journal, std::filesystem::path messages,
       messaging outside, std::function<domain::timestamp()> now,
       std::function<void(const std::string&)> gave_up, const standing_orders& orders)
      : node_(o, journal, std::move(now), std::move(messages), std::move(outside)),
        system_(configured(config_, o.limits)) {
    obey(node_, orders);
    root_ = start_tree(system_, node_, runs_on::own_thread);
    root_->attach_functor([this, gave_up = std::move(gave_up)](const caf::error& reason) {
      ended_.set_value();
      if (!stopping_)
        gave_up(caf::deep_to_string(reason));
    });
    let_go_of_system();
  }

  ~impl() { stop(); }

  void let_go() {
    held_.let_go();
    inspection_.let_go();
  }

  void stop() {
    if (stopping_.exchange(true))
      return;
    caf::anon_send_exit(root_, caf::exit_reason::user_shutdown);
    ended_.get_future().wait();
    root_ = nullptr;
    if (node_.outside.to != nullptr)
      node_.outside.to->stop();
    // What the journal still holds refers to the actors, and must be gone before their system.
    [[maybe_unused]] const auto passed = journal_passed("stop");
    node_.forget_actors();
  }

  const storage::views& view() const { return node_.journal.view(); }
  node_context& node() { return node_; }
  inspection& inspected() { return inspection_; }
  domain::duration limit() const { return node_.options.limits.request_timeout; }

  // -- calls --

  result<created_call> create(create_call what) {
    const auto wait = what.wait;
    const auto still_wanted = what.still_wanted;
    auto made = admit(std::move(what));
    // The call is durable and its key free again; only this request waits on.
    if (!made || wait.count() == 0 || made->view.call.phase != domain::phase::dispatching)
      return made;
    return created(wait_for_courier(std::move(made->view.call), wait, still_wanted),
                   made->replayed);
  }

  result<call_view> cancel(domain::call_id id, domain::cause by, std::string reason,
                           std::string correlation_id) {
    return command<cancel_call>(id, domain::cancel{by, std::move(reason)},
                                std::move(correlation_id));
  }

  result<call_view> reassign(domain::call_id id, std::string reason,
                             std::string correlation_id) {
    return command<reassign_call>(id, domain::reassign{std::move(reason)},
                                  std::move(correlation_id));
  }

  result<call_view> report(domain::call_id id, domain::job_report what,
                           std::string correlation_id) {
    hear(node_, what.courier);
    return command<report_job>(id, what, std::move(correlation_id));
  }

  result<call_view> describe(domain::call call) const {
    call_view shown{std::move(call), {}};
    if (shown.call.assigned)
      if (auto c = view().find(shown.call.assigned->courier))
        shown.courier = std::move(c->courier);
    return shown;
  }

  result<std::optional<call_view>> find(domain::call_id id) const {
    auto call = view().find(id);
    if (!call)
      return call.error();
    if (!*call)
      return std::optional<call_view>{};
    auto shown = describe(std::move(**call));
    if (!shown)
      return shown.error();
    return std::optional{std::move(*shown)};
  }

  result<std::vector<domain::assignment_explanation>> explain(domain::call_id id) const {
    auto told = view().explain(id);
    if (!told)
      return told.error();
    if (!*told)
      return no_such_call(id);
    return std::move(**told);
  }

  // -- audit --

  result<std::string> audit(audited what) {
    const auto shard = node_.shard_of(what.service.value_or(domain::services.front()));
    auto [promise, answer] = reply<domain::seq_no>::make();
    storage::batch b{node_.now(),
                     std::move(what.correlation_id),
                     {},
                     storage::audit_change{shard,
                                           {std::move(what.operator_name), what.action,
                                            std::move(what.object), std::move(what.detail)}}};
    node_.journal.submit(
        storage::append_op{std::move(b), [promise = std::move(promise)](const auto& made) {
                             promise(made ? result<domain::seq_no>{made->n} : made.error());
                           }});
    const auto given = answer.wait_for(limit());
    if (!given)
      return too_late("audit " + what.action);
    if (!*given)
      return given->error();
    return label(shard) + ":" + std::to_string((*given)->value());
  }

  // -- couriers --

  result<courier_view> create(create_courier what) {
    if (const auto failure = node_.journal.failure())
      return *failure;
    const auto shard = node_.shard_of(what.record.service);
    const auto dispatcher = node_.dispatchers.find(shard);
    if (!dispatcher)
      return error{errc::unavailable, "register courier: dispatcher: is restarting", {}};
    const domain::courier_id id{++node_.last_courier};
    what.record.id = id;
    what.record.zone = shard.zone;
    auto [promise, answer] = reply<domain::courier_id>::make();
    caf::anon_send(dispatcher,
                   register_courier{std::move(what.record), what.where,
                                    std::move(what.correlation_id), std::move(promise)});
    return outcome_of(answer, id, "register courier", [](const courier_view&) { return true; });
  }

  result<courier_view> change(domain::courier_id id, domain::courier_change what,
                              std::string correlation_id) {
    const auto courier = find_courier(node_, id);
    if (!courier)
      return courier.error();
    auto [promise, answer] = reply<domain::courier_id>::make();
    caf::anon_send(*courier,
                   change_courier{what, std::move(correlation_id), std::move(promise)});
    return outcome_of(answer, id, "change courier " + std::to_string(id.value()),
                      [&](const courier_view& now) {
                        return domain::changed(now.courier, what) == now.courier;
                      });
  }

  // -- health --

  bool alive(domain::duration within) { return !stopping_ && pulse_.beats_within(within); }

  std::vector<std::string> not_ready() const {
    std::vector<std::string> reasons;
    if (stopping_)
      reasons.emplace_back("node: stopping");
    if (const auto failure = node_.journal.failure())
      reasons.push_back("journal: " + failure->text);
    for (const auto& [shard, state] : node_.dispatcher_state)
      if (!state.ready)
        reasons.push_back("dispatcher " + label(shard) + ": not ready");
    for (const auto& [shard, started] : node_.calls_started)
      if (!started)
        reasons.push_back("calls " + label(shard) + ": not all are started");
    return reasons;
  }

private:
  result<created_call> admit(create_call what) {
    const auto service = service_of(what.request.wanted);
    if (!what.idempotency_key)
      return create_once(std::move(what));
    const auto only_one = keys_->take({service, *what.idempotency_key}, limit());
    if (!only_one)
      return error{errc::overloaded,
                   "create call: Idempotency-Key \"" + *what.idempotency_key
                       + "\": the request that came first has no answer yet",
                   {}};
    auto known = view().find_key(service, *what.idempotency_key);
    if (!known)
      return known.error();
    if (*known && node_.now() < (*known)->at + node_.options.dispatch.idempotency_window)
      return replay(what, (*known)->call);
    auto made = create_once(std::move(what));
    // A commit that may still happen keeps the key until the journal has come past it.
    if (!made && made.error().code == errc::timeout)
      node_.journal.submit(storage::barrier_op{[only_one](const auto&) {}});
    return made;
  }

  result<created_call> create_once(create_call what) {
    if (const auto failure = node_.journal.failure()) {
      node_.counters.refuse(refusal_cause::journal_failed);
      return *failure;
    }
    const auto shard = node_.shard_of(service_of(what.request.wanted));
    if (const auto at = what.request.pickup_at)
      if (const auto possible =
              domain::check_pickup_at(*at, node_.now(), node_.options.dispatch.max_ahead);
          !possible)
        return possible.error();
    if (node_.manage_paused) {
      node_.counters.refuse(refusal_cause::manage_paused);
      return error{errc::unavailable, "create call: manage: was paused by an operator", {}};
    }
    // Before the breaker: being full here says nothing about the dispatcher.
    auto pass = node_.new_calls.enter();
    if (!pass) {
      node_.counters.refuse(refusal_cause::too_many_begin);
      return error{errc::overloaded, "create call: too many begin at once", {}};
    }
    auto& breaker = node_.admission.at(shard);
    auto permit = breaker.admit();
    if (!permit) {
      node_.counters.refuse(refusal_cause::breaker_open);
      const auto wait = std::chrono::ceil<std::chrono::seconds>(breaker.retry_after());
      return error{errc::overloaded,
                   "create call: dispatcher " + label(shard) + ": its breaker is open",
                   {{"retryAfter", std::to_string(std::max<std::int64_t>(1, wait.count()))}}};
    }
    auto made = begin(std::move(what), shard, std::move(pass));
    permit->record(made ? supervision::call_outcome::success
                        : supervision::call_outcome::failure);
    return made;
  }

  result<created_call> begin(create_call what, domain::shard_id shard, door::pass pass) {
    const auto supervisor = node_.call_supervisors.find(shard);
    if (!supervisor || !node_.dispatchers.find(shard)) {
      node_.counters.refuse(refusal_cause::no_dispatcher);
      return error{
          errc::unavailable, "create call: dispatcher " + label(shard) + ": is restarting", {}};
    }
    const domain::call_id id{shard, ++node_.last_call.at(shard)};
    auto [promise, answer] = reply<domain::call>::make();
    const auto first_of_us = std::make_shared<begin_or_give_up>();
    begin_call first{std::move(what.request),
                     std::move(what.idempotency_key),
                     std::move(what.correlation_id),
                     std::move(promise),
                     std::move(pass),
                     first_of_us};
    caf::anon_send(supervisor,
                   supervision::start_child{id.packed(), caf::make_message(std::move(first))});
    auto given = answer.wait_for(node_.options.dispatch.manage_timeout);
    if (!given) {
      // Management must confirm by now; a call that is already being committed goes on.
      if (first_of_us->give_up()) {
        node_.counters.refuse(refusal_cause::dispatcher_late);
        return error{errc::unavailable,
                     "create call: dispatcher " + label(shard) + ": did not answer in time",
                     {}};
      }
      if (const auto call = node_.calls.find(id))
        caf::anon_send(call, give_up{});
      given = answer.wait_for(limit() - node_.options.dispatch.manage_timeout);
    }
    if (!given)
      return too_late("create call");
    if (!*given && given->error().code == errc::unavailable)
      return outcome_of(id, given->error());
    if (!*given)
      return given->error();
    return created(std::move(**given), false);
  }

  // Waits until all that was submitted to the journal is durable or refused: what an actor that
  // ended without an answer had under way can be seen from then on. Errors: timeout;
  // unknown_outcome when the journal takes nothing more.
  domain::status_result journal_passed(const std::string& action) {
    auto [promise, passed] = reply<domain::done>::make();
    node_.journal.submit(storage::barrier_op{
        [promise = std::move(promise)](auto outcome) { promise(std::move(outcome)); }});
    const auto given = passed.wait_for(limit());
    if (!given)
      return too_late(action);
    if (!*given)
      return error{errc::unknown_outcome, given->error().text, {}};
    return domain::done{};
  }

  // The actor ended without an answer, or refused: only the journal knows whether the call
  // exists.
  result<created_call> outcome_of(domain::call_id id, const error& otherwise) {
    if (const auto passed = journal_passed("create call"); !passed)
      return passed.error();
    auto stored = view().find(id);
    if (!stored)
      return stored.error();
    if (!*stored)
      return otherwise;
    return created(std::move(**stored), false);
  }

  domain::call wait_for_courier(domain::call call, domain::duration wait,
                                const std::function<bool()>& still_wanted) {
    auto [promise, answer] = reply<domain::call>::make();
    if (const auto actor = node_.calls.find(call.id))
      caf::anon_send(actor, watch_call{std::move(promise)});
    else
      return call;
    held_.hold(answer, wait, still_wanted);
    auto stored = view().find(call.id);
    return stored && *stored ? std::move(**stored) : call;
  }

  result<created_call> created(domain::call call, bool replayed) const {
    auto shown = describe(std::move(call));
    if (!shown)
      return shown.error();
    return created_call{std::move(*shown), replayed};
  }

  result<created_call> replay(const create_call& what, domain::call_id id) const {
    auto stored = view().find(id);
    if (!stored)
      return stored.error();
    if (!*stored)
      return no_such_call(id);
    if ((*stored)->request != what.request)
      return error{errc::key_reused,
                   "create call: Idempotency-Key \"" + *what.idempotency_key
                       + "\": was used for another request",
                   {}};
    return created(std::move(**stored), true);
  }

  template <class Message, class What>
  result<call_view> command(domain::call_id id, What what, std::string correlation_id) {
    if (const auto failure = node_.journal.failure())
      return *failure;
    const auto action = "command call " + std::to_string(id.number());
    const auto before = view().version(id);
    for (int tries = 1; tries <= most_wakings; ++tries) {
      auto [promise, answer] = reply<domain::call>::make();
      if (!hand_over(id, Message{what, correlation_id, std::move(promise)}, is_operators(what)))
        break;
      auto given = answer.wait_for(limit());
      if (!given)
        return too_late(action);
      if (*given)
        return describe(std::move(**given));
      if (given->error().code != errc::unavailable)
        return given->error();
      // It ended before it could answer, but perhaps not before it could commit.
      if (const auto passed = journal_passed(action); !passed)
        return passed.error();
      if (!view().is_scheduled(id))
        break;
      boost::this_fiber::sleep_for(waking_pause);
    }
    // No actor: the call has ended, or is being restarted. The row says which.
    auto stored = view().find(id);
    if (!stored)
      return stored.error();
    if (!*stored)
      return no_such_call(id);
    if ((*stored)->version != before && (*stored)->correlation_id == correlation_id)
      return describe(std::move(**stored)); // this very command's commit
    if (!ended((*stored)->phase))
      return error{errc::unavailable,
                   action
                       + (node_.quarantined_calls.holds(id)
                              ? ": its actor crashed too often, and waits for an operator"
                              : ": is restarting"),
                   {}};
    auto made = step(**stored, what, node_.now());
    if (!made)
      return made.error();
    return describe(std::move(made->next));
  }

  // Gives a command to the call's actor. A scheduled call has one only while somebody wants
  // something of it, so it is woken; one in quarantine is, when it is `worth_a_try`. False when
  // there is none to be had.
  bool hand_over(domain::call_id id, auto message, bool worth_a_try) {
    if (const auto actor = node_.calls.find(id)) {
      caf::anon_send(actor, std::move(message));
      return true;
    }
    const bool wake =
        view().is_scheduled(id) || (worth_a_try && node_.quarantined_calls.holds(id));
    const auto supervisor = wake ? node_.call_supervisors.find(id.shard()) : caf::actor{};
    if (supervisor)
      caf::anon_send(supervisor, supervision::start_child{
                                     id.packed(), caf::make_message(std::move(message))});
    return supervisor != nullptr;
  }

  // As asked, when the actor says so; or, when it ended before it could, when the record
  // `shows` it.
  result<courier_view> outcome_of(answer<domain::courier_id>& from, domain::courier_id id,
                                  const std::string& action, auto shows) {
    const auto given = from.wait_for(limit());
    if (!given)
      return too_late(action);
    const bool unanswered = !*given && given->error().code == errc::unavailable;
    if (unanswered)
      if (const auto passed = journal_passed(action); !passed)
        return passed.error();
    auto stored = view().find(id);
    if (stored && (*given || (unanswered && shows(*stored))))
      return std::move(*stored);
    return *given ? no_such_courier(id) : given->error();
  }

  node_context node_;
  node_inspection inspection_{node_};
  caf::actor_system_config config_;
  caf::actor_system system_;
  pulse pulse_{system_};
  const std::shared_ptr<in_flight> keys_ = std::make_shared<in_flight>();
  held_answers held_;
  std::atomic<bool> stopping_ = false;
  std::promise<void> ended_;
  caf::actor root_;
};

// -- the gateway --

local_gateway::local_gateway(const options& o, storage::journal& journal,
                             std::filesystem::path messages, messaging outside,
                             std::function<domain::timestamp()> now,
                             std::function<void(const std::string& why)> gave_up,
                             const standing_orders& orders)
    : impl_(std::make_unique<impl>(o, journal, std::move(messages), std::move(outside),
                                   std::move(now), std::move(gave_up), orders)) {}

local_gateway::~local_gateway() = default;

void local_gateway::let_go() {
  impl_->let_go();
}

void local_gateway::stop() {
  impl_->stop();
}

standing_orders local_gateway::orders() {
  return orders_of(impl_->node());
}

result<created_call> local_gateway::create(create_call what) {
  return impl_->create(std::move(what));
}

result<call_view> local_gateway::cancel(domain::call_id call, std::string reason,
                                        std::string correlation_id) {
  return impl_->cancel(call, domain::cause::customer, std::move(reason),
                       std::move(correlation_id));
}

result<call_view> local_gateway::report(domain::call_id call, domain::job_report what,
                                        std::string correlation_id) {
  return impl_->report(call, what, std::move(correlation_id));
}

result<courier_view> local_gateway::create(create_courier what) {
  return impl_->create(std::move(what));
}

result<courier_view> local_gateway::change(domain::courier_id courier,
                                           domain::courier_change what,
                                           std::string correlation_id) {
  return impl_->change(courier, std::move(what), std::move(correlation_id));
}

std::vector<not_located> local_gateway::locate(std::span<const located> places) {
  return hear(impl_->node(), places);
}

result<std::optional<call_view>> local_gateway::find(domain::call_id call) {
  return impl_->find(call);
}

result<std::vector<history_item>> local_gateway::history(domain::call_id call) {
  return impl_->view().history(call);
}

result<page<call_view>> local_gateway::list(const call_filter& filter, page_request part) {
  return impl_->view().list(filter, part);
}

result<page<assignment_view>> local_gateway::list(const assignment_filter& filter,
                                                  page_request part) {
  return impl_->view().list(filter, part);
}

result<std::optional<courier_view>> local_gateway::find(domain::courier_id courier) {
  auto known = impl_->view().find(courier);
  if (known && known->courier.deleted)
    known.reset();
  return known;
}

result<page<courier_view>> local_gateway::list_couriers(const courier_filter& filter,
                                                        page_request part) {
  return actors::list_couriers(impl_->view(), filter, part);
}

result<std::vector<nearby_courier>>
local_gateway::nearest(domain::service_class wanted, domain::position from, std::size_t most) {
  const domain::metres reach{impl_->node().options.dispatch.max_pickup_distance_m};
  return impl_->view().nearest(wanted, from, reach, most);
}

std::shared_ptr<inspection> local_gateway::inspect() {
  return {std::shared_ptr<void>{}, &impl_->inspected()};
}

domain::status_result local_gateway::disturb(const actor_view& who, fault what,
                                             domain::duration time, const orderer& by) {
  return actors::disturb(impl_->node(), who, what, time, by);
}

std::vector<breaker_view> local_gateway::list_breakers() {
  return actors::list_breakers(impl_->node());
}

domain::status_result local_gateway::command(const std::string& breaker, breaker_command what,
                                             const orderer& by) {
  return actors::command(impl_->node(), breaker, what, by);
}

result<dead_letter_list> local_gateway::list_dead_letters(std::size_t most) {
  return actors::list_dead_letters(impl_->node(), most);
}

result<std::vector<domain::assignment_explanation>>
local_gateway::explain(domain::call_id call) {
  return impl_->explain(call);
}

result<call_view> local_gateway::reassign(domain::call_id call, std::string reason,
                                          std::string correlation_id) {
  return impl_->reassign(call, std::move(reason), std::move(correlation_id));
}

result<call_view> local_gateway::cancel_as_operator(domain::call_id call, std::string reason,
                                                    std::string correlation_id) {
  return impl_->cancel(call, domain::cause::by_operator, std::move(reason),
                       std::move(correlation_id));
}

result<std::string> local_gateway::audit(audited what) {
  return impl_->audit(std::move(what));
}

result<std::vector<audit_view>>
local_gateway::list_audit(std::size_t most, const std::optional<std::string>& before) {
  return actors::list_audit(impl_->node(), most, before);
}

result<std::vector<audit_view>> local_gateway::audited_after(audit_cursor& last) {
  return actors::audited_after(impl_->node(), last);
}

void local_gateway::pause(stage which, bool paused, const orderer& by) {
  actors::pause(impl_->node(), which, paused, by);
}

bool local_gateway::alive(domain::duration limit) {
  return impl_->alive(limit);
}

std::vector<std::string> local_gateway::not_ready() {
  return impl_->not_ready();
}

std::vector<metric> local_gateway::metrics() {
  return metrics_of(impl_->node());
}

} // namespace pickup::actors

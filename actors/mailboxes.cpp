#include "actors/mailboxes.hpp"

#include "actors/node.hpp"

#include <caf/send.hpp>

#include <string>
#include <utility>

namespace pickup::actors {

namespace {

domain::error no_room(const std::string& what, const std::string& where) {
  return {domain::errc::overloaded, what + ": " + where + ": too many messages wait", {}};
}

template <class Message>
std::function<void(const Message&)> refuse(std::string what, std::string where) {
  return [what = std::move(what), where = std::move(where)](const Message& m) {
    m.answer(no_room(what, where));
  };
}

enum class number : bool { few, many };

supervision::mailbox_options room_for(node_context& n, std::string name, std::uint32_t capacity,
                                      number of_them = number::few) {
  supervision::mailbox_options o;
  o.name = std::move(name);
  o.capacity = capacity;
  o.many = of_them == number::many;
  if (n.options.supervision.measure)
    o.seen_by = &n.seen;
  return o;
}

} // namespace

mailboxes::mailboxes(node_context& n)
    : call(room_for(n, "call", n.options.mailboxes.call, number::many)),
      dispatcher(room_for(n, "dispatcher", n.options.mailboxes.dispatcher)),
      courier(room_for(n, "courier", n.options.mailboxes.courier, number::many)),
      ledger(room_for(n, "ledger", n.options.mailboxes.ledger)),
      notifier(room_for(n, "notifier", n.options.mailboxes.notifier)) {
  // An operator asks, and waits for each: who is looked at is not to be the one who cannot
  // answer.
  for (auto* kind : {&call, &dispatcher, &courier, &ledger, &notifier})
    kind->control<show_state>();

  call.reject_new<cancel_call>(refuse<cancel_call>("cancel", "call"))
      .reject_new<reassign_call>(refuse<reassign_call>("reassign", "call"))
      .reject_new<report_job>(refuse<report_job>("report on a job", "call"))
      .reject_new<watch_call>(refuse<watch_call>("watch", "call"))
      .control<begin_call, dispatched, turned_away, ask_again, give_up, commit_done,
               barrier_passed>()
      // The dispatcher says these again until they are heard.
      .reject_new<courier_gone>()
      .reject_new<fall_due>()
      .reject_new<wait_over>();

  dispatcher.reject_new_if<enter_call>(is_new, [&n](const enter_call& m) { turn_away(n, m); })
      .reject_new<announce_call>([&n](const announce_call& m) { turn_away(n, m); })
      .reject_new<register_courier>([&n](const register_courier& m) { turn_away(n, m); })
      .control<enter_call, hold_job, leave_call, calls_restarted, propose_change,
               courier_stored, look_at_couriers, epoch_opened, look_at_clock, match_more,
               list_jobs>();

  courier.conflate<sign_of_life>([](const sign_of_life&) { return 0; })
      .reject_new<change_courier>(refuse<change_courier>("change", "courier"))
      .control<register_courier, change_judged, check_heartbeat, commit_done, barrier_passed>();

  // One at a time, one for each save, one for each request that is under way.
  notifier.control<barrier_passed, deliveries_stored, provider_answered>();

  ledger.control<step_done>();
}

bool is_new(const enter_call& m) {
  return m.ticket.version.value() == 0;
}

void turn_away(node_context& n, const enter_call& m) {
  if (const auto call = n.calls.find(m.ticket.call))
    caf::anon_send(call, turned_away{m.attempt});
}

void turn_away(node_context& n, const announce_call& m) {
  if (const auto call = n.calls.find(m.call))
    caf::anon_send(call, turned_away{m.attempt});
}

void turn_away(node_context&, const register_courier& m) {
  m.answer(no_room("register courier", "dispatcher"));
}

} // namespace pickup::actors

// Every message the actors of this system send each other, by receiver. Plain values, never
// changed after sending. All stay inside one process: some carry the answer somebody waits for.
#pragma once

#include "actors/begin_or_give_up.hpp"
#include "actors/door.hpp"
#include "actors/gateway.hpp"
#include "actors/inspection.hpp"
#include "actors/reply.hpp"
#include "domain/board.hpp"
#include "domain/call.hpp"
#include "domain/courier.hpp"
#include "notify/wire.hpp"
#include "storage/journal.hpp"

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pickup::actors {

/// One request of a call for a courier. Unique in the process, so that an offer made for an
/// earlier request is known as such.
using attempt_no = domain::strong<struct attempt_tag, std::uint64_t>;

// -- to a call --

/// Be this call: its first message.
struct begin_call {
  domain::call_request request;
  std::optional<std::string> idempotency_key;
  std::string correlation_id;
  reply<domain::call> answer;
  door::pass pass = {}; ///< new calls are counted until they are answered
  std::shared_ptr<begin_or_give_up> wanted = std::make_shared<begin_or_give_up>();
};

/// The dispatcher has the call; with a reservation, it has a courier too.
struct dispatched {
  attempt_no attempt;
  domain::epoch_no epoch;
  std::optional<domain::reservation> reserved;
};

/// The time of this scheduled call has come: it needs a courier from this dispatcher.
struct fall_due {
  domain::epoch_no epoch;
};

/// There was no room at the dispatcher for the request: it was not heard.
struct turned_away {
  attempt_no attempt;
};

/// The customer or an operator cancels.
struct cancel_call {
  domain::cancel what;
  std::string correlation_id;
  reply<domain::call> answer;
};

/// An operator takes the call from its courier.
struct reassign_call {
  domain::reassign what;
  std::string correlation_id;
  reply<domain::call> answer;
};

/// A courier reports on their job.
struct report_job {
  domain::job_report what;
  std::string correlation_id;
  reply<domain::call> answer;
};

/// The courier was not heard of for too long.
struct courier_gone {
  domain::courier_id courier;
};

/// The time this call may wait is over.
struct wait_over {};

/// An assignment could not be committed; ask the dispatcher again now.
struct ask_again {};

/// Whoever waits for the call's beginning has waited long enough for the dispatcher.
struct give_up {};

/// Answer once the call has a courier or has ended.
struct watch_call {
  reply<domain::call> answer;
};

/// The journal's answer to a commit.
struct commit_done {
  domain::result<storage::committed> outcome;
};

/// All that was submitted to the journal before is durable or refused.
struct barrier_passed {
  domain::status_result outcome;
};

// -- to any of them --

/// Tell how it stands with you, in words for operators: no names, no numbers of telephones.
struct show_state {
  reply<actor_snapshot> answer;
};

// -- to a dispatcher --

/// Which calls has this courier?
struct list_jobs {
  domain::courier_id courier;
  reply<std::vector<domain::call_id>> answer;
};

/// This call needs a courier.
struct enter_call {
  domain::ticket ticket;
  attempt_no attempt;
};

/// A new call that will need a courier later: may it be accepted?
struct announce_call {
  domain::call_id call;
  attempt_no attempt;
};

/// This call has this courier, whatever was thought before.
struct hold_job {
  domain::ticket ticket;
  domain::courier_id courier;
};

/// This call needs nothing any more.
struct leave_call {
  domain::call_id call;
};

/// The calls of an earlier supervisor are gone, and all they had under way is stored or
/// refused.
struct calls_restarted {};

/// Register a courier: start its actor with this as its first message.
struct register_courier {
  domain::courier record;
  std::optional<domain::position> where;
  std::string correlation_id;
  reply<domain::courier_id> answer;
};

/// May the courier's record become this? If so, the courier gets no job until courier_stored.
/// Only the incarnation that asks will say so: nothing is held for one that is gone.
struct propose_change {
  domain::courier after;
  caf::actor_addr from;
};

/// The courier's record is this. Not heard from an incarnation that has a successor.
struct courier_stored {
  domain::courier record;
  caf::actor_addr from;
};

/// There are courier_news.
struct look_at_couriers {};

/// The journal has opened a new epoch for this dispatcher.
struct epoch_opened {
  domain::result<domain::epoch_no> epoch;
};

/// Time has passed: see who waited too long.
struct look_at_clock {};

/// Go on matching.
struct match_more {};

// -- to a courier --

/// Change or delete the record.
struct change_courier {
  domain::courier_change what;
  std::string correlation_id;
  reply<domain::courier_id> answer;
};

/// The dispatcher's answer to propose_change.
struct change_judged {
  domain::status_result verdict;
};

/// The courier was heard of, after they never were or after they were lost.
struct sign_of_life {};

/// See whether the courier was heard of lately.
struct check_heartbeat {};

// -- to the ledger --

/// Store the sightings that changed.
struct save_sightings {};

/// See what is to be forgotten.
struct forget_more {};

/// The journal's answer to a step of forgetting.
struct step_done {
  domain::status_result outcome;
};

// -- to a notifier --

/// See whether the journal has moved on.
struct look_for_news {};

/// Begin, or begin again after a pause: see what was delivered, and go on from there.
struct resume_sending {};

/// Store how far the channel has come.
struct save_cursors {};

/// What had changed by then is written down.
struct deliveries_stored {
  std::uint64_t number; ///< counts what was submitted
  domain::status_result outcome;
};

/// A provider's answer to a request for this message.
struct provider_answered {
  notify::delivery_id id;
  notify::work done;
  notify::answer what;
};

/// All of the above, by receiver. None leaves the process, so CAF need not know how to
/// serialise it.
#define PICKUP_ACTOR_MESSAGES(X)                                                               \
  X(begin_call)                                                                                \
  X(dispatched)                                                                                \
  X(fall_due)                                                                                  \
  X(turned_away)                                                                               \
  X(cancel_call)                                                                               \
  X(reassign_call)                                                                             \
  X(report_job)                                                                                \
  X(courier_gone)                                                                              \
  X(wait_over)                                                                                 \
  X(ask_again)                                                                                 \
  X(give_up)                                                                                   \
  X(watch_call)                                                                                \
  X(commit_done)                                                                               \
  X(barrier_passed)                                                                            \
  X(show_state)                                                                                \
  X(list_jobs)                                                                                 \
  X(enter_call)                                                                                \
  X(announce_call)                                                                             \
  X(hold_job)                                                                                  \
  X(leave_call)                                                                                \
  X(calls_restarted)                                                                           \
  X(register_courier)                                                                          \
  X(propose_change)                                                                            \
  X(courier_stored)                                                                            \
  X(look_at_couriers)                                                                          \
  X(epoch_opened)                                                                              \
  X(look_at_clock)                                                                             \
  X(match_more)                                                                                \
  X(change_courier)                                                                            \
  X(change_judged)                                                                             \
  X(sign_of_life)                                                                              \
  X(check_heartbeat)                                                                           \
  X(save_sightings)                                                                            \
  X(forget_more)                                                                               \
  X(step_done)                                                                                 \
  X(look_for_news)                                                                             \
  X(resume_sending)                                                                            \
  X(save_cursors)                                                                              \
  X(deliveries_stored)                                                                         \
  X(provider_answered)

} // namespace pickup::actors

#define PICKUP_ALLOW(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::actors::name)
PICKUP_ACTOR_MESSAGES(PICKUP_ALLOW)
#undef PICKUP_ALLOW

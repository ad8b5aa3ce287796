// The typed interface of each actor: what it may be sent. Handles are thread-safe.
#pragma once

#include "actors/messages.hpp"

#include <caf/typed_actor.hpp>

namespace pickup::actors {

using call_actor = caf::typed_actor<
    caf::reacts_to<begin_call>, caf::reacts_to<dispatched>, caf::reacts_to<fall_due>,
    caf::reacts_to<turned_away>, caf::reacts_to<cancel_call>, caf::reacts_to<reassign_call>,
    caf::reacts_to<report_job>, caf::reacts_to<courier_gone>, caf::reacts_to<wait_over>,
    caf::reacts_to<ask_again>, caf::reacts_to<give_up>, caf::reacts_to<watch_call>,
    caf::reacts_to<commit_done>, caf::reacts_to<barrier_passed>, caf::reacts_to<show_state>>;

using dispatcher_actor =
    caf::typed_actor<caf::reacts_to<enter_call>, caf::reacts_to<announce_call>,
                     caf::reacts_to<hold_job>, caf::reacts_to<leave_call>,
                     caf::reacts_to<calls_restarted>, caf::reacts_to<register_courier>,
                     caf::reacts_to<propose_change>, caf::reacts_to<courier_stored>,
                     caf::reacts_to<look_at_couriers>, caf::reacts_to<epoch_opened>,
                     caf::reacts_to<look_at_clock>, caf::reacts_to<match_more>,
                     caf::reacts_to<list_jobs>, caf::reacts_to<show_state>>;

using courier_actor =
    caf::typed_actor<caf::reacts_to<register_courier>, caf::reacts_to<change_courier>,
                     caf::reacts_to<change_judged>, caf::reacts_to<sign_of_life>,
                     caf::reacts_to<check_heartbeat>, caf::reacts_to<commit_done>,
                     caf::reacts_to<barrier_passed>, caf::reacts_to<show_state>>;

using ledger_actor =
    caf::typed_actor<caf::reacts_to<save_sightings>, caf::reacts_to<forget_more>,
                     caf::reacts_to<step_done>, caf::reacts_to<show_state>>;

using notifier_actor =
    caf::typed_actor<caf::reacts_to<look_for_news>, caf::reacts_to<resume_sending>,
                     caf::reacts_to<show_state>>;

/// The notifier of the log.
using log_notifier_actor = notifier_actor::extend<caf::reacts_to<save_cursors>>;

/// The notifier of a channel with a provider.
using sending_notifier_actor =
    notifier_actor::extend<caf::reacts_to<barrier_passed>, caf::reacts_to<deliveries_stored>,
                           caf::reacts_to<provider_answered>>;

} // namespace pickup::actors

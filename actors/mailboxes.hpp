// What may wait at each kind of actor, by message. docs/architecture.md has the table, with the
// reason for every message that is never refused. Thread-safe; outlives every actor.
#pragma once

#include "actors/messages.hpp"
#include "supervision/mailbox_kind.hpp"

#include <array>

namespace pickup::actors {

struct node_context;

struct mailboxes {
  explicit mailboxes(node_context& n);

  supervision::mailbox_kind call;
  supervision::mailbox_kind dispatcher;
  supervision::mailbox_kind courier;
  supervision::mailbox_kind ledger;
  supervision::mailbox_kind notifier;

  std::array<const supervision::mailbox_kind*, 5> all() const {
    return {&call, &dispatcher, &courier, &ledger, &notifier};
  }
};

/// Whether a call comes from outside just now. One that is stored must reach its dispatcher.
bool is_new(const enter_call& m);

/// Tells whoever waits that there is no room for this at the dispatcher.
void turn_away(node_context& n, const enter_call& m);
void turn_away(node_context& n, const announce_call& m);
void turn_away(node_context& n, const register_courier& m);

} // namespace pickup::actors

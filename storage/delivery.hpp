// How far the delivery of one message to a customer has come. Plain values.
#pragma once

#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::storage {

/// How a message travels. On disk: append, never renumber.
enum class carrier : std::uint8_t {
  alimtalk = 1,
  sms = 2, ///< up to 90 bytes of text
  lms = 3, ///< a long SMS
};

/// On disk: append, never renumber.
enum class delivery_state : std::uint8_t {
  waiting = 1,    ///< the provider surely does not have it: it may be sent, or superseded
  unanswered = 2, ///< sent, and no answer says yet what became of it
  unknown = 3,    ///< the provider is asked what it has before anything is sent
  accepted = 4,   ///< the provider has it, and is asked whether the customer does
  delivered = 5,  ///< the end
  superseded = 6, ///< never sent: later news made it pointless
  failed = 7,     ///< the number cannot be reached
  dead = 8,       ///< a dead letter: somebody has to look at it
};

constexpr bool has_ended(delivery_state s) {
  return s >= delivery_state::delivered;
}

/// Whether it ended, and the customer heard nothing of it: a dead letter or a bad number.
constexpr bool reached_nobody(delivery_state s) {
  return s == delivery_state::failed || s == delivery_state::dead;
}

constexpr std::string_view name(delivery_state s) {
  switch (s) {
  case delivery_state::waiting: return "waiting";
  case delivery_state::unanswered: return "unanswered";
  case delivery_state::unknown: return "unknown";
  case delivery_state::accepted: return "accepted";
  case delivery_state::delivered: return "delivered";
  case delivery_state::superseded: return "superseded";
  case delivery_state::failed: return "failed";
  case delivery_state::dead: return "dead";
  }
  return "unknown";
}

/// The intent that is delivered: where the journal has it.
struct delivery_id {
  domain::shard_id shard;
  domain::seq_no n;

  friend constexpr auto operator<=>(const delivery_id&, const delivery_id&) = default;
};

struct delivery {
  delivery_id id;
  domain::timestamp born; ///< when the intent was committed
  carrier via = carrier::alimtalk;
  delivery_state state = delivery_state::waiting;
  /// An earlier process or actor may have done more than it wrote down, with any carrier.
  bool doubted = false;
  std::uint32_t attempts = 0;   ///< in a row without progress; what the backoff grows with
  std::uint32_t unresolved = 0; ///< sends of which nobody knows what became of them
  std::uint32_t rounds = 0;     ///< messages the carrier took and could not deliver
  domain::timestamp since;      ///< with this carrier, or accepted by it
  domain::timestamp due;        ///< when there is something to do; ended: when it ended
  domain::timestamp last_sent;
  std::optional<domain::timestamp> key_used; ///< when the idempotency key first was
  bool key_refused = false;                  ///< the provider has seen the key before
  std::string request_id;                    ///< the provider's name for it, once accepted
  std::uint64_t recipient_seq = 0;
  std::int32_t code = 0; ///< the last the provider gave; 0 when there was none
  std::string reason;    ///< of its end, or of being handed over

  friend bool operator==(const delivery&, const delivery&) = default;
};

} // namespace pickup::storage

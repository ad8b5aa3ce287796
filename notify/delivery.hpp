// What may become of one message on its way to a customer: the provider contract as a state
// machine. Pure: time and chance are arguments.
//
//     waiting ──send──► unanswered ──► accepted ──poll──► delivered
//        ▲                  │              │
//        └──── not there ── unknown ◄──────┘ …  failed, dead, or waiting with the next carrier
//
// Accepted is not delivered, and unanswered is not refused: before anything is sent that may
// have been sent, either the provider's idempotency key protects it, or the provider is asked.
#pragma once

#include "domain/time.hpp"
#include "notify/codes.hpp"
#include "storage/delivery.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace pickup::notify {

using storage::delivery;
using storage::delivery_id;
using storage::delivery_state;

// -- what a provider said --

/// It has the message.
struct accepted {
  std::string request_id;
  std::uint64_t recipient_seq = 0;
};
/// It does not take the message, or does not answer the question.
struct refused {
  std::int32_t code = 0;
};
/// 429: too many requests.
struct throttled {
  std::optional<domain::duration> retry_after;
};
/// It was not told anything: no connection.
struct unreachable {
  std::string why;
};
/// It may have been told: a time-out, a connection cut, a 5xx, an answer that makes no sense.
struct no_answer {
  std::string why;
};
enum class report_status : std::uint8_t { pending, completed, failed, canceled };
/// What became of the message.
struct reported {
  report_status status = report_status::pending;
  std::int32_t code = 0;
  std::string request_id;
  std::uint64_t recipient_seq = 0;
  std::uint32_t rounds =
      0; ///< of a search: messages of this intent it failed to deliver before
};
/// It has no message of this intent, but for rounds that failed.
struct absent {};

using outcome =
    std::variant<accepted, refused, throttled, unreachable, no_answer, reported, absent>;

/// What an outcome says of the provider.
enum class health : std::uint8_t { good, bad, says_nothing };
health health_of(const outcome& o, carrier via);

// -- the rules --

/// How one provider is treated.
struct policy {
  bool idempotent = false; ///< it refuses a key it has seen within key_window
  domain::duration key_window{0};
  domain::duration request_timeout{0};
  domain::duration settle{0}; ///< what was sent is found by a search after this
  domain::duration retry_first{0};
  domain::duration retry_most{0};
  domain::duration poll_first{0};
  domain::duration poll_most{0};
  domain::duration give_up_after{0};  ///< when it was not accepted
  domain::duration delivery_limit{0}; ///< for the last word on what was accepted
};

struct rules {
  policy alimtalk;
  policy sms;
  bool has_sms = false;
  domain::duration dead_after{0};

  const policy& of(carrier via) const { return via == carrier::alimtalk ? alimtalk : sms; }
};

/// No provider is left alone for longer, whatever it says.
inline constexpr domain::duration longest_rest = std::chrono::minutes{10};

/// How often what could not be delivered is sent again: for a reason that soon passes or never,
/// and for one of the provider's own, about ten minutes at the default waits. Far below what
/// one search shows.
inline constexpr std::uint32_t brief_retries = 2;
inline constexpr std::uint32_t patient_retries = 20;

// -- the machine --

enum class work : std::uint8_t {
  none,
  send,
  search, ///< by the grouping key: does the provider have it, and what became of it?
  poll,   ///< by the provider's own name for it
};

/// What is to be done once the delivery is due.
work next_work(const delivery& d, const rules& r, domain::timestamp now);

/// The delivery while a request to send it is under way. To be remembered before it is sent.
delivery sending(delivery d, const rules& r, domain::timestamp now);

struct stepped {
  delivery next;
  bool stop_channel = false; ///< nothing more gets through this account
  bool alarm = false;        ///< somebody has to mend something
};

/// What follows from the outcome of `done`.
/// @param chance in [0, 1): how much of the jitter is used
stepped step(delivery d, work done, const outcome& o, const rules& r, domain::timestamp now,
             double chance);

/// What follows from time alone: a delivery that took too long ends, or goes another way.
/// Nothing when none did.
std::optional<stepped> expire(const delivery& d, const rules& r, domain::timestamp now);

/// The same message by SMS; a dead letter when there is none.
delivery hand_over(delivery d, const rules& r, domain::timestamp now, std::string reason);

/// A delivery as an earlier process left it: what it was about to do it may have done.
delivery recovered(delivery d, domain::timestamp now);

/// The wait after so many failures in a row: first, twice as long each time up to most; chance
/// takes up to half of it off, so that many do not come back together.
domain::duration wait_after(std::uint32_t failures, domain::duration first,
                            domain::duration most, double chance);

} // namespace pickup::notify

// The providers' result codes, and what follows from each. Pure. After NHN Cloud's public
// tables: KakaoTalk Bizmessage "Error Codes" for AlimTalk v2.3, SMS "Error Codes" for v3.0.
#pragma once

#include "storage/delivery.hpp"

#include <cstdint>
#include <string_view>

namespace pickup::notify {

using storage::carrier;

enum class consequence : std::uint8_t {
  none,          ///< 0: accepted, delivered
  retry,         ///< with backoff; the provider is not well
  retry_briefly, ///< once or twice, then by SMS
  unknown,       ///< ask what the provider has before anything else
  sms_at_once,   ///< the customer cannot be reached this way
  bad_recipient, ///< nor in any other
  bad_message,   ///< a template or a parameter is wrong: a dead letter, and an alarm
  bad_account,   ///< nothing gets through: stop the channel, alarm, go on by SMS
  undeliverable, ///< there is no other way left: a dead letter
};

/// The stable name of a consequence, e.g. "retry".
std::string_view name(consequence c);

/// What follows when a request to send is refused with this code. One that no table has refuses
/// this message only, and somebody should know.
consequence when_refused(carrier via, std::int32_t code);

/// What follows when an accepted message failed with this code. One that no table has was not
/// delivered all the same.
consequence when_failed(carrier via, std::int32_t code);

} // namespace pickup::notify

// What can be set about messages to customers. Plain values, checked by validate(); see
// config/pickupd.toml for the cost of too high and too low.
#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <string>

namespace pickup::notify {

using namespace std::chrono_literals;

/// What providers have in common.
struct provider_options {
  std::string base_url; ///< scheme, host and port; empty: there is none
  std::string app_key;
  std::string secret_key;
  std::string ca_file;                     ///< who signs the provider; empty: the system's
  std::uint32_t rate = 300;                ///< requests a second
  domain::duration connect_timeout = 3s;   ///< for a connection
  domain::duration request_timeout = 10s;  ///< for a whole request
  domain::duration retry_first = 500ms;    ///< after a failure; doubles up to …
  domain::duration retry_most = 30s;       ///< … this
  domain::duration poll_first = 1s;        ///< after it was accepted; doubles up to …
  domain::duration poll_most = 30s;        ///< … this
  domain::duration settle = 30s;           ///< until what was sent is surely found, if there
  domain::duration give_up_after = 10min;  ///< when it was not accepted
  domain::duration delivery_limit = 30min; ///< for the provider's last word
};

struct alimtalk_options : provider_options {
  alimtalk_options() { base_url = "https://kakaotalk-bizmessage.api.nhncloudservice.com"; }

  std::string sender_key;
  std::string templates;               ///< a file; empty: the built-in ones
  domain::duration key_window = 10min; ///< the provider knows an idempotency key for so long
};

struct sms_options : provider_options {
  std::string send_no; ///< the registered number that messages come from
};

struct options {
  std::string channel = "log";               ///< or alimtalk
  std::string message_file = "messages.log"; ///< relative to the data directory
  std::uint32_t in_flight = 32;              ///< requests under way at once
  std::uint32_t backlog = 10'000;            ///< intents worked on at once
  domain::duration dead_after = 24h;         ///< an intent is a dead letter by then
  domain::duration breaker_wait = 1s;        ///< a failing provider is left alone for so long
  domain::duration breaker_max_wait = 1min;  ///< the longest it is left alone
  alimtalk_options alimtalk;
  sms_options sms;

  bool sends() const { return channel == "alimtalk"; }
  bool has_sms() const { return !sms.base_url.empty(); }
};

/// The first value that cannot work, by its name in the configuration file.
domain::status_result validate(const options& o);

} // namespace pickup::notify

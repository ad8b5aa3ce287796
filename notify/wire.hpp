// The providers' HTTP contracts: requests as they are written, answers as they are read. Pure.
// After NHN Cloud's public guides: KakaoTalk Bizmessage AlimTalk API v2.3, SMS API v3.0.
// Neither names an account: the client adds its keys.
#pragma once

#include "notify/delivery.hpp"
#include "notify/templates.hpp"

#include <optional>
#include <string>

namespace pickup::notify {

/// Whom a request goes to.
enum class provider : std::uint8_t { alimtalk, sms };

constexpr provider provider_of(carrier via) {
  return via == carrier::alimtalk ? provider::alimtalk : provider::sms;
}

/// The stable name of a provider, e.g. "alimtalk".
std::string_view name(provider p);
std::string_view name(carrier via);

/// One HTTP request; `path` begins behind what names the account.
struct request {
  provider to = provider::alimtalk;
  std::string method; ///< GET or POST
  std::string path;
  std::string body;            ///< JSON, of a POST
  std::string idempotency_key; ///< empty: none
};

/// What came back.
struct answer {
  int status = 0;               ///< 0: no answer
  bool may_have_arrived = true; ///< without an answer: the provider may have the request
  std::string body;
  std::optional<domain::duration> retry_after;
  std::string error; ///< without an answer: why
};

/// What a message says, whatever carries it.
struct letter {
  std::string key; ///< unique for all messages of all installations
  std::string tel;
  std::string template_code;
  variables values;
  std::string text; ///< with the values filled in
};

/// The accounts' parts that stand in bodies.
struct senders {
  std::string sender_key;
  std::string send_no;
};

request send_request(const letter& what, const delivery& d, const senders& from);
/// Asks for everything that was sent for this intent since it was born.
request search_request(const letter& what, const delivery& d, domain::timestamp now);
request poll_request(const delivery& d);

/// What the answer to a request for `done` means for this delivery.
outcome read_answer(const answer& a, work done, const delivery& d);

} // namespace pickup::notify

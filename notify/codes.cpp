#include "notify/codes.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace pickup::notify {

namespace {

struct range {
  std::int32_t first;
  std::int32_t last;
  consequence then;
};

constexpr range one(std::int32_t code, consequence then) {
  return {code, code, then};
}

using enum consequence;

constexpr std::array alimtalk_refusals{
    one(0, none),
    one(-9999, retry),
    one(-7000, retry),
    one(-1005, unknown),
    one(-5000, bad_recipient),
    one(-4019, bad_recipient),
    range{-3005, -3003, bad_message},
    one(-3010, bad_message),
    one(-3049, bad_message),
    one(-2019, bad_message),
    one(-1000, bad_account),
    one(-1001, bad_account),
    one(-1014, bad_account),
    range{-1028, -1027, bad_account},
    one(-2017, bad_account),
};

constexpr std::array alimtalk_failures{
    one(3006, retry),
    one(3012, retry),
    one(2001, retry_briefly),
    one(3000, retry_briefly),
    one(3010, retry_briefly),
    one(3005, unknown),
    range{4000, 4001, unknown},
    range{3018, 3021, sms_at_once},
    one(3008, bad_recipient),
    range{3015, 3016, bad_message},
    one(3025, bad_message),
    one(1003, bad_account),
    range{1006, 1007, bad_account},
    range{1021, 1025, bad_account},
    one(1027, bad_account),
};

constexpr std::array sms_refusals{
    one(0, none),
    one(-9999, retry),
    one(-2021, retry), // the provider could not queue it
    range{-2019, -2018, bad_recipient},
    one(-2001, bad_recipient),
    range{-1004, -1000, bad_account},
    range{-2313, -2312, bad_account}, // the number it is sent from
};

constexpr std::array sms_failures{
    one(1000, none),
    one(1001, retry), // the gateway's queue was full
    one(2005, consequence::unknown),
    one(1002, bad_recipient),
    one(3001, bad_recipient),
    one(3003, bad_recipient),
    one(1003, bad_account), // the number it is sent from, or the right to send
    one(1005, bad_account),
    one(1018, bad_account),
    range{3017, 3019, bad_account},
};

consequence look_up(std::span<const range> table, std::int32_t code, consequence otherwise) {
  const auto found = std::ranges::find_if(
      table, [&](const range& r) { return r.first <= code && code <= r.last; });
  return found == table.end() ? otherwise : found->then;
}

} // namespace

std::string_view name(consequence c) {
  switch (c) {
  case none: return "none";
  case retry: return "retry";
  case retry_briefly: return "retry_briefly";
  case consequence::unknown: return "unknown";
  case sms_at_once: return "sms_at_once";
  case bad_recipient: return "bad_recipient";
  case bad_message: return "bad_message";
  case bad_account: return "bad_account";
  case undeliverable: return "undeliverable";
  }
  return "";
}

consequence when_refused(carrier via, std::int32_t code) {
  return via == carrier::alimtalk ? look_up(alimtalk_refusals, code, bad_message)
                                  : look_up(sms_refusals, code, bad_message);
}

consequence when_failed(carrier via, std::int32_t code) {
  return via == carrier::alimtalk ? look_up(alimtalk_failures, code, sms_at_once)
                                  : look_up(sms_failures, code, undeliverable);
}

} // namespace pickup::notify

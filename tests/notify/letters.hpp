// Deliveries, rules and provider's answers for tests. Plain values.
#pragma once

#include "notify/outbox.hpp"

#include <chrono>
#include <string>

namespace pickup::testing {

using namespace std::chrono_literals;

inline constexpr domain::timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}
                                        + 12h};

inline notify::rules test_rules(bool has_sms = true) {
  notify::rules r;
  r.alimtalk.idempotent = true;
  r.alimtalk.key_window = 10min;
  r.alimtalk.request_timeout = 10s;
  r.alimtalk.settle = 30s;
  r.alimtalk.retry_first = 1s;
  r.alimtalk.retry_most = 30s;
  r.alimtalk.poll_first = 1s;
  r.alimtalk.poll_most = 30s;
  r.alimtalk.give_up_after = 10min;
  r.alimtalk.delivery_limit = 30min;
  r.sms = r.alimtalk;
  r.sms.idempotent = false;
  r.has_sms = has_sms;
  r.dead_after = 24h;
  return r;
}

inline notify::delivery fresh_delivery(domain::timestamp now = noon) {
  notify::delivery d;
  d.id = {{domain::service::taxi, {}}, domain::seq_no{17}};
  d.born = d.since = d.due = now;
  return d;
}

inline notify::answer ok(std::string body) {
  notify::answer a;
  a.status = 200;
  a.body = std::move(body);
  return a;
}

inline std::string header(int code) {
  return R"("header":{"resultCode":)" + std::to_string(code) + R"(,"resultMessage":"m",)"
         + R"("isSuccessful":)" + (code == 0 ? "true" : "false") + "}";
}

inline notify::answer refusal(int code) {
  return ok("{" + header(code) + "}");
}

inline notify::answer taken(const std::string& id) {
  return ok("{" + header(0) + R"(,"message":{"requestId":")" + id
            + R"(","sendResults":[{"recipientSeq":1,"resultCode":0}]}})");
}

inline notify::answer sms_taken(const std::string& id) {
  return ok("{" + header(0) + R"(,"body":{"data":{"requestId":")" + id
            + R"(","sendResultList":[{"recipientSeq":1,"resultCode":0}]}}})");
}

inline notify::answer poll_says(const std::string& status, const std::string& code) {
  return ok("{" + header(0) + R"(,"message":{"requestId":"R1","recipientSeq":1,)"
            + R"("messageStatus":")" + status + R"(","resultCode":")" + code + R"("}})");
}

inline notify::answer sms_poll_says(const std::string& status, const std::string& code) {
  return ok("{" + header(0) + R"(,"body":{"data":{"requestId":"R1","recipientSeq":1,)"
            + R"("msgStatus":")" + status + R"(","resultCode":")" + code + R"("}}})");
}

/// @param messages as JSON objects, with commas between them
inline notify::answer search_says(const std::string& messages) {
  return ok("{" + header(0) + R"(,"messageSearchResultResponse":{"messages":[)" + messages
            + "]}}");
}

inline notify::answer no_reply() {
  notify::answer a;
  a.error = "time-out";
  return a;
}

} // namespace pickup::testing

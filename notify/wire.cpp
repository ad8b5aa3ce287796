#include "notify/wire.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <vector>

namespace pickup::notify {

namespace {

namespace dom = simdjson::dom;
using json_text = rapidjson::Writer<rapidjson::StringBuffer>;
using namespace std::chrono_literals;

constexpr auto long_title = "호출 안내"; // an LMS has one

void field(json_text& out, std::string_view key, std::string_view value) {
  out.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

std::string escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
                       || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_'
                       || c == '~';
    if (plain)
      result.push_back(c);
    else
      result.append({'%', digits[byte >> 4U], digits[byte & 15U]});
  }
  return result;
}

// "2026-11-22 18:30", Korean time, as both providers want it; SMS with seconds.
std::string korean_time(domain::timestamp t, bool seconds) {
  const auto text = domain::to_rfc3339(t + 9h);
  return text.substr(0, 10) + " " + text.substr(11, seconds ? 8 : 5);
}

std::string digits_of(std::string_view tel) {
  std::string digits;
  std::ranges::copy_if(tel, std::back_inserter(digits),
                       [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

// A further round is a message of its own.
std::string idempotency_key(const letter& what, const delivery& d) {
  return d.rounds == 0 ? what.key : what.key + "." + std::to_string(d.rounds);
}

std::string folder(carrier via) {
  switch (via) {
  case carrier::alimtalk: return "/messages";
  case carrier::sms: return "/sender/sms";
  case carrier::lms: return "/sender/mms";
  }
  return "";
}

std::string alimtalk_body(const letter& what, const senders& from) {
  rapidjson::StringBuffer text;
  json_text out{text};
  out.StartObject();
  field(out, "senderKey", from.sender_key);
  field(out, "templateCode", what.template_code);
  out.Key("recipientList");
  out.StartArray();
  out.StartObject();
  field(out, "recipientNo", digits_of(what.tel));
  out.Key("templateParameter");
  out.StartObject();
  for (const auto& [name, value] : what.values)
    field(out, name, value);
  out.EndObject();
  field(out, "recipientGroupingKey", what.key);
  // We fail over ourselves; the provider would by default.
  out.Key("resendParameter");
  out.StartObject();
  out.Key("isResend");
  out.Bool(false);
  out.EndObject();
  out.EndObject();
  out.EndArray();
  out.EndObject();
  return {text.GetString(), text.GetSize()};
}

std::string sms_body(const letter& what, carrier via, const senders& from) {
  rapidjson::StringBuffer text;
  json_text out{text};
  out.StartObject();
  if (via == carrier::lms)
    field(out, "title", long_title);
  field(out, "body", what.text);
  field(out, "sendNo", from.send_no);
  out.Key("recipientList");
  out.StartArray();
  out.StartObject();
  field(out, "recipientNo", digits_of(what.tel));
  field(out, "recipientGroupingKey", what.key);
  out.EndObject();
  out.EndArray();
  out.EndObject();
  return {text.GetString(), text.GetSize()};
}

// -- answers --

// A number that may be written as a text: "3018". 0 when it is neither.
std::int64_t number(dom::element e) {
  if (std::int64_t n = 0; !e.get(n))
    return n;
  std::int64_t n = 0;
  if (std::string_view text; !e.get(text))
    std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

std::int64_t number(simdjson::simdjson_result<dom::element> e) {
  dom::element found;
  return e.get(found) ? 0 : number(found);
}

std::int32_t code(simdjson::simdjson_result<dom::element> e) {
  return static_cast<std::int32_t>(number(std::move(e)));
}

std::string text(simdjson::simdjson_result<dom::element> e) {
  dom::element found;
  if (e.get(found))
    return "";
  if (std::string_view words; !found.get(words))
    return std::string{words};
  return "";
}

no_answer nonsense() {
  return {"the answer makes no sense"};
}

// What a send was answered: the results of its recipients, of which there is one.
outcome read_send(dom::element answer, carrier via) {
  const auto body = via == carrier::alimtalk ? answer["message"] : answer["body"]["data"];
  const auto results = body[via == carrier::alimtalk ? "sendResults" : "sendResultList"];
  dom::element first;
  if (results.at(0).get(first))
    return nonsense();
  if (const auto refusal = code(first["resultCode"]); refusal != 0)
    return refused{refusal};
  auto id = text(body["requestId"]);
  dom::element seq;
  if (id.empty() || first["recipientSeq"].get(seq))
    return nonsense();
  return accepted{std::move(id), static_cast<std::uint64_t>(number(seq))};
}

report_status status_of(dom::element message, carrier via) {
  using enum report_status;
  if (via == carrier::alimtalk) {
    const auto status = text(message["messageStatus"]);
    return status == "COMPLETED" ? completed
           : status == "FAILED"  ? failed
           : status == "CANCEL"  ? canceled
                                 : pending;
  }
  // 0 failed, 1 requested, 2 under way, 3 delivered, 4 canceled, 5 a duplicate
  switch (const auto status = text(message["msgStatus"]); status.empty() ? '1' : status[0]) {
  case '0': return failed;
  case '3': return completed;
  case '4':
  case '5': return canceled;
  default: return pending;
  }
}

reported report_of(dom::element message, carrier via) {
  return {status_of(message, via), code(message["resultCode"]), text(message["requestId"]),
          static_cast<std::uint64_t>(number(message["recipientSeq"])), 0};
}

outcome read_poll(dom::element answer, carrier via) {
  dom::element message;
  const auto found = via == carrier::alimtalk ? answer["message"] : answer["body"]["data"];
  if (found.get(message))
    return nonsense();
  return report_of(message, via);
}

// Of several messages of one intent all but the last have failed, or it would not have been
// sent again; one that was delivered counts, wherever it stands.
outcome read_search(dom::element answer, const delivery& d) {
  dom::array messages;
  const auto found = d.via == carrier::alimtalk
                         ? answer["messageSearchResultResponse"]["messages"]
                         : answer["body"]["data"];
  if (found.get(messages))
    return nonsense();
  std::vector<reported> all;
  for (const auto message : messages)
    all.push_back(report_of(message, d.via));
  if (all.size() <= d.rounds)
    return absent{};
  const auto rank = [](const reported& x) {
    return x.status == report_status::completed ? 2 : x.status == report_status::failed ? 0 : 1;
  };
  auto newest = *std::ranges::max_element(all, {}, rank);
  newest.rounds = static_cast<std::uint32_t>(all.size() - 1);
  return newest;
}

} // namespace

std::string_view name(provider p) {
  return p == provider::alimtalk ? "alimtalk" : "sms";
}

std::string_view name(carrier via) {
  switch (via) {
  case carrier::alimtalk: return "alimtalk";
  case carrier::sms: return "sms";
  case carrier::lms: return "lms";
  }
  return "";
}

request send_request(const letter& what, const delivery& d, const senders& from) {
  request r{provider_of(d.via), "POST", folder(d.via), {}, {}};
  if (d.via == carrier::alimtalk) {
    r.body = alimtalk_body(what, from);
    r.idempotency_key = idempotency_key(what, d);
  } else {
    r.body = sms_body(what, d.via, from);
  }
  return r;
}

request search_request(const letter& what, const delivery& d, domain::timestamp now) {
  const bool seconds = d.via != carrier::alimtalk;
  // The clocks of both sides may differ.
  const auto from = escaped(korean_time(d.born - 24h, seconds));
  const auto to = escaped(korean_time(std::max(now, d.born) + 24h, seconds));
  return {provider_of(d.via),
          "GET",
          folder(d.via) + "?startRequestDate=" + from + "&endRequestDate=" + to
              + "&recipientGroupingKey=" + escaped(what.key) + "&pageSize=100",
          {},
          {}};
}

request poll_request(const delivery& d) {
  const auto seq = std::to_string(d.recipient_seq);
  return {provider_of(d.via),
          "GET",
          folder(d.via) + "/" + escaped(d.request_id)
              + (d.via == carrier::alimtalk ? "/" + seq : "?recipientSeq=" + seq),
          {},
          {}};
}

outcome read_answer(const answer& a, work done, const delivery& d) {
  if (a.status == 0) {
    if (a.may_have_arrived)
      return no_answer{a.error};
    return unreachable{a.error};
  }
  if (a.status == 429)
    return throttled{a.retry_after};
  if (a.status >= 500)
    return no_answer{"status " + std::to_string(a.status)};
  dom::parser parser;
  dom::element all;
  dom::element header;
  if (parser.parse(a.body).get(all) || all["header"].get(header))
    return nonsense();
  bool successful = false;
  if (header["isSuccessful"].get(successful))
    return nonsense();
  const auto refusal = code(header["resultCode"]);
  if (!successful || refusal != 0 || a.status >= 300) {
    if (refusal == 0)
      return nonsense();
    return refused{refusal};
  }
  switch (done) {
  case work::send: return read_send(all, d.via);
  case work::poll: return read_poll(all, d.via);
  case work::search: return read_search(all, d);
  case work::none: break;
  }
  return nonsense();
}

} // namespace pickup::notify

#include "http/call_body.hpp"

#include "http/common_fields.hpp"
#include "http/json_object.hpp"
#include "http/text.hpp"

namespace pickup::http {

namespace {

// A caller may say that the call is one; every other status is the server's to give.
domain::status_result check_status(const json_object& body) {
  const auto status = body.text({"status", "호출상태"}, {0, 64});
  if (!status)
    return status.error();
  if (*status && **status != "호출" && **status != "call")
    return bad_field("status", "a new call can only be 호출 (call)");
  return domain::done{};
}

domain::result<domain::service_class> read_class(const json_object& body, domain::service s) {
  const auto named = s == domain::service::pickup
                         ? body.text({"parcelType", "택배유형"}, {0, 64})
                         : body.text({"taxiClass", "택시등급"}, {0, 64});
  const auto* field_name = s == domain::service::pickup ? "parcelType" : "taxiClass";
  if (!named)
    return named.error();
  if (!*named)
    return default_class(s);
  const auto wanted = domain::parse_service_class(**named);
  if (!wanted || service_of(*wanted) != s)
    return bad_field(field_name, "the " + std::string{name(s)} + " service has no class \""
                                     + **named + "\"");
  return *wanted;
}

domain::result<std::optional<domain::timestamp>> read_pickup_at(const json_object& body) {
  const auto text = body.text({"pickupAt", "예약일시", "픽업일시"}, {0, 64});
  if (!text)
    return text.error();
  if (!*text)
    return std::optional<domain::timestamp>{};
  const auto at = domain::parse_rfc3339(**text);
  if (!at)
    return bad_field("pickupAt",
                     "must be a time of RFC 3339 such as \"2026-11-23T09:30:00+09:00\"");
  return at;
}

} // namespace

domain::result<call_order> read_call(const std::string& text, domain::service s) {
  const auto body = json_object::parse(text);
  if (!body)
    return body.error();
  auto tel = read_tel(*body, {"tel", "휴대폰번호"});
  if (!tel)
    return tel.error();
  if (!*tel)
    return bad_field("tel", "is required");
  if (const auto status = check_status(*body); !status)
    return status.error();
  const auto wanted = read_class(*body, s);
  if (!wanted)
    return wanted.error();
  auto location = body->text({"location", "호출위치"}, {0, 200});
  if (!location)
    return location.error();
  const auto where = read_position(*body);
  if (!where)
    return where.error();
  const auto cost = body->whole({"cost", "예상요금"}, 0, static_cast<std::int64_t>(max_exact));
  if (!cost)
    return cost.error();
  auto memo = body->text({"memo"}, {0, 500});
  if (!memo)
    return memo.error();
  const auto pickup_at = read_pickup_at(*body);
  if (!pickup_at)
    return pickup_at.error();
  return call_order{*wanted,          std::move(**tel), std::move(*location), *where, *cost,
                    std::move(*memo), *pickup_at};
}

} // namespace pickup::http

#include "app/pickupctl/names.hpp"

#include "http/text.hpp"

#include <string_view>

namespace pickup::ctl {

namespace {

domain::error unknown(std::string_view what, const std::string& text, std::string_view must) {
  return {domain::errc::invalid_argument,
          std::string{"read command line: "}.append(what) + ": must be " + std::string{must}
              + ", got \"" + text + '"',
          {}};
}

} // namespace

domain::result<call_name> parse_call(const std::string& text, domain::service usual) {
  const auto colon = text.find(':');
  const auto service = colon == text.npos
                           ? std::optional{usual}
                           : domain::parse_service(std::string_view{text}.substr(0, colon));
  const auto number =
      http::parse_decimal(std::string_view{text}.substr(colon == text.npos ? 0 : colon + 1));
  if (!service || number.value_or(0) == 0)
    return unknown("call", text, "a number, or one like taxi:17");
  return call_name{*service, *number};
}

std::string to_text(const call_name& call) {
  return std::string{name(call.service)} + ':' + std::to_string(call.number);
}

domain::result<actor_name> parse_actor(const std::string& kind, const std::string& id) {
  if (id.empty()) {
    const auto colon = kind.find(':');
    if (colon != kind.npos)
      return parse_actor(kind.substr(0, colon), kind.substr(colon + 1));
    if (kind == "ledger")
      return actor_name{kind, "node"}; // there is one
    return unknown("actor", kind, "a kind and an id, such as courier 5");
  }
  if (kind != "call")
    return actor_name{kind, id};
  const auto call = parse_call(id, domain::service::pickup);
  if (!call)
    return call.error();
  return actor_name{kind, to_text(*call)};
}

} // namespace pickup::ctl

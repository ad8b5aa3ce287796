#include "http/office_api.hpp"

#include "actors/inspection.hpp"
#include "domain/telephone.hpp"
#include "http/paging.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"
#include "http/representation.hpp"
#include "http/timeline.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

namespace pickup::http {

namespace {

/// On one map, of each kind.
constexpr std::size_t most_on_map = 5000;
/// That couriers are looked for by.
constexpr std::size_t longest_text = 64;

response json(json_writer& out) {
  return {200, "application/json", out.take(), {}};
}

response refusal(const domain::error& why, const request& r) {
  return to_response(to_problem(why), r.correlation_id);
}

domain::error no_such(const std::string& what) {
  return {domain::errc::not_found, "find " + what + ": there is none", {}};
}

const collection& calls_of(domain::service s) {
  return *std::ranges::find_if(collections(), [s](const collection& c) {
    return c.service == s && c.view == view::calls && c.language == language::english;
  });
}

// As strangers may see them.
actors::call_view masked(actors::call_view v) {
  v.call.request.tel = domain::masked(v.call.request.tel);
  if (v.courier)
    v.courier->tel = domain::masked(v.courier->tel);
  return v;
}

std::string any_of(std::span<const std::string_view> words) {
  std::string all;
  for (const auto word : words)
    all.append(all.empty() ? "" : ", ").append(word);
  return all;
}

domain::result<actors::courier_filter> read_courier_filter(const target& t) {
  actors::courier_filter filter;
  if (t.parameter("service")) {
    const auto named = read_service(t);
    if (!named)
      return named.error();
    filter.service = *named;
  }
  filter.standing = t.parameter("state").value_or("");
  if (t.parameter("state") && std::ranges::count(domain::standings, filter.standing) == 0)
    return bad_query("state", "one of " + any_of(domain::standings));
  filter.text = t.parameter("q").value_or("");
  if (filter.text.size() > longest_text)
    return bad_query("q", "at most " + std::to_string(longest_text) + " bytes long");
  return filter;
}

void write_courier_of_office(json_writer& out, actors::courier_view v) {
  v.courier.tel = domain::masked(v.courier.tel);
  out.begin_object();
  write_courier_members(out, v);
  out.field("state", standing(v.courier, v.load, v.seen.where, v.lost));
  out.end_object();
}

void write_on_map(json_writer& out, const actors::courier_view& v) {
  out.begin_object();
  out.field("id", v.courier.id.value());
  out.field("lat", v.seen.where->lat()).field("lng", v.seen.where->lng());
  out.field("state", standing(v.courier, v.load, v.seen.where, v.lost));
  out.field("load", v.load);
  out.end_object();
}

void write_on_map(json_writer& out, const domain::call& c) {
  out.begin_object();
  out.field("n", c.id.number());
  out.field("lat", c.request.where.lat()).field("lng", c.request.where.lng());
  out.field("phase", name(c.phase));
  out.field("courierId", c.has_live_assignment() ? std::optional{c.assigned->courier.value()}
                                                 : std::nullopt);
  out.end_object();
}

void write_page(json_writer& out, actors::page_request part, std::uint64_t total) {
  out.field("total", total).field("page", part.index).field("size", part.size);
}

std::string name_of(domain::call_id call) {
  return std::string{domain::name(call.service())} + " call " + std::to_string(call.number());
}

} // namespace

response office_api::list_calls(const request& r, const target& t) {
  const auto part = read_page_request(t);
  if (!part)
    return refusal(part.error(), r);
  const auto service = read_service(t);
  if (!service)
    return refusal(service.error(), r);
  actors::call_filter filter{*service, {}, {}, true};
  if (const auto tel = t.parameter("tel"))
    filter.tel = std::string{*tel};
  if (const auto status = t.parameter("status")) {
    filter.status = domain::parse_status(*status);
    if (!filter.status)
      return refusal(bad_query("status", "호출, 호출중, 호출확정 or 호출취소"), r);
  }
  auto found = gateway_->list(filter, *part);
  if (!found)
    return refusal(found.error(), r);
  json_writer out;
  out.begin_object().key("calls").begin_array();
  for (auto& v : found->items)
    write_call(out, masked(std::move(v)), calls_of(*service));
  out.end_array();
  write_page(out, *part, found->total);
  out.end_object();
  return json(out);
}

response office_api::find(const request& r, domain::call_id call) {
  auto found = gateway_->find(call);
  if (!found)
    return refusal(found.error(), r);
  if (!*found)
    return refusal(no_such(name_of(call)), r);
  const auto steps = gateway_->history(call);
  if (!steps)
    return refusal(steps.error(), r);
  const auto& in = calls_of(call.service());
  json_writer out;
  out.begin_object();
  write_call_members(out, masked(std::move(**found)), in);
  out.key("history").begin_array();
  write_steps(out, call, *steps, in);
  out.end_array().end_object();
  return json(out);
}

response office_api::timeline(const request& r, domain::call_id call) {
  auto found = gateway_->find(call);
  if (!found)
    return refusal(found.error(), r);
  if (!*found)
    return refusal(no_such(name_of(call)), r);
  auto steps = gateway_->history(call);
  if (!steps)
    return refusal(steps.error(), r);
  call_records known;
  known.call = call;
  known.history = std::move(*steps);
  std::set<std::string> ids;
  std::ranges::transform(known.history, std::inserter(ids, ids.end()),
                         &actors::history_item::correlation_id);
  known.requests = requests_about(call, known.history, requests_->find(ids));
  if (const auto node = operation_->inspect()) {
    auto messages = node->messages_of(call);
    if (!messages)
      return refusal(messages.error(), r);
    known.messages = std::move(*messages);
    known.traced = node->traced_about(call);
  }
  json_writer out;
  out.begin_object().key("call");
  write_call(out, masked(std::move(**found)), calls_of(call.service()));
  out.key("events").begin_array();
  write_events(out, timeline_of(known));
  out.end_array().end_object();
  return json(out);
}

response office_api::list_couriers(const request& r, const target& t) {
  const auto part = read_page_request(t);
  if (!part)
    return refusal(part.error(), r);
  const auto filter = read_courier_filter(t);
  if (!filter)
    return refusal(filter.error(), r);
  auto found = gateway_->list_couriers(*filter, *part);
  if (!found)
    return refusal(found.error(), r);
  json_writer out;
  out.begin_object().key("couriers").begin_array();
  for (auto& v : found->items)
    write_courier_of_office(out, std::move(v));
  out.end_array();
  write_page(out, *part, found->total);
  out.end_object();
  return json(out);
}

response office_api::find(const request& r, domain::courier_id courier) {
  auto found = gateway_->find(courier);
  if (!found)
    return refusal(found.error(), r);
  if (!*found)
    return refusal(no_such("courier " + std::to_string(courier.value())), r);
  json_writer out;
  write_courier_of_office(out, std::move(**found));
  return json(out);
}

response office_api::map(const request& r, const target& t) {
  const auto service = read_service(t);
  if (!service)
    return refusal(service.error(), r);
  const auto within = read_box(t);
  if (!within)
    return refusal(within.error(), r);
  actors::courier_filter filter{*service};
  filter.placed = true;
  filter.within = *within;
  const auto couriers = gateway_->list_couriers(filter, {0, most_on_map});
  if (!couriers)
    return refusal(couriers.error(), r);
  const auto node = operation_->inspect();
  if (!node)
    return refusal({domain::errc::unavailable, "draw map: there are no actors now", {}}, r);
  const auto calls = node->calls_under_way(*service, *within, most_on_map);
  if (!calls)
    return refusal(calls.error(), r);
  json_writer out;
  out.begin_object().key("couriers").begin_array();
  for (const auto& v : couriers->items)
    write_on_map(out, v);
  out.end_array().key("calls").begin_array();
  for (const auto& c : calls->newest)
    write_on_map(out, c);
  out.end_array();
  out.field("courierTotal", couriers->total).field("callTotal", calls->total);
  out.field("truncated", couriers->total > most_on_map || calls->truncated);
  out.end_object();
  return json(out);
}

} // namespace pickup::http

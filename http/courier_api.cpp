#include "http/courier_api.hpp"

#include "http/courier_body.hpp"
#include "http/paging.hpp"
#include "http/problem.hpp"
#include "http/representation.hpp"

namespace pickup::http {

namespace {

response refusal(const request& r, const domain::error& e) {
  return to_response(to_problem(e), r.correlation_id);
}

response no_such_courier(const request& r, domain::courier_id id) {
  return refusal(r, {domain::errc::not_found,
                     "find courier " + std::to_string(id.value()) + ": no such courier",
                     {}});
}

response courier_response(int status, const actors::courier_view& v) {
  json_writer out;
  write_courier(out, v);
  return {status, "application/json", out.take(), {}};
}

// A courier works in one service, so their jobs are shown in that service's calls.
const collection& calls_of(domain::service s) {
  return *find_collection(s == domain::service::pickup ? "pickupcalls" : "taxicalls");
}

} // namespace

response courier_api::create(const request& r) {
  auto order = read_new_courier(r.body);
  if (!order)
    return refusal(r, order.error());
  const auto made = gateway_->create(
      actors::create_courier{std::move(order->record), order->where, r.correlation_id});
  if (!made)
    return refusal(r, made.error());
  auto answer = courier_response(201, *made);
  answer.headers.push_back({"Location", courier_path(made->courier.id)});
  return answer;
}

response courier_api::list(const request& r, const target& t) {
  std::optional<domain::service> service;
  if (const auto text = t.parameter("service")) {
    service = domain::parse_service(*text);
    if (!service)
      return refusal(
          r, {domain::errc::invalid_argument,
              "read query: service: must be pickup or taxi, got \"" + std::string{*text} + "\"",
              {}});
  }
  const auto part = read_page_request(t);
  if (!part)
    return refusal(r, part.error());
  const auto couriers = gateway_->list_couriers(service, *part);
  if (!couriers)
    return refusal(r, couriers.error());
  return {200,
          "application/json",
          to_json(*couriers, "couriers", "/couriers", t, *part, write_courier),
          {}};
}

response courier_api::find(const request& r, const courier_item& which) {
  const auto found = gateway_->find(which.id);
  if (!found)
    return refusal(r, found.error());
  return *found ? courier_response(200, **found) : no_such_courier(r, which.id);
}

response courier_api::change(const request& r, const courier_item& which) {
  const auto before = gateway_->find(which.id);
  if (!before)
    return refusal(r, before.error());
  if (!*before)
    return no_such_courier(r, which.id);
  auto edit = read_courier_edit(r.body, (*before)->courier.service);
  if (!edit)
    return refusal(r, edit.error());
  // The record first: when it is refused, nothing of the request has happened.
  if (edit->changes_record())
    if (auto changed = gateway_->change(which.id, std::move(edit->change), r.correlation_id);
        !changed)
      return refusal(r, changed.error());
  if (edit->where)
    if (const auto located = gateway_->locate(which.id, *edit->where); !located)
      return refusal(r, located.error());
  return find(r, which);
}

response courier_api::remove(const request& r, const courier_item& which) {
  domain::courier_change change;
  change.remove = true;
  if (const auto gone = gateway_->change(which.id, std::move(change), r.correlation_id); !gone)
    return refusal(r, gone.error());
  return {204, {}, {}, {}};
}

response courier_api::locate(const request& r, const courier_location& which) {
  const auto where = read_location(r.body);
  if (!where)
    return refusal(r, where.error());
  if (const auto located = gateway_->locate(which.id, *where); !located)
    return refusal(r, located.error());
  return {204, {}, {}, {}};
}

response courier_api::report(const request& r, const courier_job& which) {
  const auto courier = gateway_->find(which.id);
  if (!courier)
    return refusal(r, courier.error());
  if (!*courier)
    return no_such_courier(r, which.id);
  const auto service = (*courier)->courier.service;
  const auto call = domain::call_id::of_number(service, which.call_number);
  if (!call)
    return to_response(
        http_problem(404, "find call " + std::to_string(which.call_number) + ": no such call"),
        r.correlation_id);
  const auto after = gateway_->report(*call, {which.id, which.step}, r.correlation_id);
  if (!after)
    return refusal(r, after.error());
  json_writer out;
  write_call(out, *after, calls_of(service));
  return {200, "application/json", out.take(), {}};
}

} // namespace pickup::http

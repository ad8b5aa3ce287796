#include "http/call_api.hpp"

#include "http/common_fields.hpp"
#include "http/paging.hpp"
#include "http/problem.hpp"
#include "http/representation.hpp"
#include "http/text.hpp"

namespace pickup::http {

namespace {

constexpr std::size_t max_reason = 200;

response refusal(const request& r, const domain::error& e) {
  return to_response(to_problem(e), r.correlation_id);
}

response no_such_call(const request& r, domain::call_id id) {
  return refusal(r, {domain::errc::not_found,
                     "find " + std::string{name(id.service())} + " call "
                         + std::to_string(id.number()) + ": no such call, or none any more",
                     {}});
}

domain::error bad_parameter(std::string_view name, std::string_view reason) {
  return {domain::errc::invalid_argument,
          std::string{"read query: "}.append(name).append(": ").append(reason),
          {}};
}

response call_response(int status, const actors::call_view& v, const collection& in) {
  json_writer out;
  write_call(out, v, in);
  return {status, "application/json", out.take(), {}};
}

domain::result<std::string> read_reason(const target& t) {
  const auto reason = t.parameter("reason").value_or("");
  if (characters(reason) > max_reason)
    return bad_parameter("reason", "must have at most 200 characters");
  return std::string{reason};
}

domain::result<actors::call_filter> read_call_filter(const target& t, const collection& in) {
  actors::call_filter filter;
  filter.service = in.service;
  filter.with_canceled = in.view == view::manages;
  if (const auto tel = t.parameter("tel")) {
    if (!is_tel(*tel))
      return bad_parameter("tel", "must have 9 to 15 digits; + - and spaces are allowed");
    filter.tel = std::string{*tel};
  }
  if (const auto status = t.parameter("status")) {
    filter.status = domain::parse_status(*status);
    if (!filter.status)
      return bad_parameter("status", "must be 호출, 호출중, 호출확정 or 호출취소");
  }
  return filter;
}

domain::result<actors::assignment_filter> read_assignment_filter(const target& t,
                                                                 const collection& in) {
  actors::assignment_filter filter;
  filter.service = in.service;
  if (const auto status = t.parameter("status")) {
    if (*status != "할당확정" && *status != "할당취소")
      return bad_parameter("status", "must be 할당확정 or 할당취소");
    filter.canceled = *status == "할당취소";
  }
  return filter;
}

// One page of `in`: the same steps whatever the collection holds.
template <class Filter, class WriteItem>
response list_response(actors::gateway& from, const request& r, const target& t,
                       const collection& in, const domain::result<Filter>& filter,
                       WriteItem write_item) {
  if (!filter)
    return refusal(r, filter.error());
  const auto part = read_page_request(t);
  if (!part)
    return refusal(r, part.error());
  const auto items = from.list(*filter, *part);
  if (!items)
    return refusal(r, items.error());
  const auto write = [&](json_writer& out, const auto& item) { write_item(out, item, in); };
  return {200, "application/json", to_json(*items, in.name, in.path, t, *part, write), {}};
}

} // namespace

call_api::call_api(actors::gateway& to, place_finder places, const domain::service_areas& areas,
                   budget& in_flight, budget& waiting)
    : gateway_(&to),
      places_(std::move(places)),
      areas_(&areas),
      in_flight_(&in_flight),
      waiting_(&waiting) {}

response call_api::create(const request& r, const call_list& in) {
  auto key = read_idempotency_key(r);
  if (!key)
    return refusal(r, key.error());
  auto order = read_call(r.body, in.in->service);
  if (!order)
    return refusal(r, order.error());
  const auto location = order->location;
  auto what = placed(std::move(*order));
  if (!what)
    return to_response(places_.unknown(location.value_or("")), r.correlation_id);
  if (const auto nearest = areas_->missed(in.in->service, what->where))
    return not_served(r, *what, *nearest);

  auto wait = parse_wait(r.prefer);
  const auto place = wait > wait.zero() ? waiting_->take() : std::nullopt;
  if (!place)
    wait = wait.zero();
  std::optional<budget::loan> lent;
  if (place)
    lent.emplace(*in_flight_);
  auto made = gateway_->create(actors::create_call{std::move(*what), std::move(*key),
                                                   r.correlation_id, wait, r.client_listens});
  if (!made)
    return refusal(r, made.error());
  auto answer = call_response(201, made->view, *in.in);
  answer.headers.push_back({"Location", call_path(*in.in, made->view.call.id)});
  if (made->replayed)
    answer.headers.push_back({"Idempotency-Replayed", "true"});
  if (place)
    answer.headers.push_back({"Preference-Applied", "wait=" + std::to_string(wait.count())});
  return answer;
}

std::optional<domain::call_request> call_api::placed(call_order order) const {
  domain::call_request what;
  what.wanted = order.wanted;
  what.tel = std::move(order.tel);
  what.cost = order.cost;
  what.memo = std::move(order.memo);
  what.pickup_at = order.pickup_at;
  auto place = places_.find(std::move(order.location), order.where, service_of(order.wanted));
  if (!place)
    return std::nullopt;
  what.location = std::move(place->name);
  what.where = place->where;
  return what;
}

response call_api::not_served(const request& r, const domain::call_request& what,
                              const domain::nearest_area& nearest) const {
  const auto service = std::string{name(service_of(what.wanted))};
  auto p = http_problem(422, "create call: " + std::to_string(what.where.lat()) + ", "
                                 + std::to_string(what.where.lng())
                                 + ": lies in none of the areas of " + service
                                 + "; the nearest is \"" + nearest.name + '"');
  p.code = "outside_service_area";
  p.facts = {{"nearestArea", nearest.name}};
  p.distance = nearest.distance;
  return to_response(p, r.correlation_id);
}

response call_api::cancel(const request& r, const target& t, const call_item& which) {
  auto reason = read_reason(t);
  if (!reason)
    return refusal(r, reason.error());
  const auto canceled = gateway_->cancel(which.id, std::move(*reason), r.correlation_id);
  if (!canceled)
    return refusal(r, canceled.error());
  return {204, {}, {}, {}};
}

response call_api::find(const request& r, const call_item& which) {
  const auto found = gateway_->find(which.id);
  if (!found)
    return refusal(r, found.error());
  if (!*found)
    return no_such_call(r, which.id);
  return call_response(200, **found, *which.in);
}

response call_api::history(const request& r, const call_history& of) {
  const auto steps = gateway_->history(of.id);
  if (!steps)
    return refusal(r, steps.error());
  if (steps->empty())
    return no_such_call(r, of.id);
  json_writer out;
  write_history(out, of.id, *steps, *of.in);
  return {200, "application/json", out.take(), {}};
}

response call_api::find(const request& r, const managed_item& which) {
  const auto found = gateway_->find(which.id);
  if (!found)
    return refusal(r, found.error());
  if (!*found)
    return no_such_call(r, which.id);
  json_writer out;
  write_managed(out, **found, *which.in);
  return {200, "application/json", out.take(), {}};
}

response call_api::list(const request& r, const target& t, const call_list& in) {
  return list_response(*gateway_, r, t, *in.in, read_call_filter(t, *in.in), write_call);
}

response call_api::list(const request& r, const target& t, const managed_list& in) {
  return list_response(*gateway_, r, t, *in.in, read_call_filter(t, *in.in), write_managed);
}

response call_api::list(const request& r, const target& t, const assignment_list& in) {
  return list_response(*gateway_, r, t, *in.in, read_assignment_filter(t, *in.in),
                       write_assignment);
}

} // namespace pickup::http

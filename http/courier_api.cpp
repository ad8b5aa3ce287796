#include "http/courier_api.hpp"

#include "http/courier_body.hpp"
#include "http/paging.hpp"
#include "http/problem.hpp"
#include "http/representation.hpp"
#include "http/text.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace pickup::http {

namespace {

constexpr std::size_t default_nearest = 5;
constexpr std::size_t max_nearest = 100;

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

domain::error bad_parameter(std::string_view name, std::string_view must,
                            std::string_view got) {
  return {domain::errc::invalid_argument,
          std::string{"read query: "}.append(name).append(": must be ").append(must)
              + ", got \"" + std::string{got} + '"',
          {}};
}

domain::result<std::optional<domain::service>> read_service(const target& t) {
  const auto text = t.parameter("service");
  if (!text)
    return std::optional<domain::service>{};
  const auto service = domain::parse_service(*text);
  if (!service)
    return bad_parameter("service", "pickup or taxi", *text);
  return service;
}

// The class asked for; without one the usual one of the service, which is pickup unless named.
domain::result<domain::service_class> read_class(const target& t) {
  const auto service = read_service(t);
  if (!service)
    return service.error();
  const auto text = t.parameter("class");
  if (!text)
    return default_class(service->value_or(domain::service::pickup));
  const auto wanted = domain::parse_service_class(*text);
  if (!wanted || (*service && service_of(*wanted) != **service))
    return bad_parameter("class", *service ? "one of the service's" : "one of a service's",
                         *text);
  return *wanted;
}

domain::result<std::optional<double>> read_degrees(const target& t, std::string_view name) {
  const auto text = t.parameter(name);
  if (!text)
    return std::optional<double>{};
  const auto number = parse_number(*text);
  if (!number)
    return bad_parameter(name, "a number", *text);
  return number;
}

domain::result<std::optional<domain::position>> read_position(const target& t) {
  const auto lat = read_degrees(t, "lat");
  if (!lat)
    return lat.error();
  const auto lng = read_degrees(t, "lng");
  if (!lng)
    return lng.error();
  if (!*lat && !*lng)
    return std::optional<domain::position>{};
  if (!*lat || !*lng)
    return bad_parameter(*lat ? "lng" : "lat", *lat ? "given with lat" : "given with lng", "");
  const auto where = domain::position::at(**lat, **lng);
  if (!where)
    return bad_parameter("lat, lng", "within ±90 and ±180 degrees",
                         std::to_string(**lat) + ", " + std::to_string(**lng));
  return where;
}

domain::result<std::size_t> read_most(const target& t) {
  const auto text = t.parameter("k");
  if (!text)
    return default_nearest;
  const auto most = parse_decimal(*text);
  if (!most || *most == 0 || *most > max_nearest)
    return bad_parameter("k", "a whole number from 1 to " + std::to_string(max_nearest), *text);
  return static_cast<std::size_t>(*most);
}

domain::status_result locate_one(actors::gateway& to, domain::courier_id id,
                                 domain::position where) {
  const actors::located one{id, where};
  auto refused = to.locate({&one, 1});
  if (!refused.empty())
    return std::move(refused.front().why);
  return domain::done{};
}

void write_refused(json_writer& out, const refused_location& item) {
  out.begin_object();
  out.field("index", item.index);
  out.field("id", item.id);
  write_members(out, to_problem(item.why));
  out.end_object();
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
  const auto service = read_service(t);
  if (!service)
    return refusal(r, service.error());
  const auto part = read_page_request(t);
  if (!part)
    return refusal(r, part.error());
  const auto couriers = gateway_->list_couriers({*service}, *part);
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
    if (const auto located = locate_one(*gateway_, which.id, *edit->where); !located)
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
  if (const auto located = locate_one(*gateway_, which.id, *where); !located)
    return refusal(r, located.error());
  return {204, {}, {}, {}};
}

response courier_api::locate_all(const request& r) {
  auto order = read_locations(r.body, most_locations_);
  if (!order)
    return refusal(r, order.error());
  if (order->too_many)
    return to_response(http_problem(413, "read body: holds more than "
                                             + std::to_string(most_locations_) + " locations"),
                       r.correlation_id);
  auto& refused = order->refused;
  auto not_taken = gateway_->locate(order->places);
  for (auto& [index, why] : not_taken)
    refused.push_back(
        {order->indices[index], order->places[index].courier.value(), std::move(why)});
  std::ranges::sort(refused, {}, &refused_location::index);
  json_writer out;
  out.begin_object();
  out.field("accepted", order->places.size() - not_taken.size());
  out.field("superseded", order->superseded);
  out.key("refused").begin_array();
  for (const auto& item : refused)
    write_refused(out, item);
  out.end_array().end_object();
  return {200, "application/json", out.take(), {}};
}

response courier_api::nearest(const request& r, const target& t) {
  const auto wanted = read_class(t);
  if (!wanted)
    return refusal(r, wanted.error());
  const auto where = read_position(t);
  if (!where)
    return refusal(r, where.error());
  const auto most = read_most(t);
  if (!most)
    return refusal(r, most.error());
  std::optional<std::string> name;
  if (const auto text = t.parameter("location"))
    name = *text;
  const auto from = places_.find(name, *where, service_of(*wanted));
  if (!from)
    return to_response(places_.unknown(*name), r.correlation_id);
  const auto found = gateway_->nearest(*wanted, from->where, *most);
  if (!found)
    return refusal(r, found.error());
  json_writer out;
  write_nearest(out, *wanted, from->where, *found);
  return {200, "application/json", out.take(), {}};
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

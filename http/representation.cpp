#include "http/representation.hpp"

#include <cmath>

namespace pickup::http {

namespace {

/// Null instead of an empty text.
std::optional<std::string_view> unless_empty(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

std::optional<std::string> rfc3339(const std::optional<domain::timestamp>& t) {
  return t ? std::optional{domain::to_rfc3339(*t)} : std::nullopt;
}

void write_link(json_writer& out, std::string_view relation, std::string_view path) {
  out.key(relation).begin_object().field("href", path).end_object();
}

void write_self(json_writer& out, std::string_view path) {
  out.key("_links").begin_object();
  write_link(out, "self", path);
  out.end_object();
}

void write_assigned_courier(json_writer& out, const domain::courier& c, domain::metres away) {
  out.begin_object();
  out.field("id", c.id.value());
  out.field("name", c.name);
  out.field("tel", c.tel);
  out.field("vehicle", unless_empty(c.vehicle));
  out.field("distance", rounded(away));
  out.end_object();
}

// A call that ended without being completed has no courier any more.
bool shows_courier(const actors::call_view& v) {
  const auto& c = v.call;
  return v.courier && c.assigned
         && (c.has_live_assignment() || c.phase == domain::phase::completed);
}

} // namespace

double rounded(domain::metres m) {
  return std::round(m.value() * 10) / 10;
}

std::string call_path(const collection& in, domain::call_id call) {
  return in.path + "/" + std::to_string(call.number());
}

std::string courier_path(domain::courier_id courier) {
  return "/couriers/" + std::to_string(courier.value());
}

void write_call(json_writer& out, const actors::call_view& v, const collection& in) {
  out.begin_object();
  write_call_members(out, v, in);
  out.end_object();
}

void write_call_members(json_writer& out, const actors::call_view& v, const collection& in) {
  const auto& c = v.call;
  const auto& words = names(in.language);
  const auto is_pickup = in.service == domain::service::pickup;
  out.field("id", c.id.number());
  out.field("service", name(c.id.service()));
  out.field(words.tel, c.request.tel);
  out.field(words.location, unless_empty(c.request.location));
  out.field("lat", c.request.where.lat());
  out.field("lng", c.request.where.lng());
  out.field(is_pickup ? words.pickup_class : words.taxi_class, name(c.request.wanted));
  out.field(words.cost, c.request.cost);
  out.field("memo", c.request.memo);
  out.field(words.pickup_at, rfc3339(c.request.pickup_at));
  out.field("dispatchAt", rfc3339(c.dispatch_at));
  out.field(words.status, name(status_of(c.phase)));
  out.field("phase", name(c.phase));
  out.key("courier");
  if (shows_courier(v))
    write_assigned_courier(out, *v.courier, c.assigned->distance);
  else
    out.null();
  out.field("createdAt", domain::to_rfc3339(c.created_at));
  out.field("updatedAt", domain::to_rfc3339(c.updated_at));
  out.field("seq", c.last.value());
  out.field("correlationId", c.correlation_id);
  write_self(out, call_path(in, c.id));
}

void write_managed(json_writer& out, const actors::call_view& v, const collection& in) {
  const auto& c = v.call;
  const auto& words = names(in.language);
  const auto* driver = v.courier ? &*v.courier : nullptr;
  out.begin_object();
  out.field("id", c.id.number());
  out.field("orderId", std::to_string(c.id.number()));
  out.field(words.customer_tel, c.request.tel);
  out.field(words.location, unless_empty(c.request.location));
  out.field(words.status, name(status_of(c.phase)));
  out.field("phase", name(c.phase));
  out.field(words.cost, c.request.cost);
  out.field(words.pickup_at, rfc3339(c.request.pickup_at));
  out.field("dispatchAt", rfc3339(c.dispatch_at));
  out.field(words.driver, unless_empty(driver ? driver->name : ""));
  out.field(words.driver_tel, unless_empty(driver ? driver->tel : ""));
  out.field(words.vehicle, unless_empty(driver ? driver->vehicle : ""));
  out.field("courierId", driver ? std::optional{driver->id.value()} : std::nullopt);
  out.key("_links").begin_object();
  write_link(out, "self", call_path(in, c.id));
  write_link(out, "call", call_path(calls_of(in), c.id));
  out.end_object();
  out.end_object();
}

void write_assignment(json_writer& out, const actors::assignment_view& v,
                      const collection& in) {
  out.begin_object();
  out.field("id", v.id.value());
  out.field("callId", v.call.number());
  out.key("courier");
  write_assigned_courier(out, v.courier, v.distance);
  out.field("status", v.canceled ? "할당취소" : "할당확정");
  out.field("live", v.live);
  out.field("cause", unless_empty(name(v.cause)));
  out.field("assignedAt", domain::to_rfc3339(v.assigned_at));
  out.field("endedAt", rfc3339(v.ended_at));
  out.key("_links").begin_object();
  write_link(out, "call", call_path(calls_of(in), v.call));
  write_link(out, "courier", courier_path(v.courier.id));
  out.end_object();
  out.end_object();
}

void write_courier_members(json_writer& out, const actors::courier_view& v) {
  const auto& c = v.courier;
  out.field("id", c.id.value());
  out.field("name", c.name);
  out.field("tel", c.tel);
  out.field("vehicle", unless_empty(c.vehicle));
  out.field("service", name(c.service));
  out.key("classes").begin_array();
  for (const auto one : c.classes.items())
    out.value(name(one));
  out.end_array();
  out.field("capacity", c.capacity);
  out.field("load", v.load);
  out.field("onShift", c.on_shift);
  out.field("lat", v.seen.where ? std::optional{v.seen.where->lat()} : std::nullopt);
  out.field("lng", v.seen.where ? std::optional{v.seen.where->lng()} : std::nullopt);
  out.field("lastSeenAt", rfc3339(v.seen.at));
  write_self(out, courier_path(c.id));
}

void write_courier(json_writer& out, const actors::courier_view& v) {
  out.begin_object();
  write_courier_members(out, v);
  out.end_object();
}

void write_nearest(json_writer& out, domain::service_class wanted, domain::position from,
                   const std::vector<actors::nearby_courier>& found) {
  out.begin_object();
  out.field("service", name(service_of(wanted)));
  out.field("class", name(wanted));
  out.field("lat", from.lat());
  out.field("lng", from.lng());
  out.key("_embedded").begin_object().key("couriers").begin_array();
  for (const auto& c : found) {
    out.begin_object();
    out.field("distance", rounded(c.distance));
    write_courier_members(out, c.courier);
    out.end_object();
  }
  out.end_array().end_object().end_object();
}

void write_history(json_writer& out, domain::call_id call,
                   const std::vector<actors::history_item>& steps, const collection& in) {
  out.begin_object();
  out.field("id", call.number());
  out.key("_embedded").begin_object().key("history").begin_array();
  write_steps(out, call, steps, in);
  out.end_array().end_object();
  out.key("_links").begin_object();
  write_link(out, "self", call_path(in, call) + "/history");
  write_link(out, "call", call_path(in, call));
  out.end_object();
  out.end_object();
}

void write_steps(json_writer& out, domain::call_id call,
                 const std::vector<actors::history_item>& steps, const collection& in) {
  for (const auto& item : steps) {
    const auto& step = item.step;
    const auto concerns_courier = step.courier.value() != 0;
    const auto has_distance = step.event == domain::event::assigned;
    out.begin_object();
    out.field("seq", item.seq.value());
    out.field("event", name(step.event, call.service()));
    out.field(names(in.language).status, name(status_of(step.phase)));
    out.field("phase", name(step.phase));
    out.field("cause", unless_empty(name(step.cause)));
    out.field("courier", concerns_courier ? std::optional{step.courier.value()} : std::nullopt);
    out.field("distance", has_distance ? std::optional{rounded(step.distance)} : std::nullopt);
    out.field("reason", unless_empty(step.reason));
    out.field("at", domain::to_rfc3339(item.at));
    out.field("correlationId", item.correlation_id);
    out.end_object();
  }
}

} // namespace pickup::http

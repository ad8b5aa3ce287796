#include "app/pickupctl/entry_text.hpp"

#include "app/pickupctl/width.hpp"
#include "domain/overloaded.hpp"
#include "domain/telephone.hpp"
#include "http/json_writer.hpp"
#include "notify/message_text.hpp"

#include <cmath>
#include <optional>
#include <string_view>

namespace pickup::ctl {

namespace {

std::string tel(const std::string& number, numbers show) {
  return show == numbers::masked ? domain::masked(number) : number;
}

double to_the_decimetre(domain::metres m) {
  return std::round(m.value() * 10) / 10;
}

// -- a line --

std::string words(const domain::transition& t, domain::service s) {
  auto text = name(t.event, s) + " → " + std::string{name(t.phase)};
  if (t.cause != domain::cause::none)
    text += " by " + std::string{name(t.cause)};
  if (t.courier.value() != 0)
    text += " courier " + std::to_string(t.courier.value());
  if (t.event == domain::event::assigned)
    text += " (" + notify::about(t.distance) + ")";
  if (t.event == domain::event::scheduled)
    text += " until " + domain::to_rfc3339(t.due);
  if (!t.reason.empty())
    text += " \"" + printable(t.reason) + '"';
  return text;
}

std::string words(const domain::call_request& r, numbers show) {
  auto text = std::string{name(r.wanted)} + " for " + tel(r.tel, show);
  text += " at " + std::to_string(r.where.lat()) + "," + std::to_string(r.where.lng());
  if (!r.location.empty())
    text += " (" + printable(r.location) + ')';
  return text;
}

std::string words(const storage::call_entry& c, numbers show) {
  const auto service = c.call.service();
  auto text = "call " + std::to_string(c.call.number()) + " v"
              + std::to_string(c.version.value()) + ':';
  auto separator = " ";
  for (const auto& t : c.transitions) {
    text += separator + words(t, service);
    separator = "; ";
  }
  if (c.request)
    text += "; asks for " + words(*c.request, show);
  if (c.owed)
    text += "; owes " + std::string{name(c.owed->kind)} + " to " + tel(c.owed->tel, show);
  if (c.why)
    text += "; considered " + std::to_string(c.why->couriers.size());
  return text;
}

std::string words(const storage::courier_entry& e, numbers show) {
  const auto& c = e.record;
  auto text = "courier " + std::to_string(c.id.value()) + " v"
              + std::to_string(c.version.value()) + ": " + printable(c.name) + ", "
              + tel(c.tel, show) + ", capacity " + std::to_string(c.capacity);
  for (const auto one : c.classes.items())
    text += ", " + std::string{name(one)};
  text += c.deleted ? ", deleted" : c.on_shift ? ", on shift" : ", off shift";
  return text;
}

std::string words(const storage::audit_entry& a) {
  return "operator " + printable(a.operator_name) + ": " + printable(a.action) + ' '
         + printable(a.object) + (a.detail.empty() ? "" : " (" + printable(a.detail) + ')');
}

// -- JSON --

void write(http::json_writer& out, const domain::transition& t, domain::service s) {
  out.begin_object();
  out.field("event", name(t.event, s)).field("phase", name(t.phase));
  if (t.cause != domain::cause::none)
    out.field("cause", name(t.cause));
  if (t.courier.value() != 0)
    out.field("courierId", t.courier.value());
  if (t.assignment.value() != 0)
    out.field("assignment", t.assignment.value());
  if (t.event == domain::event::assigned)
    out.field("distance", to_the_decimetre(t.distance));
  if (t.event == domain::event::scheduled)
    out.field("due", domain::to_rfc3339(t.due));
  if (!t.reason.empty())
    out.field("reason", t.reason);
  out.end_object();
}

void write(http::json_writer& out, const domain::call_request& r, numbers show) {
  out.begin_object();
  out.field("class", name(r.wanted)).field("tel", tel(r.tel, show));
  out.field("location", r.location).field("lat", r.where.lat()).field("lng", r.where.lng());
  out.field("cost", r.cost).field("memo", r.memo);
  out.field("pickupAt",
            r.pickup_at ? std::optional{domain::to_rfc3339(*r.pickup_at)} : std::nullopt);
  out.end_object();
}

void write(http::json_writer& out, const domain::explanation& why) {
  out.begin_object();
  out.field("how", name(why.how)).field("lat", why.where.lat()).field("lng", why.where.lng());
  out.field("class", name(why.wanted)).field("reach", why.reach.value());
  out.key("considered").begin_array();
  for (const auto& c : why.couriers) {
    out.begin_object();
    out.field("courierId", c.courier.value()).field("version", c.version.value());
    out.field("lat", c.where.lat()).field("lng", c.where.lng());
    out.field("load", c.load).field("capacity", c.capacity);
    out.field("idleSince", domain::to_rfc3339(c.idle_since));
    out.field("distance", to_the_decimetre(c.distance)).field("verdict", name(c.verdict));
    out.end_object();
  }
  out.end_array().end_object();
}

void write(http::json_writer& out, const storage::call_entry& c, numbers show) {
  out.field("type", "call").field("service", name(c.call.service()));
  out.field("call", c.call.number()).field("version", c.version.value());
  out.field("previous", c.previous.value());
  out.key("transitions").begin_array();
  for (const auto& t : c.transitions)
    write(out, t, c.call.service());
  out.end_array();
  if (c.request)
    write(out.key("request"), *c.request, show);
  if (c.owed)
    out.key("owes")
        .begin_object()
        .field("message", name(c.owed->kind))
        .field("tel", tel(c.owed->tel, show))
        .end_object();
  if (c.why)
    write(out.key("explanation"), *c.why);
}

void write(http::json_writer& out, const storage::courier_entry& e, numbers show) {
  const auto& c = e.record;
  out.field("type", "courier").field("courier", c.id.value());
  out.field("version", c.version.value()).field("service", name(c.service));
  out.field("name", c.name).field("tel", tel(c.tel, show)).field("vehicle", c.vehicle);
  out.key("classes").begin_array();
  for (const auto one : c.classes.items())
    out.value(name(one));
  out.end_array();
  out.field("capacity", c.capacity).field("onShift", c.on_shift);
  out.field("demo", c.demo).field("deleted", c.deleted);
}

void write(http::json_writer& out, const storage::audit_entry& a) {
  out.field("type", "action").field("operator", a.operator_name);
  out.field("action", a.action).field("object", a.object).field("detail", a.detail);
}

} // namespace

std::string position_of(const storage::entry& e) {
  return std::string{name(e.shard.service)} + '/' + std::to_string(e.shard.zone.value()) + ':'
         + std::to_string(e.n.value());
}

std::string to_line(const storage::entry& e, numbers show) {
  auto text = position_of(e) + "  " + domain::to_rfc3339(e.at) + "  ";
  text += std::visit(
      domain::overloaded{[&](const storage::call_entry& c) { return words(c, show); },
                         [&](const storage::courier_entry& c) { return words(c, show); },
                         [](const storage::audit_entry& a) { return words(a); }},
      e.what);
  return text + "  [" + printable(e.correlation_id) + ']';
}

std::string to_json(const storage::entry& e, numbers show) {
  http::json_writer out;
  out.begin_object();
  out.field("position", position_of(e)).field("at", domain::to_rfc3339(e.at));
  out.field("correlationId", e.correlation_id);
  std::visit(domain::overloaded{
                 [&](const storage::call_entry& c) { write(out, c, show); },
                 [&](const storage::courier_entry& c) { write(out, c, show); },
                 [&](const storage::audit_entry& a) { write(out, a); },
             },
             e.what);
  out.end_object();
  return out.take();
}

} // namespace pickup::ctl

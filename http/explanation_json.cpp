#include "http/explanation_json.hpp"

#include "domain/explanation.hpp"
#include "domain/time.hpp"
#include "http/representation.hpp"

namespace pickup::http {

namespace {

void write_considered(json_writer& out, const domain::explanation& in,
                      const domain::considered& c) {
  out.begin_object();
  out.field("courierId", c.courier.value());
  out.field("distance", rounded(c.distance));
  out.field("lat", c.where.lat());
  out.field("lng", c.where.lng());
  out.field("load", c.load);
  out.field("capacity", c.capacity);
  out.field("idleSince", domain::to_rfc3339(c.idle_since));
  out.field("verdict", name(c.verdict));
  out.field("why", why(in, c));
  out.end_object();
}

void write_explanation(json_writer& out, const domain::assignment_explanation& e) {
  out.begin_object();
  out.field("assignment", e.assignment.value());
  out.field("at", domain::to_rfc3339(e.at));
  out.field("courierId", e.courier.value());
  out.field("how", name(e.why.how));
  out.field("distance", rounded(e.distance));
  out.field("lat", e.why.where.lat());
  out.field("lng", e.why.where.lng());
  out.field("class", name(e.why.wanted));
  out.field("reach", rounded(e.why.reach));
  out.key("considered").begin_array();
  for (const auto& c : e.why.couriers)
    write_considered(out, e.why, c);
  out.end_array().end_object();
}

} // namespace

void write_explanations(json_writer& out, domain::call_id call,
                        const std::vector<domain::assignment_explanation>& all) {
  out.begin_object();
  out.field("call", call.number());
  out.field("service", name(call.service()));
  out.key("explanations").begin_array();
  for (const auto& e : all)
    write_explanation(out, e);
  out.end_array().end_object();
}

} // namespace pickup::http

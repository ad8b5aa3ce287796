#include "http/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <tuple>

namespace pickup::http {

namespace {

std::string milliseconds(std::chrono::nanoseconds t) {
  const auto us = std::chrono::round<std::chrono::microseconds>(t).count();
  const auto rest = std::to_string(us % 1000);
  return std::to_string(us / 1000) + '.' + std::string(3 - rest.size(), '0') + rest + " ms";
}

// Adds "word value" to a list of remarks, unless the value is empty.
void remark(std::string& to, std::string_view word, const std::string& value) {
  if (!value.empty())
    to.append(to.empty() ? "" : ", ").append(word).append(value);
}

timeline_event of(const logged_request& r) {
  return {r.at, "http", r.method + ' ' + r.path,
          std::to_string(r.status) + " in " + milliseconds(r.took), r.correlation_id};
}

timeline_event of(const actors::history_item& item, domain::service s) {
  const auto& step = item.step;
  std::string detail{name(step.phase)};
  if (step.courier.value() != 0)
    remark(detail, "courier ", std::to_string(step.courier.value()));
  if (step.event == domain::event::assigned)
    remark(detail, "", std::to_string(std::lround(step.distance.value())) + " m away");
  remark(detail, "by ", std::string{name(step.cause)});
  remark(detail, "", step.reason);
  return {item.at, "journal", name(step.event, s), detail, item.correlation_id};
}

timeline_event of(const actors::traced_message& m) {
  auto detail = m.took ? "took " + milliseconds(*m.took) : "under way";
  if (m.waited)
    remark(detail, "waited ", milliseconds(*m.waited));
  if (m.failed)
    remark(detail, "", "and crashed its actor");
  return {m.at, "actor", m.actor.kind + ' ' + m.actor.id + " handled " + m.message, detail, {}};
}

timeline_event of(const actors::message_attempt& m) {
  auto detail = m.state;
  remark(detail, "by ", m.via);
  if (m.attempts > 0)
    remark(detail, "attempts ", std::to_string(m.attempts));
  if (m.code != 0)
    remark(detail, "code ", std::to_string(m.code));
  remark(detail, "", m.reason);
  return {m.at, "message", "customer is told " + m.kind, detail, m.correlation_id};
}

} // namespace

std::vector<timeline_event> timeline_of(const call_records& all) {
  std::vector<timeline_event> events;
  for (const auto& r : all.requests)
    events.push_back(of(r));
  for (const auto& item : all.history)
    events.push_back(of(item, all.call.service()));
  for (const auto& m : all.traced)
    events.push_back(of(m));
  for (const auto& m : all.messages)
    events.push_back(of(m));
  std::ranges::stable_sort(events, {}, &timeline_event::at);
  return events;
}

void write_events(json_writer& out, const std::vector<timeline_event>& events) {
  for (const auto& e : events) {
    out.begin_object();
    out.field("at", domain::to_rfc3339(e.at));
    out.field("source", e.source);
    out.field("title", e.title);
    out.field("detail", e.detail);
    out.field("correlationId",
              e.correlation_id.empty() ? std::nullopt : std::optional{e.correlation_id});
    out.end_object();
  }
}

} // namespace pickup::http

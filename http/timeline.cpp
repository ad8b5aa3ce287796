#include "http/timeline.hpp"

#include "http/route.hpp"
#include "http/target.hpp"

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

// Whether a request to this path was about the call.
bool names(const logged_request& r, domain::call_id call,
           const std::vector<actors::history_item>& history) {
  const auto where = parse_target(r.path);
  const auto found = where ? find_route(where->segments) : std::nullopt;
  if (!found)
    return false;
  if (const auto* item = std::get_if<call_item>(&*found))
    return item->id == call;
  // A job's call is numbered within the service of its courier.
  const auto* job = std::get_if<courier_job>(&*found);
  return job != nullptr && job->call_number == call.number()
         && std::ranges::any_of(
             history, [job](const auto& item) { return item.step.courier == job->id; });
}

bool asks_for_call(const logged_request& r, domain::service s) {
  const auto where = parse_target(r.path);
  const auto found = where ? find_route(where->segments) : std::nullopt;
  const auto* list = found ? std::get_if<call_list>(&*found) : nullptr;
  return r.method == "POST" && list != nullptr && list->in->service == s;
}

} // namespace

std::vector<logged_request> requests_about(domain::call_id call,
                                           const std::vector<actors::history_item>& history,
                                           std::vector<logged_request> found) {
  std::vector<logged_request> about;
  std::optional<logged_request> made_by;
  for (auto& r : found) {
    if (names(r, call, history))
      about.push_back(std::move(r));
    else if (!history.empty() && r.at <= history.front().at
             && r.correlation_id == history.front().correlation_id
             && (!made_by || made_by->at <= r.at) && asks_for_call(r, call.service()))
      made_by = std::move(r);
  }
  if (made_by)
    about.push_back(*std::move(made_by));
  return about;
}

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

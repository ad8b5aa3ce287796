#include "http/timeline.hpp"

#include "http/route.hpp"
#include "http/target.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

namespace pickup::http {

namespace {

std::string milliseconds(std::chrono::nanoseconds t) {
  const auto us = std::chrono::round<std::chrono::microseconds>(t).count();
  const auto rest = std::to_string(us % 1000);
  return std::to_string(us / 1000) + '.' + std::string(3 - rest.size(), '0') + rest + " ms";
}

// An event whose detail grows, remark by remark.
class told {
public:
  told(domain::timestamp at, std::string_view source, std::string title,
       std::string correlation_id = {})
      : event_{at, source, std::move(title), {}, std::move(correlation_id), {}} {}

  /// A fact that the title tells.
  told& fact(std::string name, std::string value) {
    event_.facts.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  /// A fact, and "words value" in the detail; nothing of both when the value is empty.
  told& remark(std::string name, std::string_view words, const std::string& value) {
    if (value.empty())
      return *this;
    add(std::string{words} + value);
    return fact(std::move(name), value);
  }
  told& add(std::string_view words) {
    event_.detail.append(event_.detail.empty() ? "" : ", ").append(words);
    return *this;
  }

  timeline_event take() { return std::move(event_); }

private:
  timeline_event event_;
};

// What a number says, when it says anything.
template <class N>
std::string unless_zero(N n) {
  return n == 0 ? "" : std::to_string(n);
}

timeline_event of(const logged_request& r) {
  const auto status = std::to_string(r.status);
  return told{r.at, "http", r.method + ' ' + r.path, r.correlation_id}
      .fact("method", r.method)
      .fact("path", r.path)
      .fact("status", status)
      .fact("took", milliseconds(r.took))
      .add(status + " in " + milliseconds(r.took))
      .take();
}

timeline_event of(const actors::history_item& item, domain::service s) {
  const auto& step = item.step;
  const auto event = name(step.event, s);
  told e{item.at, "journal", event, item.correlation_id};
  e.fact("event", event)
      .remark("phase", "", std::string{name(step.phase)})
      .remark("courier", "courier ", unless_zero(step.courier.value()));
  if (step.event == domain::event::assigned) {
    const auto distance = std::to_string(std::lround(step.distance.value())) + " m";
    e.fact("distance", distance).add(distance + " away");
  }
  return e.remark("cause", "by ", std::string{name(step.cause)})
      .remark("reason", "", step.reason)
      .take();
}

timeline_event of(const actors::traced_message& m) {
  told e{m.at, "actor", m.actor.kind + ' ' + m.actor.id + " handled " + m.message};
  e.fact("kind", m.actor.kind).fact("id", m.actor.id).fact("message", m.message);
  if (m.took)
    e.remark("took", "took ", milliseconds(*m.took));
  else
    e.add("under way");
  if (m.waited)
    e.remark("waited", "waited ", milliseconds(*m.waited));
  if (m.failed)
    e.fact("crashed", "true").add("and crashed its actor");
  return e.take();
}

timeline_event of(const actors::message_attempt& m) {
  return told{m.at, "message", "customer is told " + m.kind, m.correlation_id}
      .fact("message", m.kind)
      .remark("state", "", m.state)
      .remark("via", "by ", m.via)
      .remark("attempts", "attempts ", unless_zero(m.attempts))
      .remark("code", "code ", unless_zero(m.code))
      .remark("reason", "", m.reason)
      .take();
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
    out.field_of_texts("facts", e.facts);
    out.end_object();
  }
}

} // namespace pickup::http

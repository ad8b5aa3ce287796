#include "http/feed_api.hpp"

#include "actors/inspection.hpp"
#include "http/audit_json.hpp"
#include "http/figures.hpp"
#include "http/inspection_json.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"

#include <algorithm>
#include <memory>
#include <ranges>

namespace pickup::http {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::uint32_t most_watchers = 32;

std::string event(std::string_view name, std::string_view data) {
  return std::string{"event: "}.append(name).append("\ndata: ").append(data).append("\n\n");
}

} // namespace

response feed_api::open(const request& r, const target& t) {
  const auto interval = read_duration(t, "interval", 1s, 100ms, 1min);
  if (!interval)
    return to_response(to_problem(interval.error()), r.correlation_id);
  if (++counts_->feeds > most_watchers) {
    --counts_->feeds;
    return to_response(http_problem(503, "open feed: as many watch as may"), r.correlation_id);
  }
  // Given back with the last copy of the feed, whether it ran or not.
  const std::shared_ptr<void> watching{nullptr, [counts = counts_](void*) { --counts->feeds; }};
  response opened{200, "text/event-stream", {}, {{"Cache-Control", "no-store"}}};
  opened.feed = [this, watching, every = *interval](feed_channel& to) { run(to, every); };
  return opened;
}

response feed_api::figures() {
  return {200, "application/json", figures_json(), {}};
}

std::string feed_api::figures_json() {
  const auto samples = health_->samples();
  const auto not_ready = health_->not_ready();
  json_writer out;
  write_figures(
      out, samples,
      std::chrono::time_point_cast<domain::duration>(std::chrono::system_clock::now()),
      not_ready);
  return out.take();
}

std::string feed_api::restarts_after(std::uint64_t& last) {
  const auto node = operation_->inspect();
  if (!node)
    return {};
  const auto newest = node->restarts(0, 1);
  const auto count = newest.empty() ? 0 : newest.front().n;
  if (count < last)
    last = 0; // another life of the node, which counts anew
  if (count == last)
    return {};
  std::string events;
  for (const auto& story : node->restarts(last, count - last) | std::views::reverse) {
    json_writer out;
    write_restart(out, story);
    events += event("restart", out.take());
  }
  last = count;
  return events;
}

std::string feed_api::actions_after(actors::audit_cursor& last) {
  std::string events;
  if (const auto found = operation_->audited_after(last))
    for (const auto& a : *found) {
      json_writer out;
      write_audited(out, a);
      events += event("action", out.take());
    }
  return events;
}

void feed_api::run(feed_channel& to, std::chrono::milliseconds interval) {
  std::uint64_t last_restart = 0;
  if (const auto node = operation_->inspect())
    if (const auto newest = node->restarts(0, 1); !newest.empty())
      last_restart = newest.front().n;
  actors::audit_cursor last_action;
  auto due = clock::now();
  do {
    auto events = restarts_after(last_restart) + actions_after(last_action);
    if (clock::now() >= due) {
      due += interval;
      if (const auto node = operation_->inspect())
        node->watch_for(interval + 2s);
      events += event("figures", figures_json());
    }
    if (!events.empty() && to.send(events) == feed_channel::client::gone)
      return;
  } while (to.wait(std::min(look_period, interval)) == feed_channel::client::listens);
}

} // namespace pickup::http

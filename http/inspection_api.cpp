#include "http/inspection_api.hpp"

#include "http/inspection_json.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"
#include "http/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ranges>
#include <utility>

namespace pickup::http {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t most_listed = 1000;
constexpr domain::duration shortest_window = 100ms;
constexpr domain::duration longest_window = 1min;
constexpr std::uint64_t most_traced = 10'000;
constexpr domain::duration longest_trace = 10min;

constexpr std::array<std::string_view, 5> kinds{"call", "courier", "dispatcher", "ledger",
                                                "notifier"};

constexpr std::array<std::pair<std::string_view, actors::actor_order>, 8> orders{{
    {"messages", actors::actor_order::messages},
    {"depth", actors::actor_order::depth},
    {"highWater", actors::actor_order::high_water},
    {"wait", actors::actor_order::wait},
    {"handler", actors::actor_order::handling},
    {"rejected", actors::actor_order::rejected},
    {"restarts", actors::actor_order::restarts},
    {"running", actors::actor_order::running},
}};

domain::result<actors::actor_query> read_actor_query(const target& t) {
  actors::actor_query q;
  q.kind = t.parameter("kind").value_or("");
  if (!q.kind.empty() && std::ranges::count(kinds, q.kind) == 0)
    return bad_query("kind", "call, courier, dispatcher, ledger or notifier");
  if (const auto by = t.parameter("sort")) {
    const auto* known = std::ranges::find(
        orders, *by, &std::pair<std::string_view, actors::actor_order>::first);
    if (known == orders.end())
      return bad_query("sort", "messages, depth, highWater, wait, handler, rejected, restarts "
                               "or running");
    q.by = known->second;
  }
  const auto limit = read_number(t, "limit", 100, 1, most_listed);
  if (!limit)
    return limit.error();
  q.most = static_cast<std::size_t>(*limit);
  const auto window = read_duration(t, "window", 0ms, shortest_window, longest_window);
  if (!window)
    return window.error();
  q.window = *window;
  return q;
}

response json(json_writer& out, int status = 200) {
  return {status, "application/json", out.take(), {}};
}

response refusal(const domain::error& why, const request& r) {
  return to_response(to_problem(why), r.correlation_id);
}

} // namespace

response inspection_api::see(const request& r,
                             const std::function<response(actors::inspection&)>& look) {
  if (const auto node = operation_->inspect())
    return look(*node);
  return refusal({domain::errc::unavailable, "look at actors: there are none now", {}}, r);
}

response inspection_api::list(const request& r, const target& t) {
  const auto query = read_actor_query(t);
  if (!query)
    return refusal(query.error(), r);
  return see(r, [&](actors::inspection& node) {
    const auto found = node.list(*query);
    json_writer out;
    write_actors(out, found, query->window);
    return json(out);
  });
}

response inspection_api::find(const request& r, const actors::actor_view& who) {
  return see(r, [&](actors::inspection& node) {
    const auto found = node.find(who);
    if (!found)
      return refusal(found.error(), r);
    json_writer out;
    write_actor(out, *found);
    return json(out);
  });
}

response inspection_api::tree(const request& r) {
  return see(r, [](actors::inspection& node) {
    const auto root = node.tree();
    json_writer out;
    write_tree(out, root);
    return json(out);
  });
}

response inspection_api::restarts(const request& r, const target& t) {
  const auto limit = read_number(t, "limit", 100, 1, most_listed);
  if (!limit)
    return refusal(limit.error(), r);
  const auto before = read_number(t, "before", max_exact, 1, max_exact);
  if (!before)
    return refusal(before.error(), r);
  return see(r, [&](actors::inspection& node) {
    // A node knows no more than may be listed.
    const auto found = node.restarts(0, static_cast<std::size_t>(most_listed));
    json_writer out;
    out.begin_object().key("restarts").begin_array();
    const auto older = [&](const auto& story) { return story.n < *before; };
    for (const auto& story : found | std::views::filter(older)
                                 | std::views::take(static_cast<std::ptrdiff_t>(*limit)))
      write_restart(out, story);
    out.end_array().end_object();
    return json(out);
  });
}

response inspection_api::rejects(const request& r) {
  return see(r, [](actors::inspection& node) {
    const auto all = node.rejects();
    json_writer out;
    write_rejects(out, all);
    return json(out);
  });
}

response inspection_api::start_trace(const request& r, const target& t) {
  actors::trace_order order;
  order.whose = {std::string{t.parameter("kind").value_or("")},
                 std::string{t.parameter("id").value_or("")}};
  const auto messages = read_number(t, "messages", 1000, 1, most_traced);
  if (!messages)
    return refusal(messages.error(), r);
  order.messages = static_cast<std::size_t>(*messages);
  const auto time = read_duration(t, "for", 30s, 1ms, longest_trace);
  if (!time)
    return refusal(time.error(), r);
  order.time = *time;
  return see(r, [&](actors::inspection& node) {
    const auto begun = node.start_trace(order);
    if (!begun)
      return refusal(begun.error(), r);
    json_writer out;
    write_trace(out, *begun);
    return json(out, 201);
  });
}

response inspection_api::list_traces(const request& r) {
  return see(r, [](actors::inspection& node) {
    const auto all = node.list_traces();
    json_writer out;
    out.begin_object().key("traces").begin_array();
    for (const auto& t : all)
      write_listed_trace(out, t);
    out.end_array().end_object();
    return json(out);
  });
}

response inspection_api::find_trace(const request& r, const target& t, std::uint64_t n) {
  const auto after = read_number(t, "after", 0, 0, most_traced);
  if (!after)
    return refusal(after.error(), r);
  return see(r, [&](actors::inspection& node) {
    const auto found = node.find_trace(n, static_cast<std::size_t>(*after));
    if (!found)
      return refusal(found.error(), r);
    json_writer out;
    write_trace(out, *found);
    return json(out);
  });
}

response inspection_api::end_trace(const request& r, std::uint64_t n) {
  return see(r, [&](actors::inspection& node) {
    const auto ended = node.end_trace(n);
    return ended ? response{204, {}, {}, {}} : refusal(ended.error(), r);
  });
}

} // namespace pickup::http

// The command that follows an actor, call or courier message by message.

#include "app/pickupctl/interruption.hpp"
#include "app/pickupctl/names.hpp"
#include "app/pickupctl/program.hpp"
#include "app/pickupctl/show.hpp"
#include "app/pickupctl/width.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <sysexits.h>

namespace pickup::ctl {

namespace {

using namespace std::chrono_literals;

constexpr auto poll_period = 250ms;

struct trace_options {
  actor_name who;
  std::string time;
  std::string messages;
};

void print_message(const json_value& m, bool as_json) {
  if (as_json) {
    std::cout << m.json() << '\n';
    return;
  }
  constexpr std::size_t actor_columns = 22;
  constexpr std::size_t message_columns = 24;
  std::cout << m["at"].shown() << "  " << padded(shown(m, "actor.kind actor.id"), actor_columns)
            << "  " << padded(m["message"].shown(), message_columns) << "  waited "
            << m["waitMs"].shown() << " ms, took " << m["tookMs"].shown() << " ms"
            << (m["failed"].is_true() ? ", failed" : "") << "  " << m["about"].shown() << '\n';
}

// Prints messages as they come, until the trace is done or somebody interrupts.
domain::result<int> follow(client& server, const std::string& trace, interruption& end,
                           bool as_json) {
  std::size_t printed = 0;
  for (;;) {
    const auto interrupted = end.within(0ms);
    const auto now = server.ask("GET", trace);
    if (!now)
      return now.error();
    const auto messages = (*now)["messages"].items();
    for (; printed < messages.size(); ++printed)
      print_message(messages[printed], as_json);
    std::cout << std::flush;
    if (interrupted || (*now)["done"].is_true())
      return EX_OK;
    end.within(poll_period);
  }
}

domain::result<int> run_trace(const settings& s, const trace_options& o) {
  const auto who = parse_actor(o.who.kind, o.who.id);
  if (!who)
    return who.error();
  interruption end;
  auto server = to_operators(s);
  const auto begun = server.ask("POST", with_query("/admin/traces", {{"kind", who->kind},
                                                                     {"id", who->id},
                                                                     {"messages", o.messages},
                                                                     {"for", o.time}}));
  if (!begun)
    return begun.error();
  const auto trace = "/admin/traces/" + (*begun)["n"].shown();
  auto followed = follow(server, trace, end, s.json);
  const auto forgotten = server.send("DELETE", trace);
  return followed && !forgotten ? forgotten.error() : followed;
}

} // namespace

void add_trace(program& p) {
  auto given = std::make_shared<trace_options>();
  auto& added = add_command(p, p.tool, "trace",
                            "the messages to and about an actor, call or courier, as they come",
                            [given](const settings& s) { return run_trace(s, *given); });
  added.add_option("KIND", given->who.kind, "call, courier, dispatcher, …; or call:pickup:17")
      ->required();
  added.add_option("ID", given->who.id, "17, pickup:17, pickup, …");
  added.add_option("--for", given->time, "for how long, e.g. 30s");
  added.add_option("--messages", given->messages, "until so many came");
}

} // namespace pickup::ctl

// The command that follows an actor, call or courier message by message.

#include "app/pickupctl/cut_off.hpp"
#include "app/pickupctl/interruption.hpp"
#include "app/pickupctl/names.hpp"
#include "app/pickupctl/program.hpp"
#include "app/pickupctl/show.hpp"
#include "app/pickupctl/width.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <sysexits.h>
#include <utility>

namespace pickup::ctl {

namespace {

using namespace std::chrono_literals;

constexpr auto poll_period = 250ms;
/// For the last questions of somebody who wants to leave.
constexpr auto parting = 2s;

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

/// Prints the messages of a trace, each once. Not thread-safe.
class trace_printer {
public:
  trace_printer(client& server, std::string trace, bool as_json)
      : server_(server), trace_(std::move(trace)), as_json_(as_json) {}

  /// Prints what is new; whether the trace is done.
  domain::result<bool> look() {
    const auto now = server_.ask("GET", trace_);
    if (!now)
      return now.error();
    const auto messages = (*now)["messages"].items();
    for (; printed_ < messages.size(); ++printed_)
      print_message(messages[printed_], as_json_);
    std::cout << std::flush;
    return (*now)["done"].is_true();
  }

private:
  client& server_;
  const std::string trace_;
  const bool as_json_;
  std::size_t printed_ = 0;
};

// Prints messages as they come, until the trace is done or somebody interrupts.
domain::result<int> follow(trace_printer& shown, client& server, const interruption& end) {
  {
    const cut_off requests{server, end};
    while (!end.within(0ms)) {
      const auto done = shown.look();
      if (!done && !end.within(0ms))
        return done.error();
      if (done && *done)
        return EX_OK;
      end.within(poll_period);
    }
  }
  server.wait_at_most(parting);
  const auto last = shown.look();
  return last ? domain::result<int>{EX_OK} : last.error();
}

domain::result<json_document> begin(client& server, const interruption& end,
                                    const actor_name& who, const trace_options& o) {
  const cut_off requests{server, end};
  return server.ask("POST", with_query("/admin/traces", {{"kind", who.kind},
                                                         {"id", who.id},
                                                         {"messages", o.messages},
                                                         {"for", o.time}}));
}

domain::result<int> run_trace(const settings& s, const trace_options& o) {
  const auto who = parse_actor(o.who.kind, o.who.id);
  if (!who)
    return who.error();
  interruption end;
  auto server = to_operators(s);
  const auto begun = begin(server, end, *who, o);
  if (!begun && end.within(0ms))
    return EX_OK;
  if (!begun)
    return begun.error();
  const auto trace = "/admin/traces/" + (*begun)["n"].shown();
  trace_printer shown{server, trace, s.json};
  auto followed = follow(shown, server, end);
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

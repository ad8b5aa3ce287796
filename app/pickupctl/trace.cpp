// The command that follows an actor, call or courier message by message.

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/cut_off.hpp"
#include "app/pickupctl/interruption.hpp"
#include "app/pickupctl/names.hpp"
#include "app/pickupctl/program.hpp"
#include "app/pickupctl/trace_view.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
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
  std::cout << (as_json ? m.json() : message_line(m)) << '\n';
}

/// Prints the messages of a trace, each once, when it has been handled. Not thread-safe.
class trace_printer {
public:
  trace_printer(client& server, std::string trace, bool as_json)
      : server_(server), trace_(std::move(trace)), as_json_(as_json) {}

  /// Prints what is new; whether the trace is done.
  /// @param last also what is still under way, for nobody will look again
  domain::result<bool> look(bool last = false) {
    const auto known = progress_.told();
    const auto now = server_.ask(
        "GET", with_query(trace_, {{"after", known == 0 ? "" : std::to_string(known)}}));
    if (!now)
      return now.error();
    const auto done = (*now)["done"].is_true();
    const auto messages = (*now)["messages"].items();
    for (const auto& m : progress_.ended(messages))
      print_message(m, as_json_);
    for (const auto& m : messages)
      if ((last || done) && is_under_way(m))
        print_message(m, as_json_);
    std::cout << std::flush;
    return done;
  }

private:
  client& server_;
  const std::string trace_;
  const bool as_json_;
  trace_progress progress_;
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
  const auto last = shown.look(true);
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
  add_actor_name(added, given->who);
  added.add_option("--for", given->time, "for how long, e.g. 30s");
  added.add_option("--messages", given->messages, "until so many came");
}

} // namespace pickup::ctl

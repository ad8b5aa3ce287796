#include "http/inspection_json.hpp"

#include <cmath>

namespace pickup::http {

namespace {

// To the microsecond: more is noise, and long.
double milliseconds(std::chrono::nanoseconds t) {
  return std::round(static_cast<double>(t.count()) / 1e3) / 1e3;
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

void write_quantiles(json_writer& out, std::string_view name,
                     const std::optional<actors::quantiles>& q) {
  out.key(name);
  if (!q) {
    out.null();
    return;
  }
  out.begin_object();
  out.field("p50Ms", milliseconds(q->p50));
  out.field("p99Ms", milliseconds(q->p99));
  out.end_object();
}

void write_maybe_name(json_writer& out, const std::optional<actors::actor_view>& who) {
  if (who)
    write_name(out, *who);
  else
    out.null();
}

void write_members(json_writer& out, const actors::actor_figures& f) {
  out.field("kind", f.who.kind);
  out.field("id", f.who.id);
  out.field("state", f.state);
  out.field("depth", f.depth);
  out.field("highWater", f.high_water);
  out.field("messages", f.messages);
  out.field("rejected", f.rejected);
  write_quantiles(out, "wait", f.wait);
  write_quantiles(out, "handler", f.handling);
  out.field("restarts", f.restarts);
  out.field("lastExit", unless_empty(f.last_exit));
  out.key("running");
  if (!f.running) {
    out.null();
    return;
  }
  out.begin_object();
  out.field("message", f.running->message);
  out.field("forMs", milliseconds(f.running->since));
  out.end_object();
}

void write_supervisor(json_writer& out, const actors::tree_node& n) {
  out.field("strategy", n.strategy);
  out.field("intensity", n.intensity);
  out.field("periodMs", static_cast<std::int64_t>(n.period.count()));
  out.field("restartsLeft", n.restarts_left);
  out.key("counts").begin_object();
  out.field("active", n.active);
  out.field("restarting", n.restarting);
  out.field("quarantined", n.quarantined);
  out.field("zombies", n.zombies);
  out.end_object();
  out.field("truncated", n.truncated);
}

void write_node(json_writer& out, const actors::tree_node& n) {
  out.begin_object();
  out.field("name", n.name);
  out.field("type", n.supervisor ? "supervisor" : "worker");
  out.field("state", n.state);
  out.field("restarts", n.restarts);
  out.key("backoffMs");
  if (n.backoff)
    out.value(static_cast<std::int64_t>(n.backoff->count()));
  else
    out.null();
  out.key("actor");
  write_maybe_name(out, n.actor);
  if (n.supervisor)
    write_supervisor(out, n);
  out.key("children").begin_array();
  for (const auto& child : n.children)
    write_node(out, child);
  out.end_array().end_object();
}

void write_counts(json_writer& out, std::string_view name,
                  const std::vector<actors::reject_count>& counts, std::string_view actor,
                  std::string_view what, std::string_view count) {
  out.key(name).begin_array();
  for (const auto& c : counts) {
    out.begin_object();
    if (!actor.empty())
      out.field(actor, c.actor);
    if (!what.empty())
      out.field(what, c.what);
    out.field(count, c.count);
    out.end_object();
  }
  out.end_array();
}

void write_message(json_writer& out, const actors::traced_message& m) {
  out.begin_object();
  out.field("at", domain::to_rfc3339(m.at));
  out.key("actor");
  write_name(out, m.actor);
  out.field("message", m.message);
  out.key("about").begin_array();
  for (const auto& who : m.about)
    out.value(who.kind + ' ' + who.id);
  out.end_array();
  out.field("waitMs", m.waited ? std::optional{milliseconds(*m.waited)} : std::nullopt);
  out.field("tookMs", m.took ? std::optional{milliseconds(*m.took)} : std::nullopt);
  out.field("failed", m.failed);
  out.end_object();
}

void write_trace_members(json_writer& out, const actors::trace_view& t) {
  out.field("n", t.n);
  out.field("kind", t.what.whose.kind);
  out.field("id", t.what.whose.id);
  out.field("startedAt", domain::to_rfc3339(t.started_at));
  out.field("endsAt", domain::to_rfc3339(t.ends_at));
  out.field("done", t.done);
  out.field("truncated", t.truncated);
}

} // namespace

void write_name(json_writer& out, const actors::actor_view& who) {
  out.begin_object().field("kind", who.kind).field("id", who.id).end_object();
}

void write_actors(json_writer& out, const actors::actor_list& found,
                  std::chrono::milliseconds window) {
  out.begin_object().key("actors").begin_array();
  for (const auto& f : found.actors) {
    out.begin_object();
    write_members(out, f);
    out.end_object();
  }
  out.end_array();
  out.field("total", found.total);
  out.field("truncated", found.total > found.actors.size());
  out.field("windowMs", static_cast<std::int64_t>(window.count()));
  out.field("measured", found.measured);
  out.field("tookMs", milliseconds(found.took));
  out.end_object();
}

void write_actor(json_writer& out, const actors::actor_details& a) {
  out.begin_object();
  write_members(out, a.figures);
  out.field("supervisor", a.supervisor);
  if (a.snapshot)
    out.field_of_texts("snapshot", *a.snapshot).key("snapshotError").null();
  else
    out.key("snapshot").null().field("snapshotError", a.snapshot.error().text);
  out.key("stories").begin_array();
  for (const auto& s : a.stories)
    write_restart(out, s);
  out.end_array().end_object();
}

void write_tree(json_writer& out, const actors::tree_node& root) {
  out.begin_object().key("root");
  write_node(out, root);
  out.end_object();
}

void write_restart(json_writer& out, const actors::restart_story& s) {
  out.begin_object();
  out.field("n", s.n);
  out.field("at", domain::to_rfc3339(s.at));
  out.field("supervisor", s.supervisor);
  out.field("child", s.child);
  out.key("actor");
  write_maybe_name(out, s.actor);
  out.field("incarnation", s.incarnation);
  out.field("message", unless_empty(s.message));
  out.field("reason", s.reason);
  out.field("by", unless_empty(s.by));
  out.field("outcome", s.outcome);
  out.key("siblings").begin_array();
  for (const auto& sibling : s.siblings)
    out.value(sibling);
  out.end_array();
  out.field("causedBy", s.caused_by);
  out.field("story", s.story);
  out.end_object();
}

void write_rejects(json_writer& out, const actors::reject_list& all) {
  out.begin_object();
  write_counts(out, "mailboxes", all.mailboxes, "actor", "message", "rejected");
  write_counts(out, "ended", all.ended, "actor", "", "messages");
  write_counts(out, "calls", all.calls, "", "cause", "count");
  out.end_object();
}

void write_trace(json_writer& out, const actors::trace_view& t) {
  out.begin_object();
  write_trace_members(out, t);
  out.key("messages").begin_array();
  for (const auto& m : t.messages)
    write_message(out, m);
  out.end_array().end_object();
}

void write_listed_trace(json_writer& out, const actors::trace_view& t) {
  out.begin_object();
  write_trace_members(out, t);
  out.end_object();
}

} // namespace pickup::http

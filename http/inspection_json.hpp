// Actors, restarts and traces as JSON, as docs/operator-api.md describes them. Thread-safe:
// they only read what they are given.
#pragma once

#include "actors/inspection.hpp"
#include "http/json_writer.hpp"

namespace pickup::http {

void write_name(json_writer& out, const actors::actor_view& who);
void write_actors(json_writer& out, const actors::actor_list& found,
                  std::chrono::milliseconds window);
void write_actor(json_writer& out, const actors::actor_details& a);
void write_tree(json_writer& out, const actors::tree_node& root);
void write_restart(json_writer& out, const actors::restart_story& s);
void write_rejects(json_writer& out, const actors::reject_list& all);
void write_trace(json_writer& out, const actors::trace_view& t);
/// The same without its messages.
void write_listed_trace(json_writer& out, const actors::trace_view& t);

} // namespace pickup::http

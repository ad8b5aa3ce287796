// Audited actions as JSON. Thread-safe: it only reads what it is given.
#pragma once

#include "actors/operation.hpp"
#include "http/json_writer.hpp"

namespace pickup::http {

inline void write_audited(json_writer& out, const actors::audit_view& a) {
  out.begin_object();
  out.field("id", a.id);
  out.field("at", domain::to_rfc3339(a.at));
  out.field("operator", a.operator_name);
  out.field("action", a.action);
  out.field("object", a.object);
  out.field("detail", a.detail);
  out.field("correlationId", a.correlation_id);
  out.end_object();
}

} // namespace pickup::http

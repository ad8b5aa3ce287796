#include "http/operator_api.hpp"

#include "domain/options.hpp"
#include "http/json_writer.hpp"
#include "http/method_check.hpp"
#include "http/problem.hpp"
#include "http/target.hpp"
#include "http/text.hpp"

#include <openssl/crypto.h>

#include <chrono>

namespace pickup::http {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view readable = "GET, HEAD, OPTIONS";
constexpr std::string_view doable = "POST, OPTIONS";
constexpr std::size_t most_listed = 1000;
constexpr domain::duration longest_hang = 1min;

std::optional<actors::fault> parse_fault(std::string_view text) {
  using enum actors::fault;
  if (text == "kill")
    return kill;
  if (text == "crash")
    return crash;
  if (text == "hang")
    return hang;
  if (text == "restart")
    return restart;
  return std::nullopt;
}

std::optional<actors::stage> parse_stage(std::string_view text) {
  using enum actors::stage;
  if (text == "manage")
    return manage;
  if (text == "assign")
    return assign;
  return std::nullopt;
}

std::optional<actors::breaker_command> parse_command(std::string_view text) {
  using enum actors::breaker_command;
  if (text == "trip")
    return trip;
  if (text == "reset")
    return reset;
  if (text == "disable")
    return disable;
  return std::nullopt;
}

response unauthorized(const request& r) {
  auto refusal =
      to_response(http_problem(401, "authorize operator: the token is missing or another"),
                  r.correlation_id);
  refusal.headers.push_back({"WWW-Authenticate", "Bearer"});
  return refusal;
}

} // namespace

response operator_api::answer(const request& r) {
  const auto t = parse_target(r.target);
  if (!t)
    return to_response(to_problem(t.error()), r.correlation_id);
  const auto found = find(r, *t);
  if (!found)
    return to_response(http_problem(404, "find resource: no such path"), r.correlation_id);
  if (auto decided = answer_by_method(r, found->allowed))
    return *std::move(decided);
  return found->answer();
}

std::optional<operator_api::resource> operator_api::find(const request& r, const target& t) {
  const auto& path = t.segments;
  if (path.front() == "admin" && path.size() > 1 && !token_.empty())
    return find_admin(r, t);
  if (path.size() != 1)
    return std::nullopt;
  if (path.front() == "livez")
    return resource{readable, [this, &r] { return health_.live(r); }};
  if (path.front() == "readyz")
    return resource{readable, [this, &r] { return health_.ready(r); }};
  if (path.front() == "metrics")
    return resource{readable, [this] { return health_.metrics(); }};
  return std::nullopt;
}

std::optional<operator_api::resource> operator_api::find_admin(const request& r,
                                                               const target& t) {
  if (!shows_token(r))
    return resource{r.method, [&r] { return unauthorized(r); }};
  const auto& path = t.segments;
  if (path[1] == "actors")
    return find_actors(r, t);
  if (path[1] == "traces")
    return find_traces(r, t);
  if (path.size() == 2 && path[1] == "tree")
    return resource{readable, [this, &r] { return inspection_.tree(r); }};
  if (path.size() == 2 && path[1] == "restarts")
    return resource{readable, [this, &r, &t] { return inspection_.restarts(r, t); }};
  if (path.size() == 2 && path[1] == "rejects")
    return resource{readable, [this, &r] { return inspection_.rejects(r); }};
  if (path.size() == 2 && path[1] == "metrics")
    return resource{readable, [this] { return feed_.figures(); }};
  if (path.size() == 2 && path[1] == "feed")
    return resource{"GET, OPTIONS", [this, &r, &t] { return feed_.open(r, t); }};
  if (path.size() == 2 && path[1] == "breakers")
    return resource{readable, [this] { return list_breakers(); }};
  if (path.size() == 2 && path[1] == "dead-letters")
    return resource{readable, [this, &r] { return list_dead_letters(r); }};
  if (path.size() == 4 && path[1] == "breakers")
    if (const auto what = parse_command(path[3]))
      return resource{doable,
                      [this, &r, &t, what] { return command(r, t.segments[2], *what); }};
  if (path.size() == 4 && path[1] == "stages")
    if (const auto which = parse_stage(path[2]))
      if (path[3] == "pause" || path[3] == "resume")
        return resource{doable, [this, which, paused = path[3] == "pause"] {
                          operation_->pause(*which, paused);
                          return response{204, {}, {}, {}};
                        }};
  return std::nullopt;
}

std::optional<operator_api::resource> operator_api::find_actors(const request& r,
                                                                const target& t) {
  const auto& path = t.segments;
  if (path.size() == 2)
    return resource{readable, [this, &r, &t] { return inspection_.list(r, t); }};
  if (path.size() == 4)
    return resource{readable, [this, &r, &path] {
                      return inspection_.find(r, {path[2], path[3]});
                    }};
  if (path.size() == 5)
    if (const auto what = parse_fault(path[4]))
      return resource{doable, [this, &r, &t, what] { return disturb(r, t, *what); }};
  return std::nullopt;
}

std::optional<operator_api::resource> operator_api::find_traces(const request& r,
                                                                const target& t) {
  if (t.segments.size() == 2)
    return resource{"GET, HEAD, POST, OPTIONS", [this, &r, &t] {
                      return r.method == "POST" ? inspection_.start_trace(r, t)
                                                : inspection_.list_traces(r);
                    }};
  const auto n = t.segments.size() == 3 ? parse_decimal(t.segments[2]) : std::nullopt;
  if (!n)
    return std::nullopt;
  return resource{"GET, HEAD, DELETE, OPTIONS", [this, &r, n] {
                    return r.method == "DELETE" ? inspection_.end_trace(r, *n)
                                                : inspection_.find_trace(r, *n);
                  }};
}

response operator_api::list_breakers() {
  json_writer out;
  out.begin_object().key("breakers").begin_array();
  for (const auto& b : operation_->list_breakers()) {
    out.begin_object();
    out.field("name", b.name);
    out.field("state", b.state);
    out.field("calls", b.calls);
    out.field("failed", b.failed);
    out.field("slow", b.slow);
    out.field("rejected", b.rejected);
    out.field("retryAfterMs", static_cast<std::int64_t>(b.retry_after.count()));
    out.end_object();
  }
  out.end_array().end_object();
  return {200, "application/json", out.take(), {}};
}

response operator_api::list_dead_letters(const request& r) {
  const auto found = operation_->list_dead_letters(most_listed);
  if (!found)
    return to_response(to_problem(found.error()), r.correlation_id);
  json_writer out;
  out.begin_object().key("deadLetters").begin_array();
  for (const auto& d : *found) {
    out.begin_object();
    out.field("intent", d.intent);
    out.field("call", d.call);
    out.field("kind", d.kind);
    out.field("tel", d.tel);
    out.field("via", d.via);
    out.field("state", d.state);
    out.field("code", d.code);
    out.field("reason", d.reason);
    out.field("at", domain::to_rfc3339(d.at));
    out.end_object();
  }
  out.end_array().end_object();
  return {200, "application/json", out.take(), {}};
}

response operator_api::command(const request& r, const std::string& breaker,
                               actors::breaker_command what) {
  const auto done = operation_->command(breaker, what);
  if (!done)
    return to_response(to_problem(done.error()), r.correlation_id);
  return {204, {}, {}, {}};
}

response operator_api::disturb(const request& r, const target& t, actors::fault what) {
  const auto time = domain::parse_duration(t.parameter("for").value_or("1s"));
  if (!time || *time > longest_hang)
    return to_response(
        to_problem({domain::errc::invalid_argument,
                    "read query: for: must be a length of time of at most 1min, e.g. 500ms",
                    {}}),
        r.correlation_id);
  const auto done = operation_->disturb({t.segments[2], t.segments[3]}, what, *time, "");
  if (!done)
    return to_response(to_problem(done.error()), r.correlation_id);
  return {204, {}, {}, {}};
}

bool operator_api::shows_token(const request& r) const {
  constexpr std::string_view scheme = "bearer "; // in any case, says RFC 9110
  if (!equals_ignoring_case(std::string_view{r.authorization}.substr(0, scheme.size()), scheme))
    return false;
  const auto shown = r.authorization.substr(scheme.size());
  // In constant time: how long it takes must not tell how much was right.
  return shown.size() == token_.size()
         && CRYPTO_memcmp(shown.data(), token_.data(), token_.size()) == 0;
}

} // namespace pickup::http

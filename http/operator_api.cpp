#include "http/operator_api.hpp"

#include "http/collection.hpp"
#include "http/endpoint.hpp"
#include "http/explanation_json.hpp"
#include "http/json_writer.hpp"
#include "http/method_check.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"
#include "http/target.hpp"
#include "http/text.hpp"

#include <openssl/crypto.h>

#include <ranges>

namespace pickup::http {

namespace {

constexpr std::string_view readable = "GET, HEAD, OPTIONS";
constexpr std::string_view doable = "POST, OPTIONS";
constexpr std::uint64_t most_listed = 1000;

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

/// The call of a path like /pickupcalls/17/explain, in any language.
std::optional<domain::call_id> call_to_explain(const std::vector<std::string>& path) {
  const auto* in =
      path.size() == 3 && path[2] == "explain" ? find_collection(path[0]) : nullptr;
  const auto number =
      in != nullptr && in->view == view::calls ? parse_decimal(path[1]) : std::nullopt;
  return number ? domain::call_id::of_number(in->service, *number) : std::nullopt;
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
  // A page from anywhere may give its own name this machine's address (DNS rebinding): its
  // browser would let it read what is answered under that name.
  const auto& first = t->segments.front();
  if (local_ && (first == "admin" || first == "console") && !r.host.empty()
      && !is_address_or_localhost(r.host))
    return to_response(http_problem(421, "read request: Host: must be an address or localhost"),
                       r.correlation_id);
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
  if (path.front() == "console" || path.front().empty())
    return find_console(r, t);
  if (const auto call = call_to_explain(path); call && !token_.empty())
    return find_explanation(r, *call);
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

std::optional<operator_api::resource> operator_api::find_console(const request& r,
                                                                 const target& t) {
  const auto asked = r.target.substr(0, r.target.find('?'));
  // What the page names is found below it, so it has to be where it says it is.
  if (asked == "/" || asked == "/console")
    return resource{readable, [] {
                      return response{302, {}, {}, {{"Location", "/console/"}}};
                    }};
  std::string path;
  for (const auto& segment : t.segments | std::views::drop(1))
    path += (path.empty() ? "" : "/") + segment;
  return resource{readable, [this, &r, path] { return console_.answer(r, path); }};
}

operator_api::resource operator_api::find_explanation(const request& r, domain::call_id of) {
  if (!shows_token(r))
    return {r.method, [&r] { return unauthorized(r); }};
  return {readable, [this, &r, of] { return explain(r, of); }};
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
  if (path[1] == "calls")
    return find_calls(r, t);
  if (path[1] == "couriers")
    return find_couriers(r, t);
  if (path.size() == 2 && path[1] == "map")
    return resource{readable, [this, &r, &t] { return office_.map(r, t); }};
  if (path.size() == 2 && path[1] == "audit")
    return resource{readable, [this, &r, &t] { return actions_.list_audit(r, t); }};
  if (path.size() == 2 && path[1] == "drain")
    return resource{doable, [this, &r, &t] { return actions_.drain(r, t); }};
  if (path.size() == 2 && path[1] == "backup")
    return resource{doable, [this, &r, &t] { return actions_.back_up(r, t); }};
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
    return resource{readable, [this, &r, &t] { return list_dead_letters(r, t); }};
  if (path.size() == 4 && path[1] == "breakers")
    if (const auto what = parse_command(path[3]))
      return resource{doable, [this, &r, &t, what] {
                        return actions_.command(r, t, t.segments[2], *what);
                      }};
  if (path.size() == 4 && path[1] == "stages")
    if (const auto which = parse_stage(path[2]))
      if (path[3] == "pause" || path[3] == "resume")
        return resource{doable, [this, &r, &t, which, paused = path[3] == "pause"] {
                          return actions_.pause(r, t, *which, paused);
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
      return resource{doable, [this, &r, &t, &path, what] {
                        return actions_.disturb(r, t, {path[2], path[3]}, *what);
                      }};
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
  return resource{"GET, HEAD, DELETE, OPTIONS", [this, &r, &t, n] {
                    return r.method == "DELETE" ? inspection_.end_trace(r, *n)
                                                : inspection_.find_trace(r, t, *n);
                  }};
}

std::optional<operator_api::resource> operator_api::find_calls(const request& r,
                                                               const target& t) {
  const auto& path = t.segments;
  if (path.size() == 2)
    return resource{readable, [this, &r, &t] { return office_.list_calls(r, t); }};
  const auto service = domain::parse_service(path[2]);
  const auto n = path.size() > 3 ? parse_decimal(path[3]) : std::nullopt;
  const auto call = service && n ? domain::call_id::of_number(*service, *n) : std::nullopt;
  if (!call)
    return std::nullopt;
  if (path.size() == 4)
    return resource{readable, [this, &r, call] { return office_.find(r, *call); }};
  if (path.size() != 5)
    return std::nullopt;
  if (path[4] == "timeline")
    return resource{readable, [this, &r, call] { return office_.timeline(r, *call); }};
  if (path[4] == "cancel")
    return resource{doable, [this, &r, &t, call] { return actions_.cancel(r, t, *call); }};
  if (path[4] == "reassign")
    return resource{doable, [this, &r, &t, call] { return actions_.reassign(r, t, *call); }};
  if (path[4] == "unmask")
    return resource{doable, [this, &r, &t, call] { return actions_.unmask(r, t, *call); }};
  return std::nullopt;
}

std::optional<operator_api::resource> operator_api::find_couriers(const request& r,
                                                                  const target& t) {
  const auto& path = t.segments;
  if (path.size() == 2)
    return resource{readable, [this, &r, &t] { return office_.list_couriers(r, t); }};
  const auto n = parse_decimal(path[2]);
  if (!n || path.size() > 4)
    return std::nullopt;
  const domain::courier_id id{*n};
  if (path.size() == 3)
    return resource{readable, [this, &r, id] { return office_.find(r, id); }};
  if (path[3] == "on-shift" || path[3] == "off-shift")
    return resource{doable, [this, &r, &t, id, on = path[3] == "on-shift"] {
                      return actions_.set_shift(r, t, id, on);
                    }};
  if (path[3] == "unmask")
    return resource{doable, [this, &r, &t, id] { return actions_.unmask(r, t, id); }};
  return std::nullopt;
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
    out.field("retryAfterMs", b.retry_after
                                  ? std::optional{std::int64_t{b.retry_after->count()}}
                                  : std::nullopt);
    out.end_object();
  }
  out.end_array().end_object();
  return {200, "application/json", out.take(), {}};
}

response operator_api::list_dead_letters(const request& r, const target& t) {
  const auto limit = read_number(t, "limit", most_listed, 1, most_listed);
  if (!limit)
    return to_response(to_problem(limit.error()), r.correlation_id);
  const auto found = operation_->list_dead_letters(static_cast<std::size_t>(*limit));
  if (!found)
    return to_response(to_problem(found.error()), r.correlation_id);
  json_writer out;
  out.begin_object().key("deadLetters").begin_array();
  for (const auto& d : found->newest) {
    out.begin_object();
    out.field("intent", d.intent);
    out.field("service", domain::name(d.service));
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
  out.end_array();
  out.field("total", found->total);
  out.end_object();
  return {200, "application/json", out.take(), {}};
}

response operator_api::explain(const request& r, domain::call_id call) {
  const auto told = operation_->explain(call);
  if (!told)
    return to_response(to_problem(told.error()), r.correlation_id);
  json_writer out;
  write_explanations(out, call, *told);
  return {200, "application/json", out.take(), {}};
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

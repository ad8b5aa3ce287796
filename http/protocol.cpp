#include "http/protocol.hpp"

#include "http/correlation.hpp"
#include "http/text.hpp"

#include <spdlog/spdlog.h>

#include <exception>
#include <string>

namespace pickup::http {

namespace {

using HandlerResponse = httplib::Server::HandlerResponse;

// A walk over all, which is faster than the library's look-up: most have another length.
std::string_view header_of(const httplib::Request& of, std::string_view lower_case_name) {
  for (const auto& [name, value] : of.headers)
    if (equals_ignoring_case(name, lower_case_name))
      return value;
  return {};
}

void prepare(httplib::Request& r) {
  exchange::current().correlation_id =
      correlation_id_of(header_of(r, "x-correlation-id"), header_of(r, "traceparent"));
  // The application routes by the target. The library would match the path with a regular
  // expression that recurses for every character.
  r.path = "/";
  // Answers are small and go out whole: no ranges, and no brotli at its slowest.
  r.ranges.clear();
  r.headers.erase("Accept-Encoding");
}

void fill(httplib::Response& to, response from) {
  to.status = from.status;
  if (!from.content_type.empty())
    to.set_header("Content-Type", std::string{from.content_type});
  for (const auto& h : from.headers)
    to.set_header(std::string{h.name}, h.value);
  to.body = std::move(from.body);
  exchange::current().feed = std::move(from.feed);
}

void fill(httplib::Response& to, const problem& p) {
  fill(to, to_response(p, exchange::current().correlation_id));
}

bool is_known_encoding(std::string_view content_encoding) {
  return content_encoding.empty() || content_encoding == "identity"
         || content_encoding == "gzip" || content_encoding == "deflate"
         || content_encoding == "br";
}

// The library's own answer, in our words.
void explain(const httplib::Request&, httplib::Response& to) {
  if (!to.body.empty())
    return; // the application's answer, a problem already
  auto& x = exchange::current();
  if (x.correlation_id.empty())
    x.correlation_id = correlation_id_of({}, {});
  fill(to, x.refusal().value_or(http_problem(
               to.status, "read request: its first line or a header makes no sense")));
}

void apologize(const httplib::Request& from, httplib::Response& to, std::exception_ptr why) {
  std::string what;
  try {
    std::rethrow_exception(std::move(why));
  } catch (const std::exception& e) {
    what = e.what();
  } catch (...) {
    what = "unknown";
  }
  // Without the query, which may name somebody; the library's path is always the same here.
  spdlog::error("http.exception method={} path={:?} correlation_id={:?} reason={:?}",
                from.method, from.target.substr(0, from.target.find('?')),
                exchange::current().correlation_id, what);
  fill(to, http_problem(500, "answer request: unexpected failure"));
}

bool client_stays(const httplib::Request& r) {
  auto stays = r.version != "HTTP/1.0";
  auto options = header_of(r, "connection");
  while (const auto option = take_item(options, ',')) {
    if (equals_ignoring_case(*option, "close"))
      return false;
    if (equals_ignoring_case(*option, "keep-alive"))
      stays = true;
  }
  return stays;
}

} // namespace

protocol::protocol(application answer, stay then, traffic& counts)
    : application_(std::move(answer)), then_(std::move(then)) {
  set_pre_routing_handler([this](const httplib::Request& from, httplib::Response& to) {
    if (from.method == "POST" || from.method == "PUT" || from.method == "PATCH")
      return HandlerResponse::Unhandled;
    respond(from, to, {});
    return HandlerResponse::Handled;
  });
  const HandlerWithContentReader with_body = [this](const auto& from, auto& to,
                                                    const auto& read) {
    read_and_respond(from, to, read);
  };
  Post("/", with_body);
  Put("/", with_body);
  Patch("/", with_body);
  set_error_handler(Handler{explain});
  set_exception_handler(apologize);
  set_post_routing_handler([this](const auto& from, auto& to) { finish(from, to); });
  set_logger([&counts](const auto& from, const auto& to) {
    counts.count_answer(from.method, to.status);
  });
}

void protocol::answer(exchange& x) {
  // "The last one on its connection": the library then says nothing of keeping it; see
  // finish().
  constexpr bool close_connection = true;
  bool unused = false;
  process_request(x, close_connection, unused, prepare);
}

void protocol::respond(const httplib::Request& from, httplib::Response& to, std::string body) {
  request r;
  r.method = from.method;
  r.target = from.target;
  r.host = header_of(from, "host");
  r.content_type = header_of(from, "content-type");
  r.idempotency_key = header_of(from, "idempotency-key");
  r.prefer = header_of(from, "prefer");
  r.authorization = header_of(from, "authorization");
  r.operator_name = header_of(from, "x-operator");
  r.if_none_match = header_of(from, "if-none-match");
  r.correlation_id = exchange::current().correlation_id;
  r.body = std::move(body);
  r.client_listens = [&on = exchange::current().on()] { return !on.peer_has_ended(); };
  fill(to, application_(r));
}

void protocol::read_and_respond(const httplib::Request& from, httplib::Response& to,
                                const httplib::ContentReader& read) {
  if (from.is_multipart_form_data() || !is_known_encoding(header_of(from, "content-encoding")))
    return fill(to,
                http_problem(415, "read body: must be JSON, plain or in gzip, deflate or br"));
  auto& x = exchange::current();
  std::string body;
  // The library limits neither chunked nor compressed bodies.
  auto too_long = false;
  const auto whole = read([&](const char* bytes, std::size_t n) {
    too_long = body.size() + n > x.most_body();
    if (!too_long)
      body.append(bytes, n);
    return !too_long;
  });
  if (whole) {
    x.body_ended();
    return respond(from, to, std::move(body));
  }
  if (too_long)
    return fill(to, http_problem(413, "read body: is longer than "
                                          + std::to_string(x.most_body()) + " bytes"));
  fill(to, x.refusal().value_or(
               http_problem(400, "read body: its end is missing, or its encoding is broken")));
}

// What the library's headers leave to say, or say too much.
void protocol::finish(const httplib::Request& from, httplib::Response& to) {
  auto& x = exchange::current();
  if (client_stays(from) && x.next_is_in_sight() && !x.feed)
    x.then = then_();
  if (x.feed)
    to.headers.erase("Content-Length"); // it ends with the connection
  if (x.then == exchange::afterwards::stays_open) {
    to.headers.erase("Connection");
    if (from.version == "HTTP/1.0")
      to.set_header("Connection", "keep-alive");
  }
  if (to.status == 204)
    to.headers.erase("Content-Length"); // RFC 9110, 8.6
  to.headers.erase("Accept-Ranges");
  to.set_header("X-Correlation-Id", x.correlation_id);
}

} // namespace pickup::http

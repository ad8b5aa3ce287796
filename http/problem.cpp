#include "http/problem.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace pickup::http {

namespace {

int status_of(domain::errc code) {
  using domain::errc;
  switch (code) {
  case errc::invalid_argument: return 400;
  case errc::not_found: return 404;
  case errc::conflict: return 409;
  case errc::key_reused:
  case errc::out_of_range: return 422;
  case errc::unavailable:
  case errc::overloaded:
  case errc::stale:
  case errc::timeout:
  case errc::unknown_outcome: return 503;
  case errc::io:
  case errc::corrupt:
  case errc::newer_format:
  case errc::locked: return 500;
  }
  return 500;
}

struct status_words {
  int status;
  std::string_view code;
  std::string_view title;
};

constexpr status_words unexpected{500, "internal", "Internal Server Error"};

constexpr std::array known_statuses{
    status_words{400, "invalid_argument", "Bad Request"},
    status_words{401, "unauthorized", "Unauthorized"},
    status_words{404, "not_found", "Not Found"},
    status_words{405, "method_not_allowed", "Method Not Allowed"},
    status_words{408, "request_timeout", "Request Timeout"},
    status_words{409, "conflict", "Conflict"},
    status_words{413, "too_large", "Payload Too Large"},
    status_words{414, "target_too_long", "URI Too Long"},
    status_words{415, "unsupported_media_type", "Unsupported Media Type"},
    status_words{416, "range_not_satisfiable", "Range Not Satisfiable"},
    status_words{421, "misdirected_request", "Misdirected Request"},
    status_words{422, "unknown_place", "Unprocessable Entity"},
    status_words{431, "headers_too_large", "Request Header Fields Too Large"},
    status_words{501, "not_implemented", "Not Implemented"},
    status_words{503, "overloaded", "Service Unavailable"},
};

const status_words& words_for(int status) {
  const auto found = std::find_if(known_statuses.begin(), known_statuses.end(),
                                  [status](const auto& s) { return s.status == status; });
  return found == known_statuses.end() ? unexpected : *found;
}

} // namespace

problem to_problem(const domain::error& e) {
  problem p{status_of(e.code), std::string{name(e.code)}, e.text, e.facts, {}, {}};
  if (e.code == domain::errc::timeout || e.code == domain::errc::unknown_outcome)
    p.detail += " (the outcome is not known: it may still become true)";
  return p;
}

problem http_problem(int status, std::string detail) {
  return {status, std::string{words_for(status).code}, std::move(detail), {}, {}, {}};
}

void write_members(json_writer& out, const problem& p) {
  out.field("type", "urn:pickupcenter:problem:" + p.code);
  out.field("title", words_for(p.status).title);
  out.field("status", p.status);
  out.field("detail", p.detail);
  for (const auto& [key, value] : p.facts)
    out.field(key, value);
  if (p.distance)
    out.field("distance", std::round(p.distance->value()));
}

response to_response(const problem& p, std::string_view correlation_id) {
  json_writer out;
  out.begin_object();
  write_members(out, p);
  if (p.code == "unknown_place") {
    out.key("near").begin_array();
    for (const auto& spelling : p.near)
      out.value(spelling);
    out.end_array();
  }
  out.field("correlationId", correlation_id);
  out.end_object();
  response r{p.status, "application/problem+json", out.take(), {}};
  r.turned_away = p.code == name(domain::errc::overloaded);
  if (p.status == 503) {
    const auto hint = std::ranges::find(p.facts, "retryAfter", &domain::fact::first);
    r.headers.push_back({"Retry-After", hint == p.facts.end() ? "1" : hint->second});
  }
  return r;
}

} // namespace pickup::http

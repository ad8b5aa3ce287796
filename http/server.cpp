#include "http/server.hpp"

#include "http/api.hpp"
#include "http/budget.hpp"
#include "http/endpoint.hpp"
#include "http/operator_api.hpp"
#include "http/request_log.hpp"
#include "http/transport.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

namespace pickup::http {

namespace {

/// Few connections and one thread, which nobody else uses.
options for_operators(options o) {
  o.threads = 1;
  o.connections = 64;
  return o;
}

bool asks_for_health(std::string_view target) {
  return target == "/livez" || target == "/readyz";
}

// A server without its console serves all the same.
console_files console_of(const options& o) {
  if (o.console_dir.empty())
    return {};
  auto files = console_files::read(o.console_dir);
  if (files)
    return std::move(*files);
  spdlog::warn("console.missing reason={:?}", files.error().text);
  return {};
}

bool is_loopback(const std::string& at) {
  const auto where = parse_endpoint(at);
  return where
         && (where->host == "localhost" || where->host == "::1"
             || where->host.starts_with("127."));
}

domain::result<int> listen(transport& wire, const std::string& at) {
  const auto where = parse_endpoint(at);
  if (!where)
    return domain::error{
        domain::errc::invalid_argument, "listen: " + at + ": is not HOST:PORT", {}};
  return wire.bind(*where);
}

} // namespace

struct server::parts {
  parts(const http::options& o, actors::gateway& to, actors::operation& on,
        actors::process_control& process, const domain::gazetteer& known,
        const domain::service_areas& served, console_files console)
      : options(o),
        gateway(to),
        places(known),
        areas(served),
        operation(gateway, on, process, counts, requests, std::move(console), o.operator_token,
                  is_loopback(o.operator_listen)) {}

  response admit(const request& r) {
    const auto at = std::chrono::floor<domain::duration>(std::chrono::system_clock::now());
    const auto began = std::chrono::steady_clock::now();
    auto answered = decide(r);
    const auto took = std::chrono::steady_clock::now() - began;
    counts.took(r.method, took);
    if (!answered.turned_away)
      requests.add({at, std::string{r.method},
                    std::string{r.target.substr(0, r.target.find('?'))}, answered.status, took,
                    r.correlation_id});
    return answered;
  }

  response decide(const request& r) {
    if (asks_for_health(r.target))
      return application->answer(r);
    const auto place = in_flight.take();
    if (!place)
      return to_response(
          http_problem(503, "admit request: as many as can be decided at once are in flight"),
          r.correlation_id);
    return application->answer(r);
  }

  const http::options options;
  actors::gateway& gateway;
  const domain::gazetteer& places;
  const domain::service_areas& areas;
  traffic counts;
  request_log requests;
  budget in_flight{options.in_flight};
  // Half the connections stay for requests that do not wait.
  budget waiting{std::max(1U, options.connections / 2)};
  std::optional<api> application;
  transport wire{options, counts, in_flight, [this](const request& r) { return admit(r); }};

  traffic operator_counts;
  budget unlimited{for_operators(options).connections};
  operator_api operation;
  transport operator_wire{for_operators(options), operator_counts, unlimited,
                          [this](const request& r) { return operation.answer(r); }};
  bool has_operator_wire = false;
};

server::server(const options& o, actors::gateway& to, actors::operation& on,
               actors::process_control& of, const domain::gazetteer& places,
               const domain::service_areas& areas)
    : parts_(std::make_unique<parts>(o, to, on, of, places, areas, console_of(o))) {}

server::~server() = default;

domain::result<ports> server::bind() {
  auto& p = *parts_;
  auto made =
      api::make(p.options, p.gateway, p.places, p.areas, p.counts, p.in_flight, p.waiting);
  if (!made)
    return made.error();
  p.application.emplace(std::move(*made));
  const auto bound = listen(p.wire, p.options.listen);
  if (!bound)
    return bound.error();
  if (p.options.operator_listen == "0")
    return ports{*bound, std::nullopt};
  const auto other = listen(p.operator_wire, p.options.operator_listen);
  if (!other)
    return other.error();
  p.has_operator_wire = true;
  return ports{*bound, *other};
}

void server::run() {
  parts_->counts.operators_clocks = parts_->operator_wire.clocks();
  std::thread operators;
  if (parts_->has_operator_wire)
    operators = std::thread{[this] { parts_->operator_wire.run(); }};
  parts_->wire.run();
  // Operators can look on until the last customer is served; a watcher's last look takes time.
  if (operators.joinable()) {
    parts_->operator_wire.drain(3 * feed_api::look_period);
    operators.join();
  }
}

void server::drain(std::chrono::milliseconds limit) {
  parts_->wire.drain(limit);
}

} // namespace pickup::http

#include "http/server.hpp"

#include "http/api.hpp"
#include "http/endpoint.hpp"
#include "http/transport.hpp"

#include <optional>

namespace pickup::http {

struct server::parts {
  parts(const http::options& o, actors::gateway& to, const domain::gazetteer& known)
      : options(o), gateway(to), places(known) {}

  const http::options options;
  actors::gateway& gateway;
  const domain::gazetteer& places;
  traffic counts;
  std::optional<api> application;
  transport wire{options, counts, [this](const request& r) { return application->answer(r); }};
};

server::server(const options& o, actors::gateway& to, const domain::gazetteer& places)
    : parts_(std::make_unique<parts>(o, to, places)) {}

server::~server() = default;

domain::result<int> server::bind() {
  const auto at = parse_endpoint(parts_->options.listen);
  if (!at)
    return domain::error{domain::errc::invalid_argument,
                         "listen: " + parts_->options.listen + ": is not HOST:PORT",
                         {}};
  auto made = api::make(parts_->options, parts_->gateway, parts_->places, parts_->counts);
  if (!made)
    return made.error();
  parts_->application.emplace(std::move(*made));
  return parts_->wire.bind(*at);
}

void server::run() {
  parts_->wire.run();
}

void server::drain(std::chrono::milliseconds limit) {
  parts_->wire.drain(limit);
}

} // namespace pickup::http

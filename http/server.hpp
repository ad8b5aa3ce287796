// The HTTP server: the one entry for customers and couriers, and another for operators.
// bind() and run() are for one thread; drain() may be called by any, but not before bind().
// Owned by the application. Refers to the gateway, the operation, the gazetteer and the areas,
// which outlive it.
#pragma once

#include "actors/gateway.hpp"
#include "actors/operation.hpp"
#include "domain/gazetteer.hpp"
#include "domain/result.hpp"
#include "domain/service_areas.hpp"
#include "http/options.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace pickup::http {

/// Where a server listens.
struct ports {
  int customers = 0;
  std::optional<int> operators;
};

class server {
public:
  server(const options& o, actors::gateway& to, actors::operation& on,
         actors::process_control& of, const domain::gazetteer& places,
         const domain::service_areas& areas);
  /// Waits for requests that are still inside the gateway: stop the actors first, so that they
  /// are let go.
  ~server();

  /// Starts to listen, and says on which ports. Errors: io (the address is taken or not ours);
  /// invalid_argument (a default place is not in the gazetteer).
  domain::result<ports> bind();

  /// Serves until drained.
  void run();

  /// Stops accepting, closes idle connections at once and lets requests in flight finish; what
  /// has not finished within `limit` is cut off. Then run() returns, even if a request is still
  /// inside the gateway.
  void drain(std::chrono::milliseconds limit);

private:
  struct parts;

  std::unique_ptr<parts> parts_;
};

} // namespace pickup::http

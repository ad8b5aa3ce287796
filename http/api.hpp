// Answers requests: finds the resource, reads what was sent, asks the gateway, writes the
// answer. Thread-safe: every connection calls it at once. Owned by the server; refers to the
// gateway, the gazetteer and the areas, which outlive it.
#pragma once

#include "actors/gateway.hpp"
#include "domain/gazetteer.hpp"
#include "domain/service_areas.hpp"
#include "http/call_api.hpp"
#include "http/courier_api.hpp"
#include "http/health_api.hpp"
#include "http/message.hpp"
#include "http/options.hpp"
#include "http/traffic.hpp"

namespace pickup::http {

class api {
public:
  /// Errors: invalid_argument when a default place is not in the gazetteer.
  static domain::result<api> make(const options& o, actors::gateway& to,
                                  const domain::gazetteer& places,
                                  const domain::service_areas& areas, const traffic& counts,
                                  budget& in_flight, budget& waiting);

  response answer(const request& r);

private:
  api(call_api calls, courier_api couriers, health_api health)
      : calls_(std::move(calls)), couriers_(std::move(couriers)), health_(std::move(health)) {}

  call_api calls_;
  courier_api couriers_;
  health_api health_;
};

} // namespace pickup::http

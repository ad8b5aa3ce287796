// What orchestrators and monitors ask.
// Thread-safe. Owned by the api; refers to the gateway and the counts, which outlive it.
#pragma once

#include "actors/gateway.hpp"
#include "http/message.hpp"
#include "http/traffic.hpp"

#include <string>
#include <vector>

namespace pickup::http {

class health_api {
public:
  health_api(actors::gateway& of, const traffic& counts) : gateway_(&of), counts_(&counts) {}

  /// Whether restarting the process would help: the actors' scheduler does not answer.
  response live(const request& r);
  /// Whether calls can be taken now.
  response ready(const request& r);
  response metrics();
  /// What metrics() shows.
  std::vector<actors::metric> samples();
  /// Why calls cannot be taken now; empty when they can.
  std::vector<std::string> not_ready() { return gateway_->not_ready(); }

private:
  actors::gateway* gateway_;
  const traffic* counts_;
};

} // namespace pickup::http

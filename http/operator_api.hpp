// What operators and orchestrators ask on their own port.
// Thread-safe. Owned by the server; refers to the gateway and the counts, which outlive it.
#pragma once

#include "actors/gateway.hpp"
#include "http/health_api.hpp"
#include "http/message.hpp"
#include "http/traffic.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::http {

class operator_api {
public:
  operator_api(actors::gateway& of, const traffic& counts) : health_(of, counts) {}

  response answer(const request& r);

private:
  struct resource {
    std::string_view allowed; ///< methods, as the Allow header lists them
    std::function<response()> answer;
  };

  std::optional<resource> find(const request& r, const std::vector<std::string>& path);

  health_api health_;
};

} // namespace pickup::http

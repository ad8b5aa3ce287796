// What operators and orchestrators ask on their own port.
// Thread-safe. Owned by the server; refers to the gateway, the operation and the counts, which
// outlive it.
#pragma once

#include "actors/gateway.hpp"
#include "actors/operation.hpp"
#include "http/action_api.hpp"
#include "http/console_files.hpp"
#include "http/feed_api.hpp"
#include "http/health_api.hpp"
#include "http/inspection_api.hpp"
#include "http/message.hpp"
#include "http/office_api.hpp"
#include "http/target.hpp"
#include "http/traffic.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pickup::http {

class operator_api {
public:
  /// @param token what requests under /admin must show; empty: there are none
  /// @param local whether only this machine reaches the port: who asks under another's name is
  /// refused
  operator_api(actors::gateway& of, actors::operation& on, actors::process_control& process,
               traffic& counts, const request_log& requests, console_files console,
               std::string token, bool local)
      : health_(of, counts),
        inspection_(on),
        feed_(health_, on, counts),
        office_(of, on, requests),
        actions_(of, on, process),
        console_(std::move(console)),
        operation_(&on),
        token_(std::move(token)),
        local_(local) {}

  response answer(const request& r);

private:
  struct resource {
    std::string_view allowed; ///< methods, as the Allow header lists them
    std::function<response()> answer;
  };

  std::optional<resource> find(const request& r, const target& t);
  std::optional<resource> find_console(const request& r, const target& t);

  /// Why couriers were chosen, behind the token.
  resource find_explanation(const request& r, domain::call_id of);
  /// Under /admin, behind the token.
  std::optional<resource> find_admin(const request& r, const target& t);
  std::optional<resource> find_actors(const request& r, const target& t);
  std::optional<resource> find_traces(const request& r, const target& t);
  std::optional<resource> find_calls(const request& r, const target& t);
  std::optional<resource> find_couriers(const request& r, const target& t);
  response list_breakers();
  response list_dead_letters(const request& r, const target& t);
  response explain(const request& r, domain::call_id call);
  bool shows_token(const request& r) const;

  health_api health_;
  inspection_api inspection_;
  feed_api feed_;
  office_api office_;
  action_api actions_;
  const console_files console_;
  actors::operation* operation_;
  const std::string token_;
  const bool local_;
};

} // namespace pickup::http

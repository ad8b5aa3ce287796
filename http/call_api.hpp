// The endpoints of calls, managed calls and assignments.
// Thread-safe. Owned by the api; refers to the gateway and the gazetteer, which outlive it.
#pragma once

#include "actors/gateway.hpp"
#include "domain/gazetteer.hpp"
#include "http/call_body.hpp"
#include "http/message.hpp"
#include "http/preferences.hpp"
#include "http/route.hpp"
#include "http/target.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace pickup::http {

/// Where a call is that names no place.
struct default_places {
  domain::named_place pickup;
  domain::named_place taxi;
};

class call_api {
public:
  /// @param most_waiting how many answers may be held at once for `Prefer: wait`
  call_api(actors::gateway& to, const domain::gazetteer& places, default_places defaults,
           std::uint32_t most_waiting);

  response create(const request& r, const call_list& in);
  response cancel(const request& r, const target& t, const call_item& which);
  response find(const request& r, const call_item& which);
  response history(const request& r, const call_history& of);
  response find(const request& r, const managed_item& which);
  response list(const request& r, const target& t, const call_list& in);
  response list(const request& r, const target& t, const managed_list& in);
  response list(const request& r, const target& t, const assignment_list& in);

private:
  /// The request with its place; nothing when nobody knows the place named.
  std::optional<domain::call_request> placed(call_order order) const;
  response unknown_place(const request& r, std::string_view name) const;

  actors::gateway* gateway_;
  const domain::gazetteer* places_;
  default_places defaults_;
  std::unique_ptr<wait_budget> waiting_;
};

} // namespace pickup::http

// The endpoints of calls, managed calls and assignments.
// Thread-safe. Owned by the api; refers to the gateway, the gazetteer, the areas and the
// budgets, which outlive it.
#pragma once

#include "actors/gateway.hpp"
#include "domain/service_areas.hpp"
#include "http/budget.hpp"
#include "http/call_body.hpp"
#include "http/message.hpp"
#include "http/place_finder.hpp"
#include "http/preferences.hpp"
#include "http/route.hpp"
#include "http/target.hpp"

#include <optional>

namespace pickup::http {

class call_api {
public:
  /// @param in_flight requests inside the application; a held answer does not count
  /// @param waiting answers held for `Prefer: wait`
  call_api(actors::gateway& to, place_finder places, const domain::service_areas& areas,
           budget& in_flight, budget& waiting);

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
  response not_served(const request& r, const domain::call_request& what,
                      const domain::nearest_area& nearest) const;

  actors::gateway* gateway_;
  place_finder places_;
  const domain::service_areas* areas_;
  budget* in_flight_;
  budget* waiting_;
};

} // namespace pickup::http

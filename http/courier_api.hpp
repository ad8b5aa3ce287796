// The endpoints of couriers and their jobs.
// Thread-safe. Owned by the api; refers to the gateway and the gazetteer, which outlive it.
#pragma once

#include "actors/gateway.hpp"
#include "http/message.hpp"
#include "http/place_finder.hpp"
#include "http/route.hpp"
#include "http/target.hpp"

#include <cstddef>
#include <utility>

namespace pickup::http {

class courier_api {
public:
  /// @param most_locations in one request
  courier_api(actors::gateway& to, place_finder places, std::size_t most_locations)
      : gateway_(&to), places_(std::move(places)), most_locations_(most_locations) {}

  response create(const request& r);
  response list(const request& r, const target& t);
  response find(const request& r, const courier_item& which);
  response change(const request& r, const courier_item& which);
  response remove(const request& r, const courier_item& which);
  response locate(const request& r, const courier_location& which);
  response locate_all(const request& r);
  response nearest(const request& r, const target& t);
  response report(const request& r, const courier_job& which);

private:
  actors::gateway* gateway_;
  place_finder places_;
  std::size_t most_locations_;
};

} // namespace pickup::http

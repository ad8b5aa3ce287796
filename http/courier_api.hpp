// The endpoints of couriers and their jobs.
// Thread-safe. Owned by the api; refers to the gateway, which outlives it.
#pragma once

#include "actors/gateway.hpp"
#include "http/message.hpp"
#include "http/route.hpp"
#include "http/target.hpp"

namespace pickup::http {

class courier_api {
public:
  explicit courier_api(actors::gateway& to) : gateway_(&to) {}

  response create(const request& r);
  response list(const request& r, const target& t);
  response find(const request& r, const courier_item& which);
  response change(const request& r, const courier_item& which);
  response remove(const request& r, const courier_item& which);
  response locate(const request& r, const courier_location& which);
  response report(const request& r, const courier_job& which);

private:
  actors::gateway* gateway_;
};

} // namespace pickup::http

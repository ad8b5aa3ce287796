// Calls and couriers as operators see them: across services, with masked numbers, and with all
// that is known of how a call went. Thread-safe. Owned by the operators' API; refers to the
// gateway, the operation and the request log, which outlive it.
#pragma once

#include "actors/gateway.hpp"
#include "actors/operation.hpp"
#include "http/message.hpp"
#include "http/request_log.hpp"
#include "http/target.hpp"

namespace pickup::http {

class office_api {
public:
  office_api(actors::gateway& of, actors::operation& on, const request_log& requests)
      : gateway_(&of), operation_(&on), requests_(&requests) {}

  response list_calls(const request& r, const target& t);
  response find(const request& r, domain::call_id call);
  response timeline(const request& r, domain::call_id call);
  response list_couriers(const request& r, const target& t);
  response find(const request& r, domain::courier_id courier);
  response map(const request& r, const target& t);

private:
  actors::gateway* gateway_;
  actors::operation* operation_;
  const request_log* requests_;
};

} // namespace pickup::http

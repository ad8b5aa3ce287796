// The one entry to the actors for code that knows nothing of actors (http, tests, tools).
// Thread-safe: any number of threads may call at once. Commands block the calling thread until
// the commit is durable or the request's time limit has passed; queries read views and never
// wait for an actor. Owned by the application; outlives every server that calls it.
#pragma once

#include "actors/metric.hpp"
#include "domain/call.hpp"
#include "domain/courier.hpp"
#include "domain/ids.hpp"
#include "domain/position.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "domain/views.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pickup::actors {

using domain::assignment_filter;
using domain::assignment_view;
using domain::call_filter;
using domain::call_view;
using domain::courier_filter;
using domain::courier_view;
using domain::history_item;
using domain::nearby_courier;
using domain::page;
using domain::page_request;

// -- commands --

struct create_call {
  domain::call_request request; ///< its class says which service
  std::optional<std::string> idempotency_key;
  std::string correlation_id;
  domain::duration wait{0};           ///< hold the answer this long for a courier …
  std::function<bool()> still_wanted; ///< … or until this says no; asked every second
};

struct created_call {
  call_view view;
  bool replayed = false; ///< the idempotency key was known: this is that call as it is now
};

struct create_courier {
  domain::courier record; ///< id, zone and version are given by the gateway
  std::optional<domain::position> where;
  std::string correlation_id;
};

/// A courier and where they are now.
struct located {
  domain::courier_id courier;
  domain::position where;
};

/// A place that was not taken, by its index among those that were told.
struct not_located {
  std::size_t index = 0;
  domain::error why;
};

class gateway {
public:
  virtual ~gateway() = default;

  // Commands. Errors of all: overloaded, unavailable (both may say when to come again, in whole
  // seconds, by the fact "retryAfter"), timeout (the outcome is not known), unknown_outcome
  // (storage failed).

  /// Makes a call and has it assigned if a courier is free; one whose time of pickup is far is
  /// scheduled. Further errors: key_reused; out_of_range (no such time of pickup).
  virtual domain::result<created_call> create(create_call what) = 0;
  /// Cancels; a call that is already 호출취소 stays as it is. Errors: not_found; conflict.
  virtual domain::result<call_view> cancel(domain::call_id call, std::string reason,
                                           std::string correlation_id) = 0;
  /// A courier reports on a job. Errors: not_found (courier, call or job); conflict.
  virtual domain::result<call_view> report(domain::call_id call, domain::job_report what,
                                           std::string correlation_id) = 0;
  /// Registers a courier.
  virtual domain::result<courier_view> create(create_courier what) = 0;
  /// Changes or deletes a courier. Errors: not_found; conflict.
  virtual domain::result<courier_view> change(domain::courier_id courier,
                                              domain::courier_change what,
                                              std::string correlation_id) = 0;
  /// Couriers are here now; of several places of one courier the last counts. Those that were
  /// not taken, and change nothing for the others. Errors of each: not_found, unavailable.
  virtual std::vector<not_located> locate(std::span<const located> places) = 0;

  // Queries. Errors of all: io, corrupt, unavailable. What an answer said is seen by every
  // later query.

  virtual domain::result<std::optional<call_view>> find(domain::call_id call) = 0;
  /// Oldest first; empty when there is no such call.
  virtual domain::result<std::vector<history_item>> history(domain::call_id call) = 0;
  virtual domain::result<page<call_view>> list(const call_filter& filter,
                                               page_request part) = 0;
  virtual domain::result<page<assignment_view>> list(const assignment_filter& filter,
                                                     page_request part) = 0;
  virtual domain::result<std::optional<courier_view>> find(domain::courier_id courier) = 0;
  virtual domain::result<page<courier_view>> list_couriers(const courier_filter& filter,
                                                           page_request part) = 0;
  /// Who could come to a call of this class now, nearest first, as matching orders them; at
  /// most so many, and nobody from farther away than couriers are sent.
  virtual domain::result<std::vector<nearby_courier>>
  nearest(domain::service_class wanted, domain::position from, std::size_t most) = 0;

  // Health.

  /// Whether the actors' scheduler answers within `limit`.
  virtual bool alive(domain::duration limit) = 0;
  /// Why the node cannot take calls, e.g. "dispatcher pickup/0: rebuilding"; empty when it can.
  virtual std::vector<std::string> not_ready() = 0;
  virtual std::vector<metric> metrics() = 0;
};

} // namespace pickup::actors

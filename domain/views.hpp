// What is shown of calls, assignments and couriers, and which part of a list is asked for.
// Plain values.
#pragma once

#include "domain/call.hpp"
#include "domain/courier.hpp"
#include "domain/explanation.hpp"
#include "domain/ids.hpp"
#include "domain/position.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pickup::domain {

/// A call and the courier it names, if any: the one assigned now or, for an ended call, the
/// last.
struct call_view {
  domain::call call;
  std::optional<domain::courier> courier;
};

/// One step of a call's past.
struct history_item {
  seq_no seq;
  timestamp at;
  std::string correlation_id;
  transition step;
};

/// An assignment, live or past.
struct assignment_view {
  seq_no id;
  call_id call;
  domain::courier courier;
  metres distance;
  bool live = false;
  bool canceled = false;
  domain::cause cause = domain::cause::none;
  timestamp assigned_at;
  std::optional<timestamp> ended_at;
};

/// Why a courier was chosen for a call.
struct assignment_explanation {
  seq_no assignment;
  timestamp at;
  courier_id courier;
  metres distance;
  explanation why;
};

struct courier_view {
  domain::courier courier;
  std::uint32_t load = 0; ///< live assignments
  sighting seen;          ///< last place; last location or job report
  timestamp idle_since;   ///< when the last job began or ended, or the courier was registered
  bool lost = false;      ///< not heard of for too long
};

/// A courier who could take a job, and how far they are from it.
struct nearby_courier {
  courier_view courier;
  metres distance;
};

/// Which part of a list is wanted: `index` counts pages from 0, `size` is 1 or more.
struct page_request {
  std::uint64_t index = 0;
  std::uint64_t size = 20;
};

/// One page, and how many items all pages hold together.
template <class T>
struct page {
  std::vector<T> items;
  std::uint64_t total = 0;
};

/// Which calls a list shows. Newest first.
struct call_filter {
  domain::service service = domain::service::pickup;
  std::optional<std::string> tel; ///< compared by digits
  std::optional<domain::status> status;
  bool with_canceled = false; ///< without `status`: show canceled calls too
};

/// Which couriers a list shows; deleted ones never. By id. What is not given leaves none out.
struct courier_filter {
  std::optional<domain::service> service{};
  std::string standing{}; ///< one of domain::standings
  std::string text{};     ///< their id, or a part of their name, ASCII letters in either case
  bool placed = false;    ///< those with a place only …
  std::optional<box> within{}; ///< … in here
};

bool matches(const courier_filter& wanted, const courier_view& c);

/// Which assignments a list shows. Newest first.
struct assignment_filter {
  domain::service service = domain::service::pickup;
  std::optional<bool> canceled; ///< true: 할당취소 only; false: 할당확정 only
};

} // namespace pickup::domain

// The operators' endpoints that look at actors: /admin/actors, tree, restarts, rejects, traces.
// Thread-safe. Owned by the operators' API; refers to the operation, which outlives it.
#pragma once

#include "actors/inspection.hpp"
#include "http/message.hpp"
#include "http/target.hpp"

#include <functional>

namespace pickup::http {

class inspection_api {
public:
  explicit inspection_api(actors::operation& of) : operation_(&of) {}

  response list(const request& r, const target& t);
  response find(const request& r, const actors::actor_view& who);
  response tree(const request& r);
  response restarts(const request& r, const target& t);
  response rejects(const request& r);
  response start_trace(const request& r, const target& t);
  response list_traces(const request& r);
  response find_trace(const request& r, const target& t, std::uint64_t n);
  response end_trace(const request& r, std::uint64_t n);

private:
  /// Answers with what `look` finds, or that there is nothing to look at now.
  response see(const request& r, const std::function<response(actors::inspection&)>& look);

  actors::operation* operation_;
};

} // namespace pickup::http

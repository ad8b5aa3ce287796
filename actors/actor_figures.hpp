// The figures of actors: read off them without disturbing them, and put in an order. For
// node_inspection. Free functions are thread-safe.
#pragma once

#include "actors/inspection.hpp"
#include "actors/node.hpp"
#include "supervision/duration_histogram.hpp"
#include "supervision/observation.hpp"

#include <caf/abstract_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pickup::actors {

/// What is measured of an actor, in numbers that can be subtracted.
struct reading {
  std::uint64_t messages = 0;
  std::uint64_t rejected = 0;
  supervision::duration_figures waits;
  supervision::duration_figures handling;
};

/// Nothing of one that was never watched.
reading read(const caf::abstract_actor& actor);
/// What has been added since.
reading since(const reading& now, const reading& before);
/// Whether it is measured on its own.
bool is_measured(const caf::abstract_actor& actor);

/// What is known of actors by name or id, looked up once for all that are listed.
struct surroundings {
  explicit surroundings(const node_context& node);

  std::map<actor_view, std::pair<std::uint64_t, std::string>> restarts;
  std::unordered_map<caf::actor_id, work_under_way> running;
};

/// Without the actor's state.
actor_figures figures_of(const actor_view& who, const caf::abstract_actor& actor,
                         const reading& of, const surroundings& known);
/// From the views: an actor that does not answer has a state too.
std::string state_of(const node_context& node, const actor_view& who);

/// Keeps the highest of all that it is given, and no more in memory. Not thread-safe.
class top {
public:
  top(actor_order by, std::size_t most) : by_(by), most_(most) {}

  void add(actor_figures f);
  /// The highest first.
  std::vector<actor_figures> take();

private:
  const actor_order by_;
  const std::size_t most_;
  std::vector<actor_figures> kept_; ///< a heap, the lowest in front
};

} // namespace pickup::actors

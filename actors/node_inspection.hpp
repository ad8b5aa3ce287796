// What inspection.hpp promises, seen of a node. Thread-safe; may be called from fibers. Owned
// by the local gateway; the node outlives it.
#pragma once

#include "actors/inspection.hpp"
#include "actors/look_pace.hpp"
#include "actors/nap.hpp"
#include "actors/node.hpp"

namespace pickup::actors {

class node_inspection final : public inspection {
public:
  explicit node_inspection(node_context& of) : node_(of) {}

  actor_list list(const actor_query& what) override;
  domain::result<fate> foresee(const actor_view& who) override;
  domain::result<actor_details> find(const actor_view& who) override;
  tree_node tree() override;
  std::vector<restart_story> restarts(std::uint64_t after, std::size_t most) override;
  reject_list rejects() override;
  domain::result<calls_on_map> calls_under_way(domain::service s,
                                               const std::optional<domain::box>& within,
                                               std::size_t most) override;
  domain::result<std::vector<message_attempt>> messages_of(domain::call_id call) override;
  domain::result<trace_view> start_trace(const trace_order& what) override;
  std::vector<trace_view> list_traces() override;
  std::vector<traced_message> traced_about(domain::call_id call) override;
  domain::result<trace_view> find_trace(std::uint64_t n, std::size_t after) override;
  domain::status_result end_trace(std::uint64_t n) override;
  void watch_for(domain::duration time) override;

  /// Looks that take their time answer soon, and new ones at once.
  void let_go() { nap_.wake_all(); }

private:
  /// One that its supervisor knows, but that does not run.
  domain::result<actor_details> find_ended(const actor_view& who) const;

  node_context& node_;
  look_pace pace_;
  nap nap_;
};

} // namespace pickup::actors

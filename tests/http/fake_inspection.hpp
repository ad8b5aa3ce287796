// Actors to look at: one of each thing an answer can say. Thread-safe as a server needs it: it
// never changes but for what it was asked.
#pragma once

#include "actors/inspection.hpp"

#include <mutex>
#include <vector>

namespace pickup::test {

class fake_inspection final : public actors::inspection {
public:
  actors::actor_list list(const actors::actor_query& what) override;
  domain::result<actors::fate> foresee(const actors::actor_view& who) override;
  domain::result<actors::actor_details> find(const actors::actor_view& who) override;
  actors::tree_node tree() override;
  std::vector<actors::restart_story> restarts(std::uint64_t after, std::size_t most) override;
  actors::reject_list rejects() override;
  domain::result<actors::calls_on_map> calls_under_way(domain::service s,
                                                       const std::optional<domain::box>& within,
                                                       std::size_t most) override;
  domain::result<std::vector<actors::message_attempt>>
  messages_of(domain::call_id call) override;
  domain::result<actors::trace_view> start_trace(const actors::trace_order& what) override;
  std::vector<actors::trace_view> list_traces() override;
  std::vector<actors::traced_message> traced_about(domain::call_id call) override;
  domain::result<actors::trace_view> find_trace(std::uint64_t n, std::size_t after) override;
  domain::status_result end_trace(std::uint64_t n) override;
  void watch_for(domain::duration) override {}

  /// What list() was asked last.
  actors::actor_query asked() const;
  /// Something crashes again.
  void crash();

private:
  mutable std::mutex mutex_;
  actors::actor_query asked_;
  std::uint64_t crashes_ = 1;
};

} // namespace pickup::test

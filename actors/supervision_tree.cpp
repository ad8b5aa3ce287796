#include "actors/supervision_tree.hpp"

#include "actors/actor_names.hpp"
#include "actors/supervisor_query.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace pickup::actors {

namespace {

tree_node worker_node(const supervision::child_status& c) {
  tree_node n;
  n.name = supervision::to_string(c.id);
  n.state = to_string(c.state);
  n.restarts = c.restarts;
  n.backoff = c.retry_in;
  return n;
}

void fill(tree_node& n, const supervision::supervisor_status& s) {
  n.supervisor = true;
  n.strategy = s.dynamic ? "simple_one_for_one" : s.strategy;
  n.intensity = s.intensity;
  n.period = s.period;
  n.restarts_left = s.restarts_left;
  n.active = s.counts.active;
  n.restarting = s.counts.restarting;
  n.quarantined = s.counts.quarantined;
  n.zombies = s.counts.zombies;
  n.truncated = s.truncated;
}

/// Asks supervisors all at once and gives up together, so that a few that hang cost one
/// patience.
class supervisors {
public:
  explicit supervisors(const node_context& node) {
    ask(node, "root");
    for (const auto shard : node.shards) {
      ask(node, "calls " + label(shard));
      ask(node, "couriers " + label(shard));
    }
  }

  /// What this one answered; nothing when it did not in time.
  std::optional<supervision::supervisor_status> answer_of(const std::string& name) {
    const auto asked = asked_.find(name);
    if (asked == asked_.end())
      return std::nullopt;
    const auto left =
        std::chrono::ceil<domain::duration>(until_ - std::chrono::steady_clock::now());
    auto given = asked->second.wait_for(std::max(left, domain::duration{0}));
    if (!given || !*given)
      return std::nullopt;
    return std::move(**given);
  }

private:
  void ask(const node_context& node, const std::string& name) {
    if (auto given = ask_supervisor(node, name))
      asked_.emplace(name, std::move(*given));
  }

  std::map<std::string, answer<supervision::supervisor_status>> asked_;
  const std::chrono::steady_clock::time_point until_ =
      std::chrono::steady_clock::now() + patience;
};

void add_below(tree_node& n, supervisors& all) {
  const auto told = all.answer_of(n.name);
  if (!told) {
    n.supervisor = true;
    n.state = "unanswered";
    return;
  }
  fill(n, *told);
  for (const auto& c : told->children) {
    auto& child = n.children.emplace_back(worker_node(c));
    child.actor = child_actor(n.name, child.name);
    if (c.kind == supervision::child_kind::supervisor)
      add_below(child, all);
    // A dispatcher's couriers have a supervisor of their own, which ends with it.
    if (const auto shard = child.name.find(' ');
        child.actor && child.actor->kind == "dispatcher") {
      auto& below = child.children.emplace_back();
      below.name = "couriers" + child.name.substr(shard);
      below.state = "running";
      add_below(below, all);
    }
  }
}

} // namespace

tree_node tree_of(const node_context& node) {
  supervisors all{node};
  tree_node root;
  root.name = "root";
  root.state = "running";
  add_below(root, all);
  return root;
}

} // namespace pickup::actors

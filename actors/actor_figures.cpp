#include "actors/actor_figures.hpp"

#include "actors/actor_names.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace pickup::actors {

namespace {

const supervision::observed* observed_of(const caf::abstract_actor& actor) {
  return dynamic_cast<const supervision::observed*>(&actor);
}

std::optional<quantiles> quantiles_of(const supervision::duration_figures& f) {
  if (f.count() == 0)
    return std::nullopt;
  return quantiles{f.quantile(0.5), f.quantile(0.99)};
}

double rank(const actor_figures& f, actor_order by) {
  const auto p99 = [](const std::optional<quantiles>& q) {
    return q ? static_cast<double>(q->p99.count()) : -1;
  };
  switch (by) {
  case actor_order::messages: return static_cast<double>(f.messages);
  case actor_order::depth: return static_cast<double>(f.depth);
  case actor_order::high_water: return static_cast<double>(f.high_water);
  case actor_order::wait: return p99(f.wait);
  case actor_order::handling: return p99(f.handling);
  case actor_order::rejected: return static_cast<double>(f.rejected);
  case actor_order::restarts: return static_cast<double>(f.restarts);
  case actor_order::running:
    return f.running ? static_cast<double>(f.running->since.count()) : -1;
  }
  return 0;
}

} // namespace

reading read(const caf::abstract_actor& actor) {
  const auto* seen = observed_of(actor);
  const auto* probe = seen == nullptr ? nullptr : seen->probe();
  return probe == nullptr ? reading{}
                          : reading{probe->messages, probe->rejected, probe->waits.read(),
                                    probe->handling.read()};
}

reading since(const reading& now, const reading& before) {
  return {now.messages - before.messages, now.rejected - before.rejected,
          now.waits.since(before.waits), now.handling.since(before.handling)};
}

bool is_measured(const caf::abstract_actor& actor) {
  const auto* seen = observed_of(actor);
  return seen != nullptr && seen->probe() != nullptr;
}

surroundings::surroundings(const node_context& node) {
  for (const auto& story : node.restarts.list(0, ~std::size_t{0}))
    if (story.actor) {
      auto& known = restarts[*story.actor];
      if (known.first++ == 0)
        known.second = story.reason;
    }
  for (auto& r : supervision::running_messages())
    running[r.actor] = {std::move(r.message), r.since};
}

actor_figures figures_of(const actor_view& who, const caf::abstract_actor& actor,
                         const reading& of, const surroundings& known) {
  actor_figures f;
  f.who = who;
  if (const auto* seen = observed_of(actor)) {
    f.depth = seen->mailbox_depth();
    f.high_water = f.depth;
    if (const auto* probe = seen->probe())
      f.high_water = std::max<std::uint64_t>(f.depth, probe->high_water);
  }
  f.messages = of.messages;
  f.rejected = of.rejected;
  f.wait = quantiles_of(of.waits);
  f.handling = quantiles_of(of.handling);
  if (const auto crashed = known.restarts.find(who); crashed != known.restarts.end())
    std::tie(f.restarts, f.last_exit) = crashed->second;
  if (const auto busy = known.running.find(actor.id()); busy != known.running.end())
    f.running = busy->second;
  return f;
}

std::string state_of(const node_context& node, const actor_view& who) {
  if (const auto call = call_of(who)) {
    const auto stored = node.journal.view().find(*call);
    return stored && *stored ? std::string{domain::name((*stored)->phase)} : "BEGINNING";
  }
  if (const auto id = courier_of(who)) {
    const auto stored = node.journal.view().find(*id);
    return stored ? std::string{domain::standing(stored->courier, stored->load,
                                                 stored->seen.where, stored->lost)}
                  : "beginning";
  }
  if (who.kind == "dispatcher")
    if (const auto service = domain::parse_service(who.id))
      return node.dispatcher_state.at(node.shard_of(*service)).ready ? "ready" : "rebuilding";
  return "running";
}

void top::add(actor_figures f) {
  const auto higher = [this](const actor_figures& a, const actor_figures& b) {
    return rank(a, by_) > rank(b, by_);
  };
  if (kept_.size() == most_) {
    if (most_ == 0 || !higher(f, kept_.front()))
      return;
    std::ranges::pop_heap(kept_, higher);
    kept_.pop_back();
  }
  kept_.push_back(std::move(f));
  std::ranges::push_heap(kept_, higher);
}

std::vector<actor_figures> top::take() {
  std::ranges::sort(kept_, [this](const actor_figures& a, const actor_figures& b) {
    return rank(a, by_) != rank(b, by_) ? rank(a, by_) > rank(b, by_) : a.who < b.who;
  });
  return std::move(kept_);
}

} // namespace pickup::actors

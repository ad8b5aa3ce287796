#include "actors/node_inspection.hpp"

#include "actors/actor_names.hpp"
#include "actors/breather.hpp"
#include "actors/provider_notifier.hpp"
#include "actors/reply.hpp"
#include "actors/supervisor_query.hpp"
#include "notify/codes.hpp"
#include "supervision/observation.hpp"

#include <boost/fiber/operations.hpp>
#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

namespace pickup::actors {

namespace {

using namespace std::chrono_literals;
using supervision::duration_figures;

/// Who has asked for actors looks at them for a while.
constexpr domain::duration attention = 30s;

// -- one actor

const supervision::observed* observed_of(const caf::abstract_actor& actor) {
  return dynamic_cast<const supervision::observed*>(&actor);
}

/// What is measured of an actor, in numbers that can be subtracted.
struct reading {
  std::uint64_t messages = 0;
  std::uint64_t rejected = 0;
  duration_figures waits;
  duration_figures handling;
};

reading read(const supervision::observed& actor) {
  const auto* probe = actor.probe();
  return probe == nullptr ? reading{}
                          : reading{probe->messages, probe->rejected, probe->waits.read(),
                                    probe->handling.read()};
}

reading since(const reading& now, const reading& before) {
  return {now.messages - before.messages, now.rejected - before.rejected,
          now.waits.since(before.waits), now.handling.since(before.handling)};
}

std::optional<quantiles> quantiles_of(const duration_figures& f) {
  if (f.count() == 0)
    return std::nullopt;
  return quantiles{f.quantile(0.5), f.quantile(0.99)};
}

/// What is known of actors by name or id, looked up once for all that are listed.
struct surroundings {
  explicit surroundings(const node_context& node) {
    for (const auto& story : node.restarts.list(0, ~std::size_t{0}))
      if (story.actor) {
        auto& known = restarts[*story.actor];
        if (known.first++ == 0)
          known.second = story.reason;
      }
    for (auto& r : supervision::running_messages())
      running[r.actor] = {std::move(r.message), r.since};
  }

  std::map<actor_view, std::pair<std::uint64_t, std::string>> restarts;
  std::unordered_map<caf::actor_id, work_under_way> running;
};

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

// From the views: an actor that does not answer has a state too.
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

// -- the order of a list

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

/// Keeps the highest of all that it is given, and no more in memory.
class top {
public:
  top(actor_order by, std::size_t most) : by_(by), most_(most) {}

  void add(actor_figures f) {
    // The lowest kept is in front.
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

  std::vector<actor_figures> take() {
    std::ranges::sort(kept_, [this](const actor_figures& a, const actor_figures& b) {
      return rank(a, by_) != rank(b, by_) ? rank(a, by_) > rank(b, by_) : a.who < b.who;
    });
    return std::move(kept_);
  }

private:
  const actor_order by_;
  const std::size_t most_;
  std::vector<actor_figures> kept_; ///< a heap
};

/// Visits many actors and lets others have the thread in between. Not thread-safe.
class sweep {
public:
  sweep(const node_context& node, std::string_view kind) : node_(node), kind_(kind) {}

  template <class F>
  void visit(F with) {
    auto began = clock::now();
    visit_actors(node_, kind_, with, [&] {
      cost_ += clock::now() - began;
      boost::this_fiber::yield();
      began = clock::now();
    });
    cost_ += clock::now() - began;
  }

  /// Without what others did in between.
  std::chrono::nanoseconds cost() const { return cost_; }

private:
  using clock = std::chrono::steady_clock;

  const node_context& node_;
  const std::string_view kind_;
  std::chrono::nanoseconds cost_{0};
};

// What those that are measured have done so far, to be taken off what they will have done.
std::unordered_map<caf::actor_id, reading> read_all(sweep& over) {
  std::unordered_map<caf::actor_id, reading> all;
  over.visit([&](const actor_view&, const caf::abstract_actor& actor) {
    if (const auto* seen = observed_of(actor); seen != nullptr && seen->probe() != nullptr)
      all.emplace(actor.id(), read(*seen));
    return true;
  });
  return all;
}

// -- the tree

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

// Whether the channel that tells it has come past a position; what has no row has been told
// then.
bool has_passed(const node_context& node, const storage::delivery_id& id) {
  return std::ranges::any_of(node.read_up_to, [&](const auto& channel) {
    return channel.second.at(id.shard) >= id.n.value();
  });
}

// The message that the entry at this position owes; nothing when it owes none.
domain::result<std::optional<message_attempt>> message_at(const node_context& node,
                                                          const storage::delivery_id& id) {
  const auto& view = node.journal.view();
  const auto stored = view.entry_at(id.shard, id.n);
  if (!stored)
    return stored.error();
  const auto* what = *stored ? std::get_if<storage::call_entry>(&(*stored)->what) : nullptr;
  if (what == nullptr || !what->owed)
    return std::optional<message_attempt>{};
  message_attempt m;
  m.intent = label(id.shard) + ':' + std::to_string(id.n.value());
  m.kind = domain::name(what->owed->kind);
  m.at = (*stored)->at;
  m.correlation_id = (*stored)->correlation_id;
  m.state = has_passed(node, id) ? "told" : "waiting";
  const auto delivery = view.find_delivery(provider_channel, id);
  if (!delivery)
    return delivery.error();
  if (const auto& d = *delivery) {
    m.state = storage::name(d->state);
    m.via = notify::name(d->via);
    m.attempts = d->attempts;
    m.code = d->code;
    m.reason = d->reason;
    m.at = std::max(m.at, std::max(d->last_sent, d->since));
  }
  return std::optional{std::move(m)};
}

domain::error nobody(const actor_view& who) {
  return {domain::errc::not_found,
          "find actor " + who.kind + ' ' + who.id + ": no such actor is alive",
          {}};
}

} // namespace

actor_list node_inspection::list(const actor_query& what) {
  auto& node = node_;
  node.seen.watch_for(attention + what.window);
  nap_.until(pace_.turn(look_pace::clock::now()));
  sweep over{node, what.kind};
  std::unordered_map<caf::actor_id, reading> before;
  if (what.window.count() > 0) {
    before = read_all(over);
    nap_.until(nap::clock::now() + what.window);
  }
  const surroundings known{node};
  actor_list found;
  top highest{what.by.value_or(actor_order::messages), what.most};
  over.visit([&](const actor_view& who, const caf::abstract_actor& actor) {
    const auto* seen = observed_of(actor);
    auto now = seen != nullptr ? read(*seen) : reading{};
    if (const auto earlier = before.find(actor.id()); earlier != before.end())
      now = since(now, earlier->second);
    auto figures = figures_of(who, actor, now, known);
    if (what.by)
      highest.add(std::move(figures));
    else
      found.actors.push_back(std::move(figures));
    return what.by || found.actors.size() < what.most;
  });
  if (what.by)
    found.actors = highest.take();
  for (auto& f : found.actors)
    f.state = state_of(node, f.who);
  found.total = count_actors(node, what.kind);
  found.measured = node.seen.probes();
  found.took = over.cost();
  pace_.took(found.took);
  return found;
}

domain::result<actor_details> node_inspection::find(const actor_view& who) {
  auto& node = node_;
  const auto actor = find_actor(node, who);
  if (!actor)
    return find_ended(who);
  node.seen.watch_for(attention);
  const auto& alive = *caf::actor_cast<caf::abstract_actor*>(actor);
  const auto* seen = observed_of(alive);
  auto figures =
      figures_of(who, alive, seen != nullptr ? read(*seen) : reading{}, surroundings{node});
  figures.state = state_of(node, who);
  auto [promise, answer] = reply<actor_snapshot>::make();
  caf::anon_send(actor, show_state{std::move(promise)});
  const auto given = answer.wait_for(patience);
  const domain::error late{domain::errc::timeout,
                           "show " + who.kind + ' ' + who.id
                               + ": did not answer within a second: it hangs, or much waits "
                                 "before it",
                           {}};
  return actor_details{std::move(figures), supervisor_of(node, who),
                       given ? *given : domain::result<actor_snapshot>{late},
                       node.restarts.of(who)};
}

domain::result<actor_details> node_inspection::find_ended(const actor_view& who) const {
  const auto kept = upkeep_of(node_, who);
  if (!kept && kept.error().code == domain::errc::timeout)
    return kept.error();
  if (!kept || !kept->child)
    return nobody(who);
  actor_details d{{},
                  kept->supervisor.name,
                  domain::error{domain::errc::conflict,
                                "show " + who.kind + ' ' + who.id + ": does not run",
                                {}},
                  node_.restarts.of(who)};
  d.figures.who = who;
  d.figures.state = to_string(kept->child->state);
  d.figures.restarts = d.stories.size();
  if (!d.stories.empty())
    d.figures.last_exit = d.stories.front().reason;
  return d;
}

namespace {

// Those of a courier's calls that are dispatched anew when the courier is lost; nothing when
// the dispatcher does not say.
std::optional<std::uint64_t> movable_jobs(const node_context& node,
                                          domain::courier_id courier) {
  const auto& view = node.journal.view();
  const auto known = view.find(courier);
  const auto dispatcher =
      known ? node.dispatchers.find(node.shard_of(known->courier.service)) : dispatcher_actor{};
  if (!dispatcher)
    return std::nullopt;
  auto [promise, answer] = reply<std::vector<domain::call_id>>::make();
  caf::anon_send(dispatcher, list_jobs{courier, std::move(promise)});
  const auto jobs = answer.wait_for(patience);
  if (!jobs || !*jobs)
    return std::nullopt;
  return std::ranges::count_if(**jobs, [&](domain::call_id id) {
    const auto call = view.find(id);
    return call && *call
           && step(**call, domain::lose_courier{courier}, node.now())->next.phase
                  == domain::phase::dispatching;
  });
}

bool shares_threads(const actor_view& who) {
  return who.kind == "call" || who.kind == "courier" || who.kind == "dispatcher";
}

// Whether one more actor that hangs leaves no thread to the others.
bool is_last_thread(const node_context& node) {
  const auto hanging = std::ranges::count_if(
      supervision::running_messages(), [](const auto& running) { return running.since >= 1s; });
  return static_cast<std::uint64_t>(hanging) + 1 >= node.options.limits.workers();
}

} // namespace

domain::result<fate> node_inspection::foresee(const actor_view& who) {
  auto kept = upkeep_of(node_, who);
  fate f;
  f.hang_limit = node_.options.supervision.hang_limit;
  f.on_last_thread = shares_threads(who) && is_last_thread(node_);
  f.supervisor = supervisor_of(node_, who);
  if (!kept) {
    f.then = aftermath::unknown;
    if (find_actor(node_, who))
      return f;
    return kept.error().code == domain::errc::timeout ? kept.error() : nobody(who);
  }
  f.quarantined = kept->child && kept->child->state == supervision::child_state::quarantined;
  if (f.quarantined)
    return f;
  if (!find_actor(node_, who))
    return nobody(who);
  if (kept->child && kept->child->restarts_left == 0) {
    f.then = aftermath::quarantined;
    if (const auto courier = courier_of(who))
      f.calls_redispatched = movable_jobs(node_, *courier);
    return f;
  }
  // Who gives up leaves it to their own supervisor, and so on up to the process.
  auto giving_up = std::move(kept->supervisor);
  if (giving_up.restarts_left > 0)
    return f;
  f.then = aftermath::process_ends;
  f.actors = count_actors(node_, "");
  if (giving_up.name == "root")
    return f;
  const auto above = upkeep_of(node_, {"root", ""});
  if (!above) {
    f.then = aftermath::unknown;
  } else if (above->supervisor.restarts_left > 0) {
    f.then = aftermath::supervisor_restarted;
    f.actors = giving_up.counts.active;
    f.with_dispatcher = courier_of(who).has_value();
    if (f.with_dispatcher)
      ++f.actors;
  }
  return f;
}

tree_node node_inspection::tree() {
  supervisors all{node_};
  tree_node root;
  root.name = "root";
  root.state = "running";
  add_below(root, all);
  return root;
}

domain::result<calls_on_map>
node_inspection::calls_under_way(domain::service s, const std::optional<domain::box>& within,
                                 std::size_t most) {
  const auto& view = node_.journal.view();
  const auto shard = node_.shard_of(s);
  calls_on_map found;
  breather others;
  // Numbers count from 1, so below 1 there are none.
  auto below = std::numeric_limits<std::uint64_t>::max();
  for (auto left = most; left > 0 && below > 1;) {
    const auto ids = view.newest_live_calls(shard, below, std::min(left, breather::in_a_row));
    left -= ids.size();
    below = ids.empty() ? 1 : ids.back().n();
    for (const auto id : ids) {
      others.before_read();
      auto stored = view.find(id);
      if (!stored)
        return stored.error();
      if (*stored && under_way((*stored)->phase)
          && (!within || within->contains((*stored)->request.where)))
        found.newest.push_back(std::move(**stored));
    }
  }
  found.truncated = !view.newest_live_calls(shard, below, 1).empty();
  found.total = within && !found.truncated ? found.newest.size() : view.live_call_count(shard);
  return found;
}

domain::result<std::vector<message_attempt>>
node_inspection::messages_of(domain::call_id call) {
  const auto& view = node_.journal.view();
  const auto steps = view.history(call);
  if (!steps)
    return steps.error();
  std::vector<message_attempt> all;
  domain::seq_no last;
  for (const auto& step : *steps) {
    if (step.seq == std::exchange(last, step.seq))
      continue;
    auto told = message_at(node_, {call.shard(), step.seq});
    if (!told)
      return told.error();
    if (*told)
      all.push_back(std::move(**told));
  }
  return all;
}

reject_list node_inspection::rejects() {
  const auto& node = node_;
  reject_list all;
  for (const auto* kind : node.bounds.all()) {
    const auto& name = kind->options().name;
    for (const auto& [message, count] : kind->losses())
      all.mailboxes.push_back({name, message, count});
    if (const auto late = kind->figures().late; late > 0)
      all.ended.push_back({name, "", late});
  }
  for (std::size_t i = 0; i < refusal_causes; ++i)
    if (const auto n = node.counters.calls_refused[i].load(); n > 0)
      all.calls.push_back({"", std::string{name(static_cast<refusal_cause>(i))}, n});
  return all;
}

std::vector<restart_story> node_inspection::restarts(std::uint64_t after, std::size_t most) {
  return node_.restarts.list(after, most);
}

domain::result<trace_view> node_inspection::start_trace(const trace_order& what) {
  // Calls and couriers may come to life later; of the others there are few.
  if (!call_of(what.whose) && !courier_of(what.whose) && !find_actor(node_, what.whose))
    return nobody(what.whose);
  return node_.traces.start(what);
}

std::vector<trace_view> node_inspection::list_traces() {
  return node_.traces.list();
}

std::vector<traced_message> node_inspection::traced_about(domain::call_id call) {
  return node_.traces.about(name_of(call));
}

domain::result<trace_view> node_inspection::find_trace(std::uint64_t n, std::size_t after) {
  return node_.traces.find(n, after);
}

domain::status_result node_inspection::end_trace(std::uint64_t n) {
  return node_.traces.end(n);
}

void node_inspection::watch_for(domain::duration time) {
  node_.seen.watch_for(time);
}

} // namespace pickup::actors

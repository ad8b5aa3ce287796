#include "actors/tracer.hpp"

#include "actors/messages.hpp"
#include "actors/subjects.hpp"
#include "supervision/mailbox_kind.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace pickup::actors {

namespace {

constexpr std::ptrdiff_t most_running = 4;
constexpr std::size_t most_kept = 16;

domain::error no_such_trace(std::uint64_t n) {
  return {domain::errc::not_found, "find trace " + std::to_string(n) + ": there is none", {}};
}

} // namespace

domain::result<trace_view> tracer::start(const trace_order& what) {
  const std::lock_guard guard{mutex_};
  close_overdue();
  const auto is_done = [](const kept_trace& t) { return t.seen.done; };
  if (std::ranges::count(traces_, false, is_done) >= most_running)
    return domain::error{domain::errc::conflict,
                         "start trace: " + std::to_string(most_running) + " run already",
                         {}};
  if (traces_.size() == most_kept)
    traces_.erase(std::ranges::find_if(traces_, is_done));
  auto& t = traces_.emplace_back();
  t.until = steady_() + what.time;
  t.seen.n = ++last_;
  t.seen.what = what;
  t.seen.started_at = now_();
  t.seen.ends_at = t.seen.started_at + what.time;
  observation_.tracer = this;
  return t.seen;
}

std::vector<trace_view> tracer::list() {
  const std::lock_guard guard{mutex_};
  close_overdue();
  std::vector<trace_view> all;
  for (const auto& [seen, until] : traces_)
    all.push_back(
        {seen.n, seen.what, seen.started_at, seen.ends_at, seen.done, seen.truncated, {}});
  return all;
}

std::vector<traced_message> tracer::about(const actor_view& whom) {
  std::vector<traced_message> found;
  std::set<traced_message> known; // several traces may have the same message
  // One trace at a time, so that actors get in between.
  for (const auto& t : list()) {
    const std::lock_guard guard{mutex_};
    if (const auto kept = look_up(t.n); kept != traces_.end())
      for (const auto& m : kept->seen.messages)
        if ((m.actor == whom || std::ranges::count(m.about, whom) != 0)
            && known.insert(m).second)
          found.push_back(m);
  }
  std::ranges::stable_sort(found, {}, &traced_message::at);
  return found;
}

domain::result<trace_view> tracer::find(std::uint64_t n) {
  const std::lock_guard guard{mutex_};
  close_overdue();
  const auto found = look_up(n);
  if (found == traces_.end())
    return no_such_trace(n);
  return found->seen;
}

domain::status_result tracer::end(std::uint64_t n) {
  const std::lock_guard guard{mutex_};
  const auto found = look_up(n);
  if (found == traces_.end())
    return no_such_trace(n);
  traces_.erase(found);
  close_overdue();
  return domain::done{};
}

std::deque<tracer::kept_trace>::iterator tracer::look_up(std::uint64_t n) {
  return std::ranges::find(traces_, n, [](const kept_trace& t) { return t.seen.n; });
}

void tracer::close_overdue() {
  const auto now = steady_();
  bool any = false;
  for (auto& [t, until] : traces_) {
    t.truncated = t.messages.size() >= t.what.messages;
    t.done = t.done || t.truncated || now >= until;
    any = any || !t.done;
  }
  if (!any)
    observation_.tracer = nullptr;
}

std::uint64_t tracer::begins(const supervision::observed& at,
                             const caf::mailbox_element& message,
                             std::optional<nanoseconds> waited) {
  const actor_view here{at.kind().options().name, at.instance()};
  const auto about = subjects_of(message);
  const auto at_time = now_();
  const std::lock_guard guard{mutex_};
  close_overdue();
  std::uint64_t token = 0;
  for (auto& [t, until] : traces_) {
    if (t.done || (t.what.whose != here && std::ranges::count(about, t.what.whose) == 0))
      continue;
    if (token == 0)
      token = ++last_token_;
    under_way_.push_back({token, t.n, t.messages.size()});
    t.messages.push_back({at_time, here, supervision::short_type_name(message), about, waited,
                          nanoseconds{0}, false});
  }
  return token;
}

void tracer::ended(std::uint64_t token, nanoseconds took, bool failed) {
  const std::lock_guard guard{mutex_};
  for (const auto& u : under_way_)
    if (const auto t = look_up(u.trace); u.token == token && t != traces_.end()) {
      t->seen.messages[u.message].took = took;
      t->seen.messages[u.message].failed = failed;
    }
  std::erase_if(under_way_, [&](const auto& u) { return u.token == token; });
}

} // namespace pickup::actors

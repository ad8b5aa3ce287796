#include "actors/tracer.hpp"

#include "actors/messages.hpp"
#include "actors/subjects.hpp"
#include "supervision/mailbox_kind.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

namespace pickup::actors {

namespace {

constexpr std::ptrdiff_t most_running = 4;
constexpr std::size_t most_kept = 16;

domain::error no_such_trace(std::uint64_t n) {
  return {domain::errc::not_found, "find trace " + std::to_string(n) + ": there is none", {}};
}

bool is_about(const traced_message& m, const actor_view& whom) {
  return m.actor == whom || std::ranges::count(m.about, whom) != 0;
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
  publish();
  return t.seen;
}

std::vector<trace_view> tracer::list() {
  const std::lock_guard guard{mutex_};
  close_overdue();
  std::vector<trace_view> all;
  for (const auto& t : traces_)
    all.push_back(t.seen);
  return all;
}

std::vector<traced_message> tracer::about(const actor_view& whom) {
  std::vector<message_ptr> all;
  {
    const std::lock_guard guard{mutex_};
    for (const auto& t : traces_)
      all.insert(all.end(), t.messages.begin(), t.messages.end());
  }
  std::vector<traced_message> found;
  std::unordered_set<message_ptr> known;
  for (const auto& m : all)
    if (is_about(*m, whom) && known.insert(m).second)
      found.push_back(*m);
  std::ranges::stable_sort(found, {}, &traced_message::at);
  return found;
}

domain::result<trace_view> tracer::find(std::uint64_t n, std::size_t after) {
  trace_view found;
  std::vector<message_ptr> messages;
  {
    const std::lock_guard guard{mutex_};
    close_overdue();
    const auto kept = look_up(n);
    if (kept == traces_.end())
      return no_such_trace(n);
    found = kept->seen;
    if (after < kept->messages.size())
      messages.assign(kept->messages.begin() + static_cast<std::ptrdiff_t>(after),
                      kept->messages.end());
  }
  for (const auto& m : messages)
    found.messages.push_back(*m);
  return found;
}

domain::status_result tracer::end(std::uint64_t n) {
  const std::lock_guard guard{mutex_};
  const auto found = look_up(n);
  if (found == traces_.end())
    return no_such_trace(n);
  traces_.erase(found);
  publish();
  return domain::done{};
}

std::deque<tracer::kept_trace>::iterator tracer::look_up(std::uint64_t n) {
  return std::ranges::find(traces_, n, [](const kept_trace& t) { return t.seen.n; });
}

// Both for who has the lock.

void tracer::close_overdue() {
  const auto now = steady_();
  bool any_closed = false;
  for (auto& t : traces_) {
    t.seen.truncated = t.messages.size() >= t.seen.what.messages;
    if (!t.seen.done && (t.seen.truncated || now >= t.until))
      any_closed = t.seen.done = true;
  }
  if (any_closed)
    publish();
}

void tracer::publish() {
  auto whose = std::make_shared<subjects>();
  for (const auto& t : traces_)
    if (!t.seen.done)
      whose->push_back(t.seen.what.whose);
  const bool any = !whose->empty();
  followed_ = std::move(whose);
  observation_.tracer = any ? this : nullptr;
}

std::uint64_t tracer::begins(const supervision::observed& at,
                             const caf::mailbox_element& message,
                             std::optional<nanoseconds> waited) {
  traced_message m;
  m.actor = {at.kind().options().name, at.instance()};
  m.about = subjects_of(message);
  const auto followed = followed_.load();
  if (!followed
      || std::ranges::none_of(*followed, [&](const auto& whom) { return is_about(m, whom); }))
    return 0;
  m.at = now_();
  m.message = supervision::short_type_name(message);
  m.waited = waited;
  const auto shared = std::make_shared<const traced_message>(std::move(m));
  const std::lock_guard guard{mutex_};
  close_overdue();
  std::uint64_t token = 0;
  for (auto& t : traces_) {
    if (t.seen.done || !is_about(*shared, t.seen.what.whose))
      continue;
    if (token == 0)
      token = ++last_token_;
    under_way_.push_back({token, t.seen.n, t.messages.size()});
    t.messages.push_back(shared);
  }
  return token;
}

void tracer::ended(std::uint64_t token, nanoseconds took, bool failed) {
  const std::lock_guard guard{mutex_};
  message_ptr whole;
  for (const auto& u : under_way_)
    if (const auto t = look_up(u.trace); u.token == token && t != traces_.end()) {
      auto& known = t->messages[u.message];
      if (!whole) {
        auto m = *known;
        m.took = took;
        m.failed = failed;
        whole = std::make_shared<const traced_message>(std::move(m));
      }
      known = whole;
    }
  std::erase_if(under_way_, [&](const auto& u) { return u.token == token; });
}

} // namespace pickup::actors

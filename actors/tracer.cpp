#include "actors/tracer.hpp"

#include "actors/messages.hpp"
#include "actors/subjects.hpp"
#include "supervision/mailbox_kind.hpp"

#include <algorithm>
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
  if (std::ranges::count(traces_, false, &trace_view::done) >= most_running)
    return domain::error{domain::errc::conflict,
                         "start trace: " + std::to_string(most_running) + " run already",
                         {}};
  if (traces_.size() == most_kept)
    traces_.erase(std::ranges::find(traces_, true, &trace_view::done));
  auto& t = traces_.emplace_back();
  t.n = ++last_;
  t.what = what;
  t.started_at = now_();
  t.ends_at = t.started_at + what.time;
  observation_.tracer = this;
  return t;
}

std::vector<trace_view> tracer::list() {
  const std::lock_guard guard{mutex_};
  close_overdue();
  return {traces_.begin(), traces_.end()};
}

domain::result<trace_view> tracer::find(std::uint64_t n) {
  const std::lock_guard guard{mutex_};
  close_overdue();
  const auto found = std::ranges::find(traces_, n, &trace_view::n);
  if (found == traces_.end())
    return no_such_trace(n);
  return *found;
}

domain::status_result tracer::end(std::uint64_t n) {
  const std::lock_guard guard{mutex_};
  const auto found = std::ranges::find(traces_, n, &trace_view::n);
  if (found == traces_.end())
    return no_such_trace(n);
  traces_.erase(found);
  close_overdue();
  return domain::done{};
}

void tracer::close_overdue() {
  const auto now = now_();
  for (auto& t : traces_) {
    t.truncated = t.messages.size() >= t.what.messages;
    t.done = t.done || t.truncated || now >= t.ends_at;
  }
  if (std::ranges::all_of(traces_, &trace_view::done))
    observation_.tracer = nullptr;
}

std::uint64_t tracer::begins(const supervision::observed& at,
                             const caf::mailbox_element& message,
                             std::optional<nanoseconds> waited) {
  const actor_view here{at.kind().options().name, at.instance()};
  const auto about = subjects_of(message);
  const std::lock_guard guard{mutex_};
  close_overdue();
  std::uint64_t token = 0;
  for (auto& t : traces_) {
    if (t.done || (t.what.whose != here && std::ranges::count(about, t.what.whose) == 0))
      continue;
    if (token == 0)
      token = ++last_token_;
    under_way_.push_back({token, t.n, t.messages.size()});
    t.messages.push_back({now_(), here, supervision::short_type_name(message), about, waited,
                          nanoseconds{0}, false});
  }
  return token;
}

void tracer::ended(std::uint64_t token, nanoseconds took, bool failed) {
  const std::lock_guard guard{mutex_};
  for (const auto& u : under_way_)
    if (const auto t = std::ranges::find(traces_, u.trace, &trace_view::n);
        u.token == token && t != traces_.end()) {
      t->messages[u.message].took = took;
      t->messages[u.message].failed = failed;
    }
  std::erase_if(under_way_, [&](const auto& u) { return u.token == token; });
}

} // namespace pickup::actors

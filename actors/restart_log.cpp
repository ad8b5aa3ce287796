#include "actors/restart_log.hpp"

#include <caf/deep_to_string.hpp>
#include <caf/exit_reason.hpp>
#include <caf/message.hpp>

#include <algorithm>
#include <chrono>
#include <ranges>
#include <utility>

namespace pickup::actors {

namespace {

using namespace std::chrono_literals;

/// A supervisor that gives up is dealt with by its own at once.
constexpr domain::duration cause_limit = 5s;
/// Operators' orders that nothing followed.
constexpr std::size_t most_expected = 100;

constexpr std::string_view couriers_prefix = "couriers ";
constexpr std::string_view dispatcher_prefix = "dispatcher ";

// A dispatcher ends with the supervisor of its couriers, which is its own.
bool is_below(std::string_view supervisor, std::string_view child) {
  return supervisor == child
         || (supervisor.starts_with(couriers_prefix) && child.starts_with(dispatcher_prefix)
             && supervisor.substr(couriers_prefix.size())
                    == child.substr(dispatcher_prefix.size()));
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words)
    all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string subject(const restart_story& s) {
  return s.actor ? s.actor->kind + ' ' + s.actor->id : s.child;
}

std::string what_happened(const restart_story& s) {
  auto text = subject(s);
  if (s.incarnation > 0)
    text += s.incarnation == 1
                ? " (restarted once before)"
                : " (restarted " + std::to_string(s.incarnation) + " times before)";
  if (!s.by.empty())
    return text + " was ended by " + s.by + ": " + s.reason + '.';
  if (!s.message.empty())
    return text + " crashed while it handled " + s.message + ": " + s.reason + '.';
  return text + " ended: " + s.reason + '.';
}

std::string what_followed(const restart_story& s) {
  const auto supervisor = "Its supervisor " + s.supervisor;
  if (s.outcome == "restarts")
    return supervisor + " starts it again"
           + (s.siblings.empty() ? "." : ", and with it " + joined(s.siblings) + '.');
  if (s.outcome == "drops")
    return supervisor + " does not start it again: it was temporary.";
  if (s.outcome == "quarantines")
    return supervisor + " does not start it again: it crashed too often; the others go on.";
  if (s.outcome == "escalates")
    return supervisor + " gives up, and leaves it to its own supervisor.";
  return supervisor + " leaves it behind: not even a kill has ended it.";
}

} // namespace

std::string reason_text(const caf::error& reason) {
  if (!reason)
    return "normal";
  if (reason == caf::exit_reason::kill)
    return "killed";
  const auto& context = reason.context();
  if (!context.empty() && context.match_element<std::string>(0))
    return context.get_as<std::string>(0);
  return caf::deep_to_string(reason);
}

void restart_log::expect(const actor_view& actor, std::string reason, std::string by,
                         domain::timestamp until) {
  const std::lock_guard guard{mutex_};
  if (expected_.size() == most_expected)
    expected_.pop_front();
  expected_.push_back({actor, std::move(reason), std::move(by), until});
}

std::string restart_log::take_operator(const restart_story& of) {
  const auto found = std::ranges::find_if(expected_, [&](const expectation& e) {
    return e.actor == of.actor && e.reason == of.reason && of.at <= e.until;
  });
  if (found == expected_.end())
    return {};
  auto by = std::move(found->by);
  expected_.erase(found);
  return by;
}

std::optional<std::uint64_t> restart_log::cause_of(const std::string& child,
                                                   domain::timestamp at) const {
  for (const auto& earlier : stories_ | std::views::reverse) {
    if (at - earlier.at > cause_limit)
      break;
    if (earlier.outcome == "escalates" && is_below(earlier.supervisor, child))
      return earlier.n;
  }
  return std::nullopt;
}

restart_story restart_log::note(const supervision::restart_report& report,
                                std::optional<actor_view> actor, domain::timestamp at) {
  const std::lock_guard guard{mutex_};
  restart_story s;
  s.at = at;
  s.supervisor = report.supervisor;
  s.child = report.child;
  s.actor = std::move(actor);
  s.incarnation = report.incarnation;
  s.message = report.message_type;
  if (const auto last = s.message.find_last_of(":."); last != s.message.npos)
    s.message.erase(0, last + 1);
  s.reason = reason_text(report.reason);
  s.by = take_operator(s);
  s.outcome = to_string(report.outcome);
  s.siblings = report.siblings;
  s.caused_by = cause_of(s.child, at);
  s.story = what_happened(s);
  if (s.caused_by)
    s.story += " It followed from no. " + std::to_string(*s.caused_by) + " (" + [&] {
      const auto cause = std::ranges::find(stories_, *s.caused_by, &restart_story::n);
      return subject(*cause) + ": " + cause->reason;
    }() + ").";
  s.story += ' ' + what_followed(s);
  s.n = count_ + 1;
  stories_.push_back(s);
  if (stories_.size() > most_kept)
    stories_.pop_front();
  ++count_;
  return s;
}

std::vector<restart_story> restart_log::list(std::uint64_t after, std::size_t most) const {
  const std::lock_guard guard{mutex_};
  std::vector<restart_story> found;
  for (const auto& s : stories_ | std::views::reverse | std::views::take(most)) {
    if (s.n <= after)
      break;
    found.push_back(s);
  }
  return found;
}

std::vector<restart_story> restart_log::of(const actor_view& actor) const {
  const std::lock_guard guard{mutex_};
  std::vector<restart_story> found;
  for (const auto& s : stories_ | std::views::reverse)
    if (s.actor == actor)
      found.push_back(s);
  return found;
}

} // namespace pickup::actors

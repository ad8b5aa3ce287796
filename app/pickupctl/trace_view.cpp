#include "app/pickupctl/trace_view.hpp"

#include "app/pickupctl/show.hpp"
#include "app/pickupctl/width.hpp"
#include "domain/time.hpp"

#include <algorithm>
#include <chrono>

namespace pickup::ctl {

namespace {

using milliseconds = std::chrono::duration<double, std::milli>;

milliseconds end_of(const json_value& message) {
  const auto began = domain::parse_rfc3339(message["at"].text().value_or(""));
  return milliseconds{began.value_or(domain::timestamp{}).time_since_epoch()}
         + milliseconds{message["tookMs"].number().value_or(0)};
}

} // namespace

bool is_under_way(const json_value& message) {
  return !message["tookMs"];
}

std::string message_line(const json_value& m) {
  constexpr std::size_t actor_columns = 22;
  constexpr std::size_t message_columns = 24;
  return m["at"].shown() + "  " + padded(shown(m, "actor.kind actor.id"), actor_columns) + "  "
         + padded(m["message"].shown(), message_columns) + "  waited " + m["waitMs"].shown()
         + " ms, " + (is_under_way(m) ? "under way" : "took " + m["tookMs"].shown() + " ms")
         + (m["failed"].is_true() ? ", failed" : "") + "  " + m["about"].shown();
}

std::vector<json_value> trace_progress::ended(const std::vector<json_value>& messages) {
  std::vector<json_value> fresh;
  for (std::size_t i = 0; i < messages.size(); ++i)
    if (!is_under_way(messages[i]) && ahead_.insert(told_ + i).second)
      fresh.push_back(messages[i]);
  for (; ahead_.erase(told_) > 0; ++told_) {
  }
  std::ranges::stable_sort(fresh, {}, end_of);
  return fresh;
}

} // namespace pickup::ctl

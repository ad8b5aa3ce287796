#include "app/pickupctl/top_view.hpp"

#include "app/pickupctl/show.hpp"
#include "app/pickupctl/width.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

namespace pickup::ctl {

namespace {

/// No handler needs so long for its work: who takes it hangs, or is about to.
constexpr double stuck_ms = 1000;
constexpr std::string_view stuck_mark = "! ";

std::string rate_text(std::optional<double> rate, const char* format = "%.1f") {
  if (!rate)
    return "-";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, *rate);
  return text.data();
}

std::string count_text(double count) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.0f", count);
  return text.data();
}

} // namespace

node_figures read_figures(const json_document& metrics) {
  node_figures f;
  f.at = domain::parse_rfc3339(metrics["at"].text().value_or(""));
  f.version = metrics["version"].shown();
  f.ready = metrics["ready"].is_true();
  const std::array<std::pair<std::string_view, double*>, 5> sums{
      {{"pickupd_calls_created_total", &f.calls_made},
       {"pickupd_calls_waiting", &f.waiting},
       {"pickupd_couriers", &f.couriers},
       {"pickupd_couriers_free", &f.couriers_free},
       {"pickupd_operator_cpu_seconds_total", &f.looking_seconds}}};
  for (const auto& m : metrics["metrics"].items()) {
    const auto name = m["name"].text().value_or("");
    const auto value = m["value"].number().value_or(0);
    for (const auto& [wanted, sum] : sums)
      if (name == wanted)
        *sum += value;
    if (name == "pickupd_breaker_state" && value == 1)
      f.breakers.emplace_back(m["labels.breaker"].shown(), m["labels.state"].shown());
  }
  return f;
}

std::optional<double> growth_a_second(const node_figures& before, const node_figures& now,
                                      double node_figures::*count) {
  if (!before.at || !now.at || *now.at <= *before.at || now.*count < before.*count)
    return std::nullopt;
  const std::chrono::duration<double> seconds = *now.at - *before.at;
  return (now.*count - before.*count) / seconds.count();
}

std::vector<std::string> header_lines(const std::optional<node_figures>& before,
                                      const node_figures& now) {
  const auto rate_of = [&](double node_figures::*count) {
    return before ? growth_a_second(*before, now, count) : std::nullopt;
  };
  auto looking = rate_of(&node_figures::looking_seconds);
  if (looking)
    *looking *= 100;
  std::string breakers{"breakers "};
  auto separator = "";
  for (const auto& [name, state] : now.breakers) {
    breakers.append(separator).append(name).append(" ").append(state);
    separator = ", ";
  }
  return {"pickupd " + now.version + (now.ready ? ", ready" : ", not ready") + ", "
              + (now.at ? domain::to_rfc3339(*now.at) : "-") + ", looking on costs "
              + rate_text(looking, "%.2g") + " % of a processor",
          "calls " + rate_text(rate_of(&node_figures::calls_made)) + "/s, waiting "
              + count_text(now.waiting) + ", couriers free " + count_text(now.couriers_free)
              + " of " + count_text(now.couriers),
          breakers};
}

std::vector<view_line> actor_lines(const json_document& actors, std::size_t columns) {
  constexpr std::array<column, 13> all{{{"actor", "kind id"},
                                        {"state", "state"},
                                        {"messages", "messages"},
                                        {"depth", "depth"},
                                        {"high", "highWater"},
                                        {"wait p50", "wait.p50Ms"},
                                        {"p99 ms", "wait.p99Ms"},
                                        {"handler p50", "handler.p50Ms"},
                                        {"p99 ms", "handler.p99Ms"},
                                        {"rejected", "rejected"},
                                        {"restarts", "restarts"},
                                        {"running", "running.message"},
                                        {"for ms", "running.forMs"}}};
  std::vector<std::string> titles;
  for (const auto& c : all)
    titles.emplace_back(c.title);
  table t{std::move(titles)};
  std::vector<bool> alarms{false}; // the titles
  for (const auto& actor : actors["actors"].items()) {
    alarms.push_back(actor["running.forMs"].number().value_or(0) >= stuck_ms);
    std::vector<std::string> cells;
    for (const auto& c : all)
      cells.push_back(shown(actor, c.paths));
    if (alarms.back())
      cells.front().insert(0, stuck_mark); // at the front, which no narrow terminal cuts off
    t.add(std::move(cells));
  }
  std::vector<view_line> lines;
  for (auto& text : t.lines(columns))
    lines.push_back({std::move(text), alarms[lines.size()]});
  return lines;
}

} // namespace pickup::ctl

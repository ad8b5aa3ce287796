// What `top` shows, made from what the server answered. Pure values and functions.
#pragma once

#include "app/pickupctl/json.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pickup::ctl {

/// What may be sorted by, and which kinds may be shown, as the server names them; "" is all.
inline constexpr std::array<std::string_view, 8> sort_keys{
    "messages", "depth", "highWater", "wait", "handler", "rejected", "restarts", "running"};
inline constexpr std::array<std::string_view, 6> actor_kinds{
    "", "call", "courier", "dispatcher", "ledger", "notifier"};

/// What the keys chose.
struct top_choice {
  std::size_t sort = 0;
  std::size_t kind = 0;

  std::string_view sort_key() const { return sort_keys[sort]; }
  std::string_view actor_kind() const { return actor_kinds[kind]; }
  void next_sort() { sort = (sort + 1) % sort_keys.size(); }
  void next_kind() { kind = (kind + 1) % actor_kinds.size(); }
};

/// The node as a whole, at one moment.
struct node_figures {
  std::optional<domain::timestamp> at;
  std::string version;
  bool ready = false;
  double calls_made = 0;
  double waiting = 0;
  double couriers = 0;
  double couriers_free = 0;
  double looking_seconds = 0; ///< of processor time, that looking on has cost
  std::vector<std::pair<std::string, std::string>> breakers; ///< and their states
};

/// Reads what /admin/metrics answers.
node_figures read_figures(const json_document& metrics);

/// By how much a count grew a second between two moments; nothing when they are the same, or
/// counting began anew.
std::optional<double> growth_a_second(const node_figures& before, const node_figures& now,
                                      double node_figures::*count);

/// The lines above the actors.
std::vector<std::string> header_lines(const std::optional<node_figures>& before,
                                      const node_figures& now);

/// Something to be printed.
struct view_line {
  std::string text;
  bool is_alarming = false; ///< to be coloured, where there are colours

  friend bool operator==(const view_line&, const view_line&) = default;
};

/// A table of what /admin/actors answers, its titles first. Who has handled one message for a
/// second or longer is marked and alarms.
std::vector<view_line> actor_lines(const json_document& actors, std::size_t columns);

} // namespace pickup::ctl

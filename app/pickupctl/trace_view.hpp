// What `trace` shows of what the server answered. Not thread-safe. Values and functions without
// I/O.
#pragma once

#include "app/pickupctl/json.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace pickup::ctl {

/// Whether a message is still being handled.
bool is_under_way(const json_value& message);

/// A message of a trace for people.
std::string message_line(const json_value& message);

/// Which messages were told already: each once, when its handling has ended.
class trace_progress {
public:
  /// So many at the beginning have ended and were told: the server need not send them again.
  std::size_t told() const { return told_; }

  /// Those that ended since, in the order in which they did.
  /// @param messages all but the first told()
  std::vector<json_value> ended(const std::vector<json_value>& messages);

private:
  std::size_t told_ = 0;
  std::set<std::size_t> ahead_; ///< told although one before them is under way; places
};

} // namespace pickup::ctl

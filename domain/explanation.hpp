// Why a call was promised to a courier: whom the dispatcher considered, and what came of it.
// Pure values and rules. The verdicts follow from the rest, so that anybody can check them.
#pragma once

#include "domain/ids.hpp"
#include "domain/position.hpp"
#include "domain/service.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::domain {

/// How call and courier found each other. On disk: append, never renumber.
enum class matching : std::uint8_t {
  nearest = 1,     ///< a call looked for a courier
  oldest_call = 2, ///< couriers became free; the one with the lowest id took the oldest call
};

/// What became of somebody considered. On disk: append, never renumber.
enum class verdict : std::uint8_t {
  chosen = 1,
  farther = 2,
  more_loaded = 3,  ///< as far away
  idle_shorter = 4, ///< and with as many jobs
  higher_id = 5,    ///< and idle for as long; or, for the oldest call, asked later
  off_shift = 6,    ///< from here on: could not come
  lost = 7,
  full = 8,
  wrong_class = 9,
  excluded = 10, ///< had the call before
  changing = 11, ///< the record was being changed
  out_of_reach = 12,
};

/// The highest number a verdict has.
inline constexpr verdict last_verdict = verdict::out_of_reach;

/// "nearest", "oldest_call".
std::string_view name(matching m);
/// "chosen", "farther", …
std::string_view name(verdict v);

/// How many others who could have come are kept, and how many who could not.
inline constexpr std::size_t most_rivals = 3;
inline constexpr std::size_t most_unable = 3;

/// A courier as the dispatcher saw them, before the call was theirs.
struct considered {
  courier_id courier;
  version_no version; ///< of their record
  class_set classes;
  std::uint32_t capacity = 0;
  bool on_shift = true;
  bool lost = false;
  bool changing = false;
  bool excluded = false; ///< from this call
  position where;
  std::uint32_t load = 0;
  timestamp idle_since;

  // What follows from these.
  metres distance{};
  domain::verdict verdict = verdict::chosen;

  friend bool operator==(const considered&, const considered&) = default;
};

struct explanation {
  matching how = matching::nearest;
  position where; ///< of the call
  service_class wanted = service_class::under10kg;
  metres reach;                     ///< couriers farther away are not asked
  std::vector<considered> couriers; ///< the chosen one, who else could have come, who could not

  friend bool operator==(const explanation&, const explanation&) = default;
};

/// The same with distances, order and verdicts as they follow from the rest.
explanation explained(explanation e);

/// Whether what is stored says what it must. Distances may differ by a hair: the sine of
/// another machine may.
bool agree(const explanation& stored, const explanation& computed);

/// Who was chosen; nothing when nobody could come.
std::optional<considered> chosen(const explanation& e);

/// A verdict in words, e.g. "1130.8 m farther than courier 6".
/// @param c one of `e`
std::string why(const explanation& e, const considered& c);

} // namespace pickup::domain

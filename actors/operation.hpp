// What operators and tests may do to a running node, for code that knows nothing of actors.
// Thread-safe. Owned by the application; outlives every server that calls it.
#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::actors {

/// An actor that is alive: kind "call", "courier", "dispatcher", "ledger" or "notifier", and an
/// id that is unique among its kind: "pickup:17", "5", "pickup", "node", "log".
struct actor_view {
  std::string kind;
  std::string id;
};

/// What an actor is made to do.
enum class fault : std::uint8_t {
  kill,  ///< end at once
  crash, ///< throw on its next message
  hang,  ///< handle its next message for a given time
};

/// The two stages of admission. Paused, `manage` refuses new calls; `assign` leaves them
/// 호출중.
enum class stage : std::uint8_t { manage, assign };

class operation {
public:
  virtual ~operation() = default;

  /// At most `most` actors of a kind, or of all kinds when it is empty.
  virtual std::vector<actor_view> list_actors(std::string_view kind, std::size_t most) = 0;

  /// @param time how long a hang lasts
  /// Errors: not_found when no such actor is alive.
  virtual domain::status_result disturb(const actor_view& who, fault what,
                                        domain::duration time) = 0;

  virtual void pause(stage which, bool paused) = 0;
};

} // namespace pickup::actors

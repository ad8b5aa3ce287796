// What operators and tests may do to a running node, for code that knows nothing of actors.
// Thread-safe. Owned by the application; outlives every server that calls it.
#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::actors {

/// An actor that is alive: kind "call", "courier", "dispatcher", "ledger" or "notifier", and an
/// id that is unique among its kind: "pickup:17", "5", "pickup", "node", "log".
struct actor_view {
  std::string kind;
  std::string id;

  friend auto operator<=>(const actor_view&, const actor_view&) = default;
};

/// What an actor is made to do.
enum class fault : std::uint8_t {
  kill,    ///< end at once
  crash,   ///< throw in the place of handling its next message
  hang,    ///< do nothing for a given time, once it is to handle its next message
  restart, ///< end once what waits is handled, to be started again
};

/// The two stages of admission. Paused, `manage` refuses new calls; `assign` leaves them
/// 호출중.
enum class stage : std::uint8_t { manage, assign };

/// A circuit breaker, named after what it guards: "admission:pickup".
struct breaker_view {
  std::string name;
  std::string state;       ///< closed, open, half_open, forced_open or disabled
  std::uint64_t calls = 0; ///< judged by now
  std::uint64_t failed = 0;
  std::uint64_t slow = 0;
  std::uint64_t rejected = 0; ///< since the start
  domain::duration retry_after{0};
};

enum class breaker_command : std::uint8_t {
  trip,    ///< refuse everything until told otherwise
  reset,   ///< closed, as if just made
  disable, ///< let everything pass until told otherwise
};

/// A message that did not reach its customer.
struct dead_letter_view {
  std::string intent; ///< "pickup/0:17": the shard and the journal position
  std::uint64_t call = 0;
  std::string kind;
  std::string tel;   ///< masked
  std::string via;   ///< alimtalk, sms or lms
  std::string state; ///< dead or bad_number
  std::int32_t code = 0;
  std::string reason;
  domain::timestamp at; ///< when it ended
};

class inspection;

class operation {
public:
  virtual ~operation() = default;

  /// The node's actors, to be looked at; null while it has none. Hold it no longer than a
  /// request takes: the node's life does not end before.
  virtual std::shared_ptr<inspection> inspect() = 0;

  /// @param time how long a hang lasts
  /// @param by who does it, for the story that is told of it
  /// Errors: not_found when no such actor is alive.
  virtual domain::status_result disturb(const actor_view& who, fault what,
                                        domain::duration time, const std::string& by) = 0;

  virtual void pause(stage which, bool paused) = 0;

  virtual std::vector<breaker_view> list_breakers() = 0;
  /// Errors: not_found.
  virtual domain::status_result command(const std::string& breaker, breaker_command what) = 0;

  /// The newest, at most `most`, oldest first. Errors: io, corrupt.
  virtual domain::result<std::vector<dead_letter_view>> list_dead_letters(std::size_t most) = 0;
};

} // namespace pickup::actors

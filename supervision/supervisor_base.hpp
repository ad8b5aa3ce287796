// What both kinds of supervisor share: who is alive, how a child is made to end, the limit of
// restarts. Internal to supervision/. Not thread-safe, as any actor's state.
#pragma once

#include "supervision/child_spec.hpp"
#include "supervision/management.hpp"
#include "supervision/restart_window.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/system_messages.hpp>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace pickup::supervision {

// -- messages a supervisor sends itself --

/// Time to start a child again. Of no meaning unless `token` is that child's latest.
struct retry_start {
  child_key key = 0;
  std::uint64_t token = 0;
};

/// The time for a child to end is over.
struct end_overdue {
  child_key key = 0;
  std::uint64_t token = 0;
  bool killed = false;
};

class supervisor_base : public caf::event_based_actor {
public:
  supervisor_base(caf::actor_config& cfg, supervisor_options options);

  const char* name() const override { return options_.name.c_str(); }
  /// Children do not outlive their supervisor, however it ends.
  void on_exit() override;

protected:
  struct incarnation {
    caf::actor handle;
    std::uint32_t number = 0;
  };

  using time_point = restart_window::clock::time_point;

  // -- what the kinds do differently --

  virtual const child_rules& rules(child_key key) const = 0;
  virtual child_id id_of(child_key key) const = 0;
  /// Makes an incarnation of a child. May throw.
  virtual caf::actor make(child_key key, std::uint32_t number) = 0;
  /// The child ended by itself.
  virtual void on_ended(child_key key, const incarnation& child, const caf::error& reason) = 0;
  /// The child ended because the supervisor wanted it, or is left behind.
  virtual void on_stopped(child_key key) = 0;
  /// Begins to end all children; quits when there are none.
  virtual void stop_children() = 0;

  // -- children --

  /// Why it could not be started; no error when it was.
  caf::error start(child_key key, std::uint32_t number);
  /// Tells a child to end, once, and sees to it that it does.
  void end(child_key key);
  /// The same; `promise` is fulfilled when it has ended.
  void end(child_key key, caf::response_promise promise);
  void send_exit(const caf::actor& child, caf::exit_reason why);
  /// Does not wait for a child any longer: it is dropped, its end will be ignored.
  void fence(child_key key);
  void fence_all();
  const caf::actor* find(child_key key) const;
  bool ending(child_key key) const { return ending_.contains(key); }
  const std::unordered_map<child_key, incarnation>& alive() const { return alive_; }
  std::uint64_t zombies() const { return zombies_; }

  // -- the end --

  void stop(caf::error reason);
  const std::optional<caf::error>& stopping() const { return stopping_; }

  // -- restarting --

  bool admit_restart(time_point now) { return window_.admit(now); }
  time_point now() { return home_system().clock().now(); }
  double chance() { return std::uniform_real_distribution<double>{0, 1}(random_); }
  /// Unique in this supervisor.
  std::uint64_t new_token() { return ++last_token_; }
  void report(child_key key, const incarnation& child, const caf::error& reason,
              verdict outcome, std::vector<std::string> siblings = {}) const;
  caf::error refuse(supervision_errc code, const std::string& action,
                    const child_id& child) const;
  /// What is said of any supervisor; its children are still to be added.
  supervisor_status status(const child_counts& counts);
  /// From now until then, not less than nothing.
  std::chrono::milliseconds time_until(time_point then);
  void on(const end_overdue& m);

  const supervisor_options options_;

private:
  /// A child that was told to end.
  struct last_hours {
    std::uint64_t token = 0;
    std::vector<caf::response_promise> waiters;
  };

  void on_down(const caf::down_msg& m);
  void kill(child_key key);
  void stopped(child_key key);

  restart_window window_;
  std::minstd_rand random_;
  /// An actor that nobody refers to ends; a child lives as long as its supervisor wants it.
  std::unordered_map<child_key, incarnation> alive_;
  std::unordered_map<caf::actor_addr, child_key> keys_; ///< of those alive
  std::unordered_map<child_key, last_hours> ending_;
  std::optional<caf::error> stopping_;
  std::uint64_t last_token_ = 0;
  std::uint64_t zombies_ = 0;
};

/// Whether the reason is no crash: normal or shutdown, OTP's way.
bool ended_well(const caf::error& reason);

/// Throws what check() refused.
void require(const std::optional<refusal>& refused);
std::optional<refusal> check(const supervisor_options& options);

} // namespace pickup::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::retry_start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::end_overdue)

// A node over a journal in memory, which moves only when told. Not thread-safe. What it stored
// and its message file outlive restarts of the node; they go with this.
#pragma once

#include "actors/node.hpp"
#include "storage/memory_journal.hpp"
#include "storage/memory_rows.hpp"
#include "storage/verify.hpp"
#include "tests/supervision/manual_system.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pickup::testing {

using namespace std::chrono_literals;

/// Where customers are unless said otherwise: 이수.
domain::position here();
/// So many kilometres north of here().
domain::position north(double kilometres);

/// The record of somebody who can do all classes of the taxi service.
domain::courier taxi_driver(std::uint32_t capacity = 1);

/// A call that was asked for, and the answer that will come.
struct posted_call {
  domain::call_id id;
  actors::answer<domain::call> answer;
};

/// What has been answered so far.
template <class T>
std::optional<domain::result<T>> given(actors::answer<T>& from) {
  return from.wait_for(0ms);
}

/// The value that has been answered; throws when there is none.
template <class T>
T value(actors::answer<T>& from) {
  auto x = given(from);
  if (!x)
    throw std::runtime_error{"not answered"};
  if (!*x)
    throw std::runtime_error{x->error().text};
  return std::move(**x);
}

/// The error that has been answered; nothing when none was.
template <class T>
std::optional<domain::errc> refusal(actors::answer<T>& from) {
  const auto x = given(from);
  return x && !*x ? std::optional{x->error().code} : std::nullopt;
}

/// A new directory of its own for a test; goes with this, and all that is in it.
class test_directory {
public:
  test_directory();
  test_directory(const test_directory&) = delete;
  test_directory& operator=(const test_directory&) = delete;
  ~test_directory();

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

class test_node {
public:
  /// @param outside a provider, for options that name one
  explicit test_node(actors::options o = {}, actors::messaging outside = {});
  test_node(const test_node&) = delete;
  test_node& operator=(const test_node&) = delete;
  ~test_node();

  // -- the node's life

  /// Stops the node in order and starts it again over what it stored.
  void restart();
  /// Ends the node at once; commits in flight are lost. Then it is down.
  void crash();
  /// Whether the supervisor of taxi calls gets its first turn after all others.
  enum class turns { as_they_come, calls_last };
  void start(turns t = turns::as_they_come);
  /// From now on every write fails, or no longer.
  void fail_disk(bool failing) { rows_->fail_writes(failing); }
  /// Whether the root supervisor has given up.
  bool ended() const { return life_->ended; }

  // -- time

  /// Handles messages until none is left.
  void run() { life_->system.run(); }
  /// Lets time go by in steps, handling what falls due at each.
  void pass(domain::duration time, domain::duration step = 100ms);
  /// Lets time go by; what falls due is not handled yet.
  void tick(domain::duration time);
  /// The wall clock is set, forward or back; no time goes by.
  void set_clock(domain::duration by);
  domain::timestamp now() const { return now_; }

  // -- requests, as the gateway makes them; they are handled when the node runs

  posted_call post(domain::position where = here(),
                   domain::service_class wanted = domain::service_class::standard,
                   std::optional<std::string> key = {},
                   std::optional<domain::timestamp> pickup_at = {});
  actors::answer<domain::call> cancel(domain::call_id id);
  actors::answer<domain::call> reassign(domain::call_id id);
  actors::answer<domain::call> report(domain::call_id id, domain::courier_id who,
                                      domain::job_step step);
  actors::answer<domain::call> watch(domain::call_id id);
  actors::answer<domain::courier_id> enlist(domain::courier record,
                                            std::optional<domain::position> where);
  actors::answer<domain::courier_id> change(domain::courier_id id, domain::courier_change what);

  /// A courier's phone tells where it is: the views know it at once.
  domain::status_result locate(domain::courier_id id, domain::position where);

  // -- the same, handled to the end

  domain::call_id order(domain::position where = here(),
                        domain::service_class wanted = domain::service_class::standard);
  /// A call to be picked up so long from now.
  domain::call_id book(domain::duration ahead, domain::position where = here());
  /// Enlists a taxi_driver().
  domain::courier_id hire(std::optional<domain::position> where = here(),
                          std::uint32_t capacity = 1);
  domain::call do_job(domain::call_id id, domain::courier_id who, domain::job_step step);
  domain::call cancel_now(domain::call_id id);
  domain::call reassign_now(domain::call_id id);
  void move(domain::courier_id id, domain::position where);

  /// How many calls from here() find somebody until one does not; they are cancelled again.
  std::size_t places_found();

  // -- what is true

  std::optional<domain::call> find(domain::call_id id) const;
  /// Throws when there is no such call.
  domain::phase phase(domain::call_id id) const;
  /// Whose live job the call is.
  std::optional<domain::courier_id> courier(domain::call_id id) const;
  std::uint32_t load(domain::courier_id id) const;
  /// How many more jobs all taxi drivers together may carry.
  std::size_t places_left() const;
  /// The events of a call's history.
  std::vector<domain::event> history(domain::call_id id) const;
  /// What the journal says the customers are owed, in order: "taxi/0:17 CONFIRMED".
  std::vector<std::string> intents() const;
  /// What the message file says they were told, in the same form.
  std::vector<std::string> messages();
  /// What replaying the journal finds; of it, the broken promises.
  storage::verification verified() const;
  std::vector<std::string> violations() const;

  // -- the parts

  actors::node_context& operator*() { return life_->node; }
  actors::node_context* operator->() { return &life_->node; }
  manual_system& system() { return life_->system; }
  storage::memory_journal& journal() { return life_->journal; }
  actors::call_actor actor(domain::call_id id) const { return life_->node.calls.find(id); }
  actors::courier_actor actor(domain::courier_id id) const {
    return life_->node.couriers.find(id);
  }
  actors::dispatcher_actor dispatcher(domain::service s = domain::service::taxi) const {
    return life_->node.dispatchers.find(life_->node.shard_of(s));
  }
  actors::notifier_actor notifier() const {
    return life_->node.notifiers.find(options_.notify.channel);
  }
  const std::filesystem::path& message_file() const { return message_file_; }

private:
  // Destroyed from the last to the first: actors, their system, what they share, the journal.
  struct life {
    life(test_node& owner, turns t);

    storage::memory_journal journal;
    actors::node_context node;
    manual_system system;
    caf::actor root;
    bool ended = false;
  };

  void end_life();
  /// Gives a message to a call's actor, which is started for it when the call is scheduled.
  template <class Message>
  void hand_over(domain::call_id id, Message m);

  const actors::options options_;
  const actors::messaging outside_;
  const test_directory directory_;
  const std::filesystem::path message_file_;
  const std::shared_ptr<storage::memory_rows> rows_;
  domain::timestamp now_;
  domain::duration jumped_{0}; ///< what the wall clock was set by
  std::unique_ptr<life> life_;
};

} // namespace pickup::testing

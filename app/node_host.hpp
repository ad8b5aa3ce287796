// The node as the HTTP server knows it, over one life after the other: a journal and the actors
// on it. When a write has failed, that life can decide nothing more; once the disk takes writes
// again, another one begins over what is durable, as after a restart, while connections and the
// port stay. gateway and operation are thread-safe; all else is for the main thread. Outlives
// the server.
#pragma once

#include "actors/gateway.hpp"
#include "actors/operation.hpp"
#include "config/settings.hpp"
#include "domain/result.hpp"
#include "notify/templates.hpp"
#include "storage/views.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pickup::actors {
class local_gateway;
}

namespace pickup::app {

class node_host final : public actors::gateway,
                        public actors::operation,
                        public actors::process_control {
public:
  /// @param templates of the messages to customers, when a provider carries them
  /// @param now the wall clock
  node_host(const config::settings& s, notify::template_set templates,
            std::function<domain::timestamp()> now);
  /// Ends the present life.
  ~node_host() override;

  // -- its lives, for the main thread

  /// Opens the journal and starts actors over it; watch() lets requests in when they are ready.
  /// Errors: those of storage::open_journal().
  domain::status_result begin();
  /// Looks after the node; to be called often, say every 100 ms. Blocks while a life ends or
  /// begins. The exit code when the node is beyond help: its actors kept crashing although the
  /// journal works, or the database turned out to be damaged.
  std::optional<int> watch();
  /// Whether requests are let in.
  bool serves() const { return visit() != nullptr; }
  /// What is durable; for as long as watch() is not called. Only while a life is there.
  const storage::views& view() const;
  /// Whether an actor runs within `limit`; without a life there is none that should.
  bool actors_run(domain::duration limit);
  /// Gives the answers that are held back, see local_gateway.
  void let_go();
  /// Ends the present life: its actors, then its journal.
  void end();

  // -- gateway: without a life, or with too little room on the disk, errc::unavailable

  domain::result<actors::created_call> create(actors::create_call what) override;
  domain::result<actors::call_view> cancel(domain::call_id call, std::string reason,
                                           std::string correlation_id) override;
  domain::result<actors::call_view> report(domain::call_id call, domain::job_report what,
                                           std::string correlation_id) override;
  domain::result<actors::courier_view> create(actors::create_courier what) override;
  domain::result<actors::courier_view> change(domain::courier_id courier,
                                              domain::courier_change what,
                                              std::string correlation_id) override;
  std::vector<actors::not_located> locate(std::span<const actors::located> places) override;

  domain::result<std::optional<actors::call_view>> find(domain::call_id call) override;
  domain::result<std::vector<actors::history_item>> history(domain::call_id call) override;
  domain::result<actors::page<actors::call_view>> list(const actors::call_filter& filter,
                                                       actors::page_request part) override;
  domain::result<actors::page<actors::assignment_view>>
  list(const actors::assignment_filter& filter, actors::page_request part) override;
  domain::result<std::optional<actors::courier_view>> find(domain::courier_id courier) override;
  domain::result<actors::page<actors::courier_view>>
  list_couriers(const actors::courier_filter& filter, actors::page_request part) override;

  domain::result<std::vector<actors::nearby_courier>>
  nearest(domain::service_class wanted, domain::position from, std::size_t most) override;

  /// A node that waits for its disk is alive: to end its process would not help.
  bool alive(domain::duration limit) override;
  std::vector<std::string> not_ready() override;
  std::vector<actors::metric> metrics() override;

  // -- operation

  std::shared_ptr<actors::inspection> inspect() override;
  domain::status_result disturb(const actors::actor_view& who, actors::fault what,
                                domain::duration time, const actors::orderer& by) override;
  // A paused stage stays paused in the next life, a tripped or disabled breaker so, too.
  void pause(actors::stage which, bool paused, const actors::orderer& by) override;
  std::vector<actors::breaker_view> list_breakers() override;
  domain::status_result command(const std::string& breaker, actors::breaker_command what,
                                const actors::orderer& by) override;
  domain::result<actors::dead_letter_list> list_dead_letters(std::size_t most) override;
  domain::result<std::vector<domain::assignment_explanation>>
  explain(domain::call_id call) override;
  domain::result<actors::call_view> reassign(domain::call_id call, std::string reason,
                                             std::string correlation_id) override;
  domain::result<actors::call_view> cancel_as_operator(domain::call_id call, std::string reason,
                                                       std::string correlation_id) override;
  domain::result<std::string> audit(actors::audited what) override;
  domain::result<std::vector<actors::audit_view>>
  list_audit(std::size_t most, const std::optional<std::string>& before) override;
  domain::result<std::vector<actors::audit_view>>
  audited_after(actors::audit_cursor& last) override;

  // -- process control

  void drain() override { draining_ = true; }
  domain::result<std::string> back_up() override;
  /// Whether an operator has asked for the end.
  bool is_draining() const { return draining_; }

private:
  using clock = std::chrono::steady_clock;
  struct life;

  /// The present life, which does not end while this is held; null when there is none.
  std::shared_ptr<actors::local_gateway> visit() const;
  domain::error absent(std::string action) const;
  std::string trouble() const;
  domain::result<std::string> copy_database();

  void look_at_room(clock::time_point now);
  bool is_broken();
  std::optional<int> mend();
  void note(const std::string& trouble);
  void let_in();

  const config::settings& settings_;
  const notify::template_set templates_;
  const std::function<domain::timestamp()> now_;
  const double started_at_ =
      std::chrono::duration<double>{std::chrono::system_clock::now().time_since_epoch()}
          .count();
  std::unique_ptr<life> life_;
  std::future<domain::status_result> trial_; ///< of the disk; under way while valid
  clock::time_point next_trial_;
  clock::time_point next_look_at_room_;

  std::mutex backing_up_; ///< held by who does
  mutable std::mutex mutex_;
  std::shared_ptr<actors::local_gateway> visited_; ///< guarded, as are …
  std::string trouble_;                            ///< … why the disk cannot be used, …
  std::string no_room_;                            ///< … why there are no new calls, …
  actors::standing_orders orders_;                 ///< … and what holds for the next life
  std::atomic<bool> draining_ = false;
  std::atomic<bool> broken_ = false; ///< the present life can decide nothing more
  std::atomic<std::uint64_t> faults_ = 0;
  std::atomic<std::uint64_t> free_bytes_ = 0;
};

} // namespace pickup::app

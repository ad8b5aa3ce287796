// The gateway of one node: starts the actors over a journal, and turns blocking calls into
// messages and back. Thread-safe after start(). The journal outlives it.
#pragma once

#include "actors/gateway.hpp"
#include "actors/messaging.hpp"
#include "actors/operation.hpp"
#include "actors/options.hpp"
#include "domain/time.hpp"
#include "storage/journal.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace pickup::actors {

class local_gateway final : public gateway, public operation {
public:
  /// @param messages the file the `log` channel writes
  /// @param outside how messages reach a provider, when the options say that they do
  /// @param now the wall clock
  /// @param gave_up called, on some actor's thread, when the root supervisor gave up: nothing
  /// works any more but stop()
  /// @param orders of an earlier life, in force before anything is decided
  local_gateway(const options& o, storage::journal& journal, std::filesystem::path messages,
                messaging outside, std::function<domain::timestamp()> now,
                std::function<void(const std::string& why)> gave_up,
                const standing_orders& orders = {});
  ~local_gateway() override;

  /// Gives the answers that create_call::wait holds back; none is held from now on. For a
  /// server that drains.
  void let_go();
  /// Ends all actors, children before their supervisors, and waits for them and for the
  /// journal. Commands fail from now on.
  void stop();
  /// For the next life.
  standing_orders orders();

  domain::result<created_call> create(create_call what) override;
  domain::result<call_view> cancel(domain::call_id call, std::string reason,
                                   std::string correlation_id) override;
  domain::result<call_view> report(domain::call_id call, domain::job_report what,
                                   std::string correlation_id) override;
  domain::result<courier_view> create(create_courier what) override;
  domain::result<courier_view> change(domain::courier_id courier, domain::courier_change what,
                                      std::string correlation_id) override;
  std::vector<not_located> locate(std::span<const located> places) override;

  domain::result<std::optional<call_view>> find(domain::call_id call) override;
  domain::result<std::vector<history_item>> history(domain::call_id call) override;
  domain::result<page<call_view>> list(const call_filter& filter, page_request part) override;
  domain::result<page<assignment_view>> list(const assignment_filter& filter,
                                             page_request part) override;
  domain::result<std::optional<courier_view>> find(domain::courier_id courier) override;
  domain::result<page<courier_view>> list_couriers(const courier_filter& filter,
                                                   page_request part) override;
  domain::result<std::vector<nearby_courier>>
  nearest(domain::service_class wanted, domain::position from, std::size_t most) override;

  std::shared_ptr<inspection> inspect() override;
  domain::status_result disturb(const actor_view& who, fault what, domain::duration time,
                                const orderer& by) override;
  void pause(stage which, bool paused, const orderer& by) override;
  std::vector<breaker_view> list_breakers() override;
  domain::status_result command(const std::string& breaker, breaker_command what,
                                const orderer& by) override;
  domain::result<dead_letter_list> list_dead_letters(std::size_t most) override;
  domain::result<std::vector<domain::assignment_explanation>>
  explain(domain::call_id call) override;
  domain::result<call_view> reassign(domain::call_id call, std::string reason,
                                     std::string correlation_id) override;
  domain::result<call_view> cancel_as_operator(domain::call_id call, std::string reason,
                                               std::string correlation_id) override;
  domain::result<std::string> audit(audited what) override;
  domain::result<std::vector<audit_view>>
  list_audit(std::size_t most, const std::optional<std::string>& before) override;
  domain::result<std::vector<audit_view>> audited_after(audit_cursor& last) override;

  bool alive(domain::duration limit) override;
  std::vector<std::string> not_ready() override;
  std::vector<metric> metrics() override;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace pickup::actors

// A gateway in memory with the real state machine and the simplest of dispatchers: the first
// courier of the service gets every call. Thread-safe. Owned by the test.
#pragma once

#include "actors/gateway.hpp"
#include "actors/operation.hpp"
#include "tests/http/fake_inspection.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace pickup::test {

class fake_gateway : public actors::gateway,
                     public actors::operation,
                     public actors::process_control {
public:
  // What the test sets before the server runs.
  std::function<void()> before_create;         ///< may block or throw
  std::function<void()> before_alive;          ///< the same
  std::function<void()> before_not_ready;      ///< the same
  std::optional<domain::error> create_refusal; ///< the answer to every create
  domain::timestamp clock{std::chrono::milliseconds{1'790'000'000'250}};
  bool scheduler_answers = true;
  std::vector<std::string> reasons_not_ready;
  std::vector<actors::metric> own_metrics;
  std::map<domain::call_id, std::vector<domain::assignment_explanation>> explanations;

  // What the test looks at, once the answer is there.
  std::optional<actors::create_call> last_create;
  std::string last_reason;
  std::optional<actors::call_filter> last_call_filter;
  std::optional<actors::assignment_filter> last_assignment_filter;
  fake_inspection inspected;
  std::atomic<bool> has_actors = true;
  std::atomic<bool> disturbing_fails = false;
  std::atomic<bool> disturbing_throws = false;
  std::atomic<bool> auditing_fails = false;
  std::atomic<bool> auditing_is_late = false; ///< the next time only; it happens all the same
  std::vector<std::string> operator_did;

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
  std::shared_ptr<actors::inspection> inspect() override;
  domain::status_result disturb(const actors::actor_view& who, actors::fault what,
                                domain::duration time, const actors::orderer& by) override;
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
  void drain() override { operator_did.emplace_back("drain"); }
  domain::result<std::string> back_up() override { return std::string{"data/backups/now"}; }
  bool alive(domain::duration limit) override;
  std::vector<std::string> not_ready() override;
  std::vector<actors::metric> metrics() override;

private:
  struct known_call {
    domain::call state;
    std::vector<actors::history_item> history;
  };

  domain::timestamp tick();
  void store(domain::decision d, const std::string& correlation_id);
  domain::result<actors::call_view> apply(domain::call_id call, const domain::command& what,
                                          const std::string& correlation_id);
  actors::call_view view(const domain::call& c) const;
  actors::courier_view view(const actors::courier_view& c) const;

  std::mutex mutex_;
  std::map<domain::call_id, known_call> calls_;
  std::map<domain::courier_id, actors::courier_view> couriers_;
  std::map<std::string, domain::call_id> keys_;
  std::vector<actors::audit_view> audit_;
  std::map<domain::service, std::uint64_t> last_call_;
  std::uint64_t last_courier_ = 0;
  std::uint64_t last_seq_ = 0;
};

} // namespace pickup::test

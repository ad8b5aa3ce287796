#include "app/node_host.hpp"

#include "actors/local_gateway.hpp"
#include "actors/reply.hpp"
#include "app/exit_codes.hpp"
#include "app/post_office.hpp"
#include "storage/backup.hpp"
#include "storage/disk.hpp"
#include "storage/rocksdb_journal.hpp"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <iostream>
#include <optional>
#include <utility>

namespace pickup::app {

namespace {

using namespace actors;
using namespace std::chrono_literals;
using domain::errc;
using domain::error;
using domain::result;

constexpr std::uint64_t mebibyte = 1 << 20;

} // namespace

struct node_host::life {
  life(const config::settings& s, std::unique_ptr<storage::journal> on, post_office through,
       const std::function<domain::timestamp()>& now, const actors::standing_orders& orders)
      : journal(std::move(on)),
        office(std::move(through)),
        gateway(
            s.actors, *journal,
            std::filesystem::path{s.storage.data_dir} / s.actors.notify.message_file,
            std::move(office.messaging), now,
            [this](const std::string& why) {
              spdlog::critical("node.gave_up reason={:?}", why);
              gave_up = true;
            },
            orders) {}

  std::unique_ptr<storage::journal> journal;
  post_office office;
  std::atomic<bool> gave_up = false;
  std::future<void> left; ///< by the last visitor
  local_gateway gateway;
};

node_host::node_host(const config::settings& s, notify::template_set templates,
                     std::function<domain::timestamp()> now)
    : settings_(s), templates_(std::move(templates)), now_(std::move(now)) {}

node_host::~node_host() {
  end();
}

// -- lives

domain::status_result node_host::begin() {
  // The standard library throws where there are no threads left, or a directory cannot be read.
  try {
    auto journal = storage::open_journal(settings_.storage);
    if (!journal)
      return journal.error();
    auto office = open_post_office(settings_, templates_);
    if (!office)
      return office.error();
    const auto orders = [this] {
      const std::lock_guard guard{mutex_};
      return orders_;
    }();
    life_ = std::make_unique<life>(settings_, std::move(*journal), std::move(*office), now_,
                                   orders);
  } catch (const std::exception& e) {
    return error{errc::io, std::string{"begin node: "} + e.what(), {}};
  }
  broken_ = false;
  return domain::done{};
}

std::optional<int> node_host::watch() {
  const auto now = clock::now();
  look_at_room(now);
  if (life_) {
    // In this order: when the journal was the reason to give up, it has failed by now.
    const bool gave_up = life_->gave_up;
    if (!is_broken()) {
      if (gave_up)
        return EX_SOFTWARE;
      if (!serves() && life_->gateway.not_ready().empty())
        let_in();
      return std::nullopt;
    }
  }
  if (!trial_.valid() && now >= next_trial_)
    trial_ = std::async(std::launch::async, storage::try_disk, settings_.storage.data_dir);
  if (!trial_.valid() || trial_.wait_for(0s) != std::future_status::ready)
    return std::nullopt;
  const auto works = trial_.get();
  if (works)
    return mend();
  note(works.error().text);
  return std::nullopt;
}

bool node_host::is_broken() {
  const auto failure = life_->journal->failure();
  if (failure && !broken_.exchange(true)) {
    ++faults_;
    spdlog::critical("storage.failed reason={:?}", failure->text);
    next_trial_ = clock::now() + settings_.storage.retry;
  }
  return failure.has_value();
}

std::optional<int> node_host::mend() {
  end();
  std::clog.clear(); // a log on the same disk has failed with it
  const auto begun = begin();
  if (begun)
    return std::nullopt;
  const auto& why = begun.error();
  if (why.code == errc::corrupt || why.code == errc::newer_format) {
    spdlog::critical("storage.damaged reason={:?}", why.text);
    return exit_code(why.code);
  }
  note(why.text);
  return std::nullopt;
}

// A disk stays full for hours: it is said once.
void node_host::note(const std::string& trouble) {
  next_trial_ = clock::now() + settings_.storage.retry;
  const std::lock_guard guard{mutex_};
  if (std::exchange(trouble_, trouble) != trouble)
    spdlog::error("storage.unavailable reason={:?}", trouble);
}

void node_host::let_in() {
  auto left = std::make_shared<std::promise<void>>();
  life_->left = left->get_future();
  const std::lock_guard guard{mutex_};
  // What was said of stages while this life began.
  const auto heard = life_->gateway.orders();
  if (heard.manage_paused != orders_.manage_paused)
    life_->gateway.pause(stage::manage, orders_.manage_paused, {"an earlier order", {}});
  if (heard.assign_paused != orders_.assign_paused)
    life_->gateway.pause(stage::assign, orders_.assign_paused, {"an earlier order", {}});
  // Owned by the life; whoever leaves last says so.
  visited_ = {&life_->gateway, [left = std::move(left)](auto*) { left->set_value(); }};
  trouble_.clear();
  if (faults_ > 0)
    spdlog::warn("storage.recovered");
}

bool node_host::actors_run(domain::duration limit) {
  return !life_ || life_->gateway.alive(limit);
}

void node_host::let_go() {
  if (const auto node = visit())
    node->let_go();
}

void node_host::end() {
  if (!life_)
    return;
  auto visited = [this] {
    const std::lock_guard guard{mutex_};
    return std::exchange(visited_, nullptr);
  }();
  life_->gateway.let_go();
  life_->gateway.stop(); // who waits for an actor is answered
  visited.reset();
  if (life_->left.valid())
    life_->left.wait();
  {
    // Not the stages: one may be paused with no life there.
    const std::lock_guard guard{mutex_};
    orders_.breakers = life_->gateway.orders().breakers;
  }
  life_.reset();
}

const storage::views& node_host::view() const {
  return life_->journal->view();
}

// -- room on the disk

void node_host::look_at_room(clock::time_point now) {
  if (now < next_look_at_room_)
    return;
  next_look_at_room_ = now + 1s;
  const auto room = storage::free_bytes(settings_.storage.data_dir);
  if (!room)
    return; // a disk that cannot say so will not take writes either
  free_bytes_ = *room;
  const auto least = settings_.storage.min_free_mb * mebibyte;
  const std::lock_guard guard{mutex_};
  const bool was_short = !no_room_.empty();
  // A little more to begin again, so that it does not flutter.
  if (*room >= (was_short ? least + least / 4 : least)) {
    no_room_.clear();
    if (was_short)
      spdlog::warn("storage.room_again free_mb={}", *room / mebibyte);
    return;
  }
  no_room_ = "storage: " + std::to_string(*room / mebibyte)
             + " MiB free, less than storage.min_free_mb ("
             + std::to_string(settings_.storage.min_free_mb) + ")";
  if (!was_short)
    spdlog::warn("storage.short_of_room reason={:?}", no_room_);
}

// -- visits

std::shared_ptr<local_gateway> node_host::visit() const {
  const std::lock_guard guard{mutex_};
  return visited_;
}

std::string node_host::trouble() const {
  const std::lock_guard guard{mutex_};
  return trouble_.empty() ? "storage: the database is being opened" : "storage: " + trouble_;
}

error node_host::absent(std::string action) const {
  return {errc::unavailable, std::move(action) + ": " + trouble(), {}};
}

result<created_call> node_host::create(create_call what) {
  std::shared_ptr<local_gateway> node;
  {
    const std::lock_guard guard{mutex_};
    if (!no_room_.empty())
      return error{errc::unavailable, "create call: " + no_room_, {}};
    node = visited_;
  }
  return node ? node->create(std::move(what)) : absent("create call");
}

result<call_view> node_host::cancel(domain::call_id call, std::string reason,
                                    std::string correlation_id) {
  const auto node = visit();
  return node ? node->cancel(call, std::move(reason), std::move(correlation_id))
              : absent("cancel call");
}

result<call_view> node_host::report(domain::call_id call, domain::job_report what,
                                    std::string correlation_id) {
  const auto node = visit();
  return node ? node->report(call, what, std::move(correlation_id)) : absent("report job");
}

result<courier_view> node_host::create(create_courier what) {
  const auto node = visit();
  return node ? node->create(std::move(what)) : absent("register courier");
}

result<courier_view> node_host::change(domain::courier_id courier, domain::courier_change what,
                                       std::string correlation_id) {
  const auto node = visit();
  return node ? node->change(courier, std::move(what), std::move(correlation_id))
              : absent("change courier");
}

std::vector<not_located> node_host::locate(std::span<const located> places) {
  if (const auto node = visit())
    return node->locate(places);
  std::vector<not_located> refused;
  refused.reserve(places.size());
  for (std::size_t i = 0; i < places.size(); ++i)
    refused.push_back({i, absent("locate courier")});
  return refused;
}

result<std::optional<call_view>> node_host::find(domain::call_id call) {
  const auto node = visit();
  return node ? node->find(call) : absent("find call");
}

result<std::vector<history_item>> node_host::history(domain::call_id call) {
  const auto node = visit();
  return node ? node->history(call) : absent("find call");
}

result<page<call_view>> node_host::list(const call_filter& filter, page_request part) {
  const auto node = visit();
  return node ? node->list(filter, part) : absent("list calls");
}

result<page<assignment_view>> node_host::list(const assignment_filter& filter,
                                              page_request part) {
  const auto node = visit();
  return node ? node->list(filter, part) : absent("list assignments");
}

result<std::optional<courier_view>> node_host::find(domain::courier_id courier) {
  const auto node = visit();
  return node ? node->find(courier) : absent("find courier");
}

result<page<courier_view>> node_host::list_couriers(const courier_filter& filter,
                                                    page_request part) {
  const auto node = visit();
  return node ? node->list_couriers(filter, part) : absent("list couriers");
}

result<std::vector<nearby_courier>>
node_host::nearest(domain::service_class wanted, domain::position from, std::size_t most) {
  const auto node = visit();
  return node ? node->nearest(wanted, from, most) : absent("find couriers");
}

// -- health

bool node_host::alive(domain::duration limit) {
  const auto node = visit();
  return !node || broken_ || node->alive(limit);
}

std::vector<std::string> node_host::not_ready() {
  const auto node = visit();
  auto reasons = node ? node->not_ready() : std::vector<std::string>{};
  if (!node)
    reasons.push_back(trouble());
  const std::lock_guard guard{mutex_};
  if (node && broken_ && !trouble_.empty())
    reasons.push_back("storage: " + trouble_);
  if (!no_room_.empty())
    reasons.push_back(no_room_);
  return reasons;
}

std::vector<metric> node_host::metrics() {
  const auto node = visit();
  auto all = node ? node->metrics() : std::vector<metric>{};
  all.push_back({"pickupd_build_info", "1; the label says which version runs.", false,
                 "version=\"" PICKUPD_VERSION "\"", 1});
  all.push_back({"pickupd_start_time_seconds", "When the process started, in Unix time.", false,
                 "", started_at_});
  all.push_back({"pickupd_storage_faults_total", "Times that a write to the disk failed.", true,
                 "", static_cast<double>(faults_)});
  all.push_back({"pickupd_storage_available", "1 while commits are taken.", false, "",
                 node && !broken_ ? 1.0 : 0.0});
  all.push_back({"pickupd_storage_free_bytes", "Free on the disk of the data directory.", false,
                 "", static_cast<double>(free_bytes_)});
  return all;
}

// -- operation

std::shared_ptr<inspection> node_host::inspect() {
  const auto node = visit();
  return node ? std::shared_ptr<inspection>{node, node->inspect().get()} : nullptr;
}

domain::status_result node_host::disturb(const actor_view& who, fault what,
                                         domain::duration time, const orderer& by) {
  const auto node = visit();
  return node ? node->disturb(who, what, time, by) : absent("disturb " + who.kind);
}

void node_host::pause(stage which, bool paused, const orderer& by) {
  const std::lock_guard guard{mutex_};
  (which == stage::manage ? orders_.manage_paused : orders_.assign_paused) = paused;
  if (visited_)
    visited_->pause(which, paused, by);
}

std::vector<breaker_view> node_host::list_breakers() {
  const auto node = visit();
  return node ? node->list_breakers() : std::vector<breaker_view>{};
}

domain::status_result node_host::command(const std::string& breaker, breaker_command what,
                                         const orderer& by) {
  const auto node = visit();
  return node ? node->command(breaker, what, by) : absent("command breaker " + breaker);
}

result<dead_letter_list> node_host::list_dead_letters(std::size_t most) {
  const auto node = visit();
  return node ? node->list_dead_letters(most) : absent("list dead letters");
}

result<std::vector<domain::assignment_explanation>> node_host::explain(domain::call_id call) {
  const auto node = visit();
  return node ? node->explain(call) : absent("explain call");
}

result<call_view> node_host::reassign(domain::call_id call, std::string reason,
                                      std::string correlation_id) {
  const auto node = visit();
  return node ? node->reassign(call, std::move(reason), std::move(correlation_id))
              : absent("reassign call");
}

result<call_view> node_host::cancel_as_operator(domain::call_id call, std::string reason,
                                                std::string correlation_id) {
  const auto node = visit();
  return node ? node->cancel_as_operator(call, std::move(reason), std::move(correlation_id))
              : absent("cancel call");
}

result<std::string> node_host::audit(audited what) {
  const auto node = visit();
  return node ? node->audit(std::move(what)) : absent("audit " + what.action);
}

result<std::vector<audit_view>>
node_host::list_audit(std::size_t most, const std::optional<std::string>& before) {
  const auto node = visit();
  return node ? node->list_audit(most, before) : absent("list audit");
}

result<std::vector<audit_view>> node_host::audited_after(audit_cursor& last) {
  const auto node = visit();
  return node ? node->audited_after(last) : absent("list audit");
}

// -- process control

// On a thread of its own, since copying takes a while and the operators' serves health checks.
result<std::string> node_host::back_up() {
  auto [promise, made] = reply<std::string>::make();
  auto working = std::async(std::launch::async, [this, promise = std::move(promise)]() mutable {
    const auto told = std::move(promise); // goes, and so answers, also when copying throws
    told(copy_database());
  });
  std::optional<result<std::string>> done;
  while (!done)
    done = made.wait_for(1min);
  working.get();
  return *std::move(done);
}

// The journal is the life's, which does not end while it is visited.
result<std::string> node_host::copy_database() {
  const std::lock_guard one_at_a_time{backing_up_};
  {
    // A copy is small at first, but what it shares stays when the database lets go of it.
    const std::lock_guard guard{mutex_};
    if (!no_room_.empty())
      return error{errc::unavailable, "back up: " + no_room_, {}};
  }
  const auto node = visit();
  if (!node)
    return absent("back up");
  const auto made = storage::back_up(*life_->journal, settings_.storage.data_dir, now_());
  return made ? result<std::string>{made->string()} : made.error();
}

} // namespace pickup::app

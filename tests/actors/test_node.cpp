#include "tests/actors/test_node.hpp"

#include "actors/hearing.hpp"
#include "actors/messages.hpp"
#include "actors/tree.hpp"
#include "notify/message_text.hpp"
#include "supervision/supervisor.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace pickup::testing {

namespace {

constexpr double degrees_a_kilometre = 1 / 111.195;

} // namespace

domain::position here() {
  return *domain::position::at(37.4868, 126.9817);
}

domain::position north(double kilometres) {
  return *domain::position::at(here().lat() + kilometres * degrees_a_kilometre, here().lng());
}

domain::courier taxi_driver(std::uint32_t capacity) {
  domain::courier record;
  record.service = domain::service::taxi;
  record.name = "기사";
  record.tel = "01000000000";
  record.classes = domain::class_set::all_of(record.service);
  record.capacity = capacity;
  return record;
}

test_directory::test_directory() {
  auto name = (std::filesystem::temp_directory_path() / "pickup-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error{"make directory: " + name};
  path_ = name;
}

test_directory::~test_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

// -- the node's life

test_node::life::life(test_node& owner, turns t)
    : journal(owner.rows_),
      node(
          owner.options_, journal, [&owner] { return owner.now_; }, owner.message_file_,
          owner.outside_,
          [&owner] {
            return supervision::shared_breaker::clock::time_point{
                (owner.now_ - owner.jumped_).time_since_epoch()};
          }) {
  root = actors::start_tree(*system, node, actors::runs_on::scheduler);
  root->attach_functor([this](const caf::error&) { ended = true; });
  if (t == turns::calls_last) {
    const auto calls = [this] {
      return node.call_supervisors.find(node.shard_of(domain::service::taxi));
    };
    while (!calls())
      system.step();
    system.run_all_but(calls());
  }
  system.run();
}

test_node::test_node(actors::options o, actors::messaging outside)
    : options_(std::move(o)),
      outside_(std::move(outside)),
      message_file_(directory_.path() / "messages.log"),
      rows_(std::make_shared<storage::memory_rows>()),
      now_(std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}) {
  spdlog::set_level(spdlog::level::off);
  start();
}

test_node::~test_node() {
  if (life_)
    crash();
}

void test_node::start(turns t) {
  life_ = std::make_unique<life>(*this, t);
}

void test_node::restart() {
  journal().release();
  end(life_->root);
  pass(1s);
  end_life();
  start();
}

void test_node::crash() {
  journal().hold();
  kill(life_->root);
  run();
  rows_->fail_writes(true);
  journal().release();
  rows_->fail_writes(false);
  end_life();
}

void test_node::end_life() {
  run();
  life_->root = nullptr;
  life_->node.forget_actors();
  life_.reset();
}

void test_node::pass(domain::duration time, domain::duration step) {
  for (run(); time > 0ms; time -= step) {
    tick(std::min(time, step));
    run();
  }
}

void test_node::tick(domain::duration time) {
  now_ += time;
  system().tick(time);
}

void test_node::set_clock(domain::duration by) {
  now_ += by;
  jumped_ += by;
}

// -- requests

posted_call test_node::post(domain::position where, domain::service_class wanted,
                            std::optional<std::string> key,
                            std::optional<domain::timestamp> pickup_at) {
  auto& node = life_->node;
  const auto shard = node.shard_of(service_of(wanted));
  const domain::call_id id{shard, ++node.last_call.at(shard)};
  auto [promise, answer] = actors::reply<domain::call>::make();
  auto pass = node.new_calls.enter();
  if (!pass) {
    promise(domain::error{domain::errc::overloaded, "create call", {}});
    return {id, answer};
  }
  domain::call_request what;
  what.wanted = wanted;
  what.tel = "01012345678";
  what.location = "이수";
  what.where = where;
  what.pickup_at = pickup_at;
  if (const auto supervisor = node.call_supervisors.find(shard))
    caf::anon_send(
        supervisor,
        supervision::start_child{id.packed(),
                                 caf::make_message(actors::begin_call{
                                     what, key, "test", std::move(promise), std::move(pass)})});
  return {id, answer};
}

template <class Message>
void test_node::hand_over(domain::call_id id, Message m) {
  const auto supervisor = life_->node.call_supervisors.find(id.shard());
  if (const auto call = actor(id))
    caf::anon_send(call, std::move(m));
  else if (supervisor && journal().view().is_scheduled(id))
    caf::anon_send(supervisor,
                   supervision::start_child{id.packed(), caf::make_message(std::move(m))});
}

actors::answer<domain::call> test_node::cancel(domain::call_id id) {
  auto [promise, answer] = actors::reply<domain::call>::make();
  hand_over(id, actors::cancel_call{{}, "test", std::move(promise)});
  return answer;
}

actors::answer<domain::call> test_node::reassign(domain::call_id id) {
  auto [promise, answer] = actors::reply<domain::call>::make();
  hand_over(id, actors::reassign_call{{"test"}, "test", std::move(promise)});
  return answer;
}

actors::answer<domain::call> test_node::report(domain::call_id id, domain::courier_id who,
                                               domain::job_step step) {
  actors::hear(life_->node, who);
  auto [promise, answer] = actors::reply<domain::call>::make();
  hand_over(id, actors::report_job{{who, step}, "test", std::move(promise)});
  return answer;
}

actors::answer<domain::call> test_node::watch(domain::call_id id) {
  auto [promise, answer] = actors::reply<domain::call>::make();
  caf::anon_send(actor(id), actors::watch_call{std::move(promise)});
  return answer;
}

actors::answer<domain::courier_id> test_node::enlist(domain::courier record,
                                                     std::optional<domain::position> where) {
  auto [promise, answer] = actors::reply<domain::courier_id>::make();
  record.id = domain::courier_id{++life_->node.last_courier};
  const auto to = dispatcher(record.service);
  caf::anon_send(
      to, actors::register_courier{std::move(record), where, "test", std::move(promise)});
  return answer;
}

actors::answer<domain::courier_id> test_node::change(domain::courier_id id,
                                                     domain::courier_change what) {
  auto [promise, answer] = actors::reply<domain::courier_id>::make();
  caf::anon_send(actor(id),
                 actors::change_courier{std::move(what), "test", std::move(promise)});
  return answer;
}

domain::status_result test_node::locate(domain::courier_id id, domain::position where) {
  const actors::located one{id, where};
  auto refused = actors::hear(life_->node, {&one, 1});
  if (!refused.empty())
    return std::move(refused.front().why);
  return domain::done{};
}

// -- the same, handled to the end

domain::call_id test_node::order(domain::position where, domain::service_class wanted) {
  auto posted = post(where, wanted);
  run();
  return value(posted.answer).id;
}

domain::call_id test_node::book(domain::duration ahead, domain::position where) {
  auto posted = post(where, domain::service_class::standard, {}, now() + ahead);
  run();
  return value(posted.answer).id;
}

domain::courier_id test_node::hire(std::optional<domain::position> where,
                                   std::uint32_t capacity) {
  auto answer = enlist(taxi_driver(capacity), where);
  run();
  return value(answer);
}

domain::call test_node::do_job(domain::call_id id, domain::courier_id who,
                               domain::job_step step) {
  auto answer = report(id, who, step);
  run();
  return value(answer);
}

domain::call test_node::cancel_now(domain::call_id id) {
  auto answer = cancel(id);
  run();
  return value(answer);
}

domain::call test_node::reassign_now(domain::call_id id) {
  auto answer = reassign(id);
  run();
  return value(answer);
}

void test_node::move(domain::courier_id id, domain::position where) {
  must(locate(id, where));
  run();
}

std::size_t test_node::places_found() {
  std::vector<domain::call_id> calls;
  do
    calls.push_back(order());
  while (phase(calls.back()) == domain::phase::confirmed);
  for (auto id = calls.rbegin(); id != calls.rend(); ++id)
    cancel_now(*id);
  return calls.size() - 1;
}

// -- what is true

std::optional<domain::call> test_node::find(domain::call_id id) const {
  return must(life_->journal.view().find(id));
}

domain::phase test_node::phase(domain::call_id id) const {
  const auto stored = find(id);
  if (!stored)
    throw std::runtime_error{"there is no call " + std::to_string(id.number())};
  return stored->phase;
}

std::optional<domain::courier_id> test_node::courier(domain::call_id id) const {
  const auto stored = find(id);
  return stored && stored->has_live_assignment() ? std::optional{stored->assigned->courier}
                                                 : std::nullopt;
}

std::uint32_t test_node::load(domain::courier_id id) const {
  const auto known = life_->journal.view().find(id);
  return known ? known->load : 0;
}

std::size_t test_node::places_left() const {
  std::size_t places = 0;
  for (const auto& c : life_->journal.view().couriers({domain::service::taxi, {}}))
    places += c.courier.capacity - c.load;
  return places;
}

std::vector<domain::event> test_node::history(domain::call_id id) const {
  std::vector<domain::event> events;
  for (const auto& item : must(life_->journal.view().history(id)))
    events.push_back(item.step.event);
  return events;
}

std::vector<std::string> test_node::intents() const {
  std::vector<std::string> all;
  const auto& view = life_->journal.view();
  for (auto shard : view.shards())
    for (const auto& e :
         must(view.read_from(shard, domain::seq_no{1}, view.head(shard).value())))
      if (const auto* what = std::get_if<storage::call_entry>(&e.what); what && what->owed)
        all.push_back(notify::intent_id(e) + " " + std::string{name(what->owed->kind)});
  return all;
}

std::vector<std::string> test_node::messages() {
  pass(20ms); // the notifier looks at the journal now and then
  std::vector<std::string> all;
  std::ifstream in{message_file_};
  // A line is intent, time, call, kind, …
  for (std::string intent, time, call, kind, rest;
       std::getline(in, intent, '\t') && std::getline(in, time, '\t')
       && std::getline(in, call, '\t') && std::getline(in, kind, '\t')
       && std::getline(in, rest);)
    all.push_back(intent.append(" ").append(kind));
  return all;
}

std::vector<std::string> test_node::violations() const {
  return verified().violations;
}

storage::verification test_node::verified() const {
  return must(storage::verify(*rows_));
}

} // namespace pickup::testing

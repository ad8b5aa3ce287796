#include "tests/http/fake_inspection.hpp"

namespace pickup::test {

namespace {

using namespace std::chrono_literals;

domain::error nothing(const char* what) {
  return {domain::errc::not_found, what, {}};
}

actors::actor_figures busy_dispatcher() {
  actors::actor_figures f;
  f.who = {"dispatcher", "pickup"};
  f.state = "ready";
  f.depth = 3;
  f.high_water = 12;
  f.messages = 5210;
  f.rejected = 1;
  f.wait = {20us, 500us};
  f.handling = {10us, 200us};
  f.restarts = 1;
  f.last_exit = "told to crash";
  f.running = {"enter_call", 300us};
  return f;
}

actors::actor_figures idle_courier() {
  actors::actor_figures f;
  f.who = {"courier", "1"};
  f.state = "free";
  return f;
}

actors::restart_story story(std::uint64_t n) {
  actors::restart_story s;
  s.n = n;
  s.supervisor = "root";
  s.child = "dispatcher pickup/0";
  s.actor = {"dispatcher", "pickup"};
  s.message = "enter_call";
  s.reason = "told to crash";
  s.by = n > 1 ? "kim" : "";
  s.outcome = "restarts";
  s.story = "dispatcher pickup crashed.";
  return s;
}

} // namespace

actors::actor_list fake_inspection::list(const actors::actor_query& what) {
  const std::lock_guard guard{mutex_};
  asked_ = what;
  return {{busy_dispatcher(), idle_courier()}, 3};
}

domain::result<actors::actor_details> fake_inspection::find(const actors::actor_view& who) {
  if (who.kind == "courier")
    return actors::actor_details{
        idle_courier(),
        "couriers pickup/0",
        domain::error{domain::errc::timeout, "show courier 1: did not answer", {}},
        {}};
  if (who != actors::actor_view{"dispatcher", "pickup"})
    return nothing("find actor: there is none");
  return actors::actor_details{
      busy_dispatcher(), "root", actors::actor_snapshot{{"epoch", "4"}}, {story(1)}};
}

domain::result<actors::fate> fake_inspection::foresee(const actors::actor_view& who) {
  using enum actors::aftermath;
  if (who.kind == "nobody")
    return nothing("find actor: there is none");
  if (who.kind == "ledger")
    return actors::fate{"root", false, process_ends, 11};
  if (who.id == "5")
    return actors::fate{"couriers pickup/0", false, quarantined, 1, false, 2};
  if (who.id == "6")
    return actors::fate{"couriers pickup/0", true, restarted, 1};
  if (who.id == "7")
    return actors::fate{"couriers pickup/0", false, supervisor_restarted, 41, true};
  if (who.id == "taxi:4")
    return actors::fate{"calls taxi/0", false, restarted, 1, false, 0, true, 30s};
  if (who.id == "taxi:5")
    return actors::fate{"calls taxi/0", false, supervisor_restarted, 300};
  return actors::fate{"root", false, restarted, 1};
}

actors::tree_node fake_inspection::tree() {
  actors::tree_node root;
  root.name = "root";
  root.supervisor = true;
  root.state = "running";
  root.strategy = "one_for_one";
  root.intensity = 10;
  root.period = 10s;
  root.restarts_left = 9;
  root.active = 1;
  auto& child = root.children.emplace_back();
  child.name = "ledger";
  child.state = "restarting";
  child.restarts = 2;
  child.backoff = 250ms;
  child.actor = {"ledger", "node"};
  return root;
}

std::vector<actors::restart_story> fake_inspection::restarts(std::uint64_t after,
                                                             std::size_t most) {
  const std::lock_guard guard{mutex_};
  std::vector<actors::restart_story> found;
  for (auto n = crashes_; n > after && found.size() < most; --n)
    found.push_back(story(n));
  return found;
}

actors::reject_list fake_inspection::rejects() {
  return {{{"call", "cancel_call", 2}}, {{"call", "", 3}}, {{"", "breaker open", 12}}};
}

domain::result<actors::trace_view>
fake_inspection::start_trace(const actors::trace_order& what) {
  if (what.whose.kind != "call")
    return nothing("start trace: there is no such actor");
  actors::trace_view t;
  t.n = 1;
  t.what = what;
  t.messages.push_back({domain::timestamp{},
                        {"dispatcher", "pickup"},
                        "enter_call",
                        {what.whose},
                        100us,
                        40us,
                        false});
  return t;
}

std::vector<actors::trace_view> fake_inspection::list_traces() {
  return {*start_trace({{"call", "pickup:17"}, 10, 30s})};
}

std::vector<actors::traced_message> fake_inspection::traced_about(domain::call_id) {
  return list_traces().front().messages;
}

domain::result<actors::trace_view> fake_inspection::find_trace(std::uint64_t n,
                                                               std::size_t after) {
  if (n != 1)
    return nothing("find trace: there is none");
  auto t = list_traces().front();
  if (after > 0)
    t.messages.front().took.reset(); // it is another one
  return t;
}

domain::status_result fake_inspection::end_trace(std::uint64_t n) {
  if (n != 1)
    return nothing("find trace: there is none");
  return domain::done{};
}

domain::result<actors::calls_on_map>
fake_inspection::calls_under_way(domain::service s, const std::optional<domain::box>& within,
                                 std::size_t) {
  domain::call c;
  c.id = {{s, {}}, 17};
  c.phase = domain::phase::arrived;
  c.request.where = *domain::position::at(37.5, 127);
  c.assigned = domain::assignment{domain::seq_no{3}, domain::courier_id{6}, {}, true};
  if (within && !within->contains(c.request.where))
    return actors::calls_on_map{{}, true, 70'000};
  return actors::calls_on_map{{c}, false, 1};
}

domain::result<std::vector<actors::message_attempt>>
fake_inspection::messages_of(domain::call_id) {
  actors::message_attempt m;
  m.intent = "pickup/0:1";
  m.kind = "CONFIRMED";
  m.at = domain::timestamp{std::chrono::days{30'000}};
  m.state = "accepted";
  m.via = "sms";
  m.attempts = 2;
  return std::vector{m};
}

actors::actor_query fake_inspection::asked() const {
  const std::lock_guard guard{mutex_};
  return asked_;
}

void fake_inspection::crash() {
  const std::lock_guard guard{mutex_};
  ++crashes_;
}

} // namespace pickup::test

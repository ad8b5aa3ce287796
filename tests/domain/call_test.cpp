#include "domain/call.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace pickup::domain;
using namespace std::chrono_literals;

namespace {

const timestamp start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
constexpr auto max_wait = 30min;
const auto due = start + max_wait;
constexpr courier_id kim{1};
constexpr courier_id lee{2};
constexpr metres near_by{1234.5};

const assign to_kim{kim, near_by};
const assign to_lee{lee, near_by};

job_report kims(job_step step) {
  return {kim, step};
}

decision fresh() {
  call_request what;
  what.tel = "01050958718";
  what.location = "이수";
  return request(call_id{{service::pickup, zone_no{0}}, 7}, what, start, max_wait);
}

/// The call after these commands, each of which must be legal.
call after(const std::vector<command>& commands) {
  auto c = fresh().next;
  for (const auto& what : commands) {
    const auto made = step(c, what, due);
    REQUIRE(made);
    c = made->next;
  }
  return c;
}

constexpr std::array phases{phase::requested, phase::dispatching, phase::confirmed,
                            phase::arrived,   phase::picked_up,   phase::completed,
                            phase::canceled,  phase::unfulfilled, phase::pickup_failed,
                            phase::scheduled};

/// A call in `p`; it had or has Kim as courier wherever that is possible.
call in(phase p) {
  switch (p) {
  case phase::requested: return after({});
  case phase::dispatching: return after({manage{}});
  case phase::confirmed: return after({manage{}, to_kim});
  case phase::arrived: return after({manage{}, to_kim, kims(job_step::arrived)});
  case phase::picked_up:
    return after({manage{}, to_kim, kims(job_step::arrived), kims(job_step::picked_up)});
  case phase::completed:
    return after({manage{}, to_kim, kims(job_step::arrived), kims(job_step::picked_up),
                  kims(job_step::completed)});
  case phase::canceled: return after({manage{}, to_kim, cancel{}});
  case phase::unfulfilled: return after({manage{}, expire{}});
  case phase::pickup_failed: return after({manage{}, to_kim, kims(job_step::failed)});
  case phase::scheduled: return after({schedule{due + 1h}});
  }
  return {};
}

result<decision> apply(const call& c, const command& what) {
  return step(c, what, due);
}

/// What a command does to a call: "CONFIRMED" (its next phase), "no change", or the error.
std::string outcome(const call& c, const command& what) {
  const auto made = apply(c, what);
  if (!made)
    return std::string{name(made.error().code)};
  return made->transitions.empty() ? "no change" : std::string{name(made->next.phase)};
}

std::optional<message> told(const call& c, const command& what) {
  const auto made = apply(c, what);
  REQUIRE(made);
  return made->message;
}

std::vector<event> events(const decision& made) {
  std::vector<event> result;
  for (const auto& t : made.transitions)
    result.push_back(t.event);
  return result;
}

} // namespace

// -- the state machine --

TEST_CASE("every command in every phase does exactly this") {
  using row = std::map<phase, std::string>;
  const auto C = std::string{"conflict"};
  const auto N = std::string{"not_found"};
  const auto same = std::string{"no change"};
  // In the order of `phases`.
  const auto table = [](std::array<std::string, 10> cells) {
    row r;
    for (std::size_t i = 0; i < phases.size(); ++i)
      r[phases[i]] = cells[i];
    return r;
  };
  const std::vector<std::tuple<std::string, command, row>> all{
      {"manage", manage{}, table({"DISPATCHING", C, C, C, C, C, C, C, C, "DISPATCHING"})},
      {"schedule", schedule{due}, table({"SCHEDULED", C, C, C, C, C, C, C, C, C})},
      {"assign", to_kim, table({C, "CONFIRMED", C, C, C, C, C, C, C, C})},
      {"cancel", cancel{},
       table({"CANCELED", "CANCELED", "CANCELED", "CANCELED", C, C, same, same, same,
              "CANCELED"})},
      {"decline", kims(job_step::decline), table({N, N, "DISPATCHING", C, C, C, C, N, C, N})},
      {"arrived", kims(job_step::arrived), table({N, N, "ARRIVED", C, C, C, C, N, C, N})},
      {"picked-up", kims(job_step::picked_up), table({N, N, C, "PICKED_UP", C, C, C, N, C, N})},
      {"completed", kims(job_step::completed), table({N, N, C, C, "COMPLETED", C, C, N, C, N})},
      {"failed", kims(job_step::failed),
       table({N, N, "PICKUP_FAILED", "PICKUP_FAILED", C, C, C, N, C, N})},
      {"lose", lose_courier{kim},
       table({same, same, "DISPATCHING", same, same, same, same, same, same, same})},
      {"reassign", reassign{}, table({C, C, "DISPATCHING", "DISPATCHING", C, C, C, C, C, C})},
      {"expire", expire{},
       table({same, "UNFULFILLED", same, same, same, same, same, same, same, same})},
  };
  for (const auto& [command_name, what, expected] : all)
    for (auto p : phases) {
      INFO(command_name << " in " << name(p));
      CHECK(outcome(in(p), what) == expected.at(p));
    }
}

TEST_CASE("a conflict names the phase, in words and as a fact") {
  const auto made = apply(in(phase::completed), cancel{});
  REQUIRE_FALSE(made);
  CHECK(made.error()
        == error{
            errc::conflict, "cancel: pickup call 7: is COMPLETED", {{"phase", "COMPLETED"}}});
  for (auto p : phases) {
    const auto managed = apply(in(p), manage{});
    if (!managed)
      CHECK(managed.error().facts == std::vector<fact>{{"phase", std::string{name(p)}}});
  }
}

TEST_CASE("a report by a courier who never had the job is not found") {
  for (auto p : phases)
    for (auto step_made : {job_step::decline, job_step::arrived, job_step::picked_up,
                           job_step::completed, job_step::failed}) {
      const auto made = apply(in(p), job_report{lee, step_made});
      REQUIRE_FALSE(made);
      CHECK(made.error().code == errc::not_found);
      CHECK(made.error().text
            == std::string{name(step_made)} + ": pickup call 7: not a job of courier 2");
    }
}

TEST_CASE("a refused command leaves no trace") {
  const auto before = in(phase::picked_up);
  const auto copy = before;
  CHECK_FALSE(apply(before, cancel{}));
  CHECK(before == copy);
}

// -- a new call --

TEST_CASE("a new call is requested, unversioned, and may wait as long as it was told") {
  const auto made = fresh();
  CHECK(made.next.phase == phase::requested);
  CHECK(made.next.version == version_no{0});
  CHECK(made.next.created_at == start);
  CHECK(made.next.updated_at == start);
  CHECK(made.next.wait_until == due);
  CHECK_FALSE(made.next.assigned);
  CHECK(events(made) == std::vector{event::called});
  CHECK_FALSE(made.message);
}

TEST_CASE("a change moves the time of the last change, not that of creation") {
  const auto c = in(phase::confirmed);
  CHECK(c.created_at == start);
  CHECK(c.updated_at == due);
}

TEST_CASE("a step leaves versions and positions to the journal") {
  const auto c = in(phase::completed);
  CHECK(c.version == version_no{0});
  CHECK(c.last == seq_no{0});
}

// -- what the customer is told --

TEST_CASE("each visible transition tells the customer one thing") {
  CHECK(told(in(phase::requested), manage{}) == message::received);
  CHECK(told(in(phase::dispatching), to_kim) == message::confirmed);
  CHECK(told(in(phase::confirmed), kims(job_step::arrived)) == message::arrived);
  CHECK(told(in(phase::arrived), kims(job_step::picked_up)) == message::picked_up);
  CHECK(told(in(phase::picked_up), kims(job_step::completed)) == message::completed);
  CHECK(told(in(phase::confirmed), kims(job_step::failed)) == message::failed);
  CHECK(told(in(phase::arrived), kims(job_step::failed)) == message::failed);
  CHECK(told(in(phase::dispatching), expire{}) == message::unfulfilled);
  for (auto p : {phase::requested, phase::dispatching, phase::confirmed, phase::arrived})
    CHECK(told(in(p), cancel{}) == message::canceled);
}

TEST_CASE("going back to the dispatcher tells the customer nothing") {
  CHECK_FALSE(told(in(phase::confirmed), kims(job_step::decline)));
  CHECK_FALSE(told(in(phase::confirmed), lose_courier{kim}));
  CHECK_FALSE(told(in(phase::arrived), reassign{}));
}

TEST_CASE("what changes nothing tells nothing") {
  CHECK_FALSE(told(in(phase::canceled), cancel{}));
  CHECK_FALSE(told(in(phase::completed), expire{}));
  CHECK_FALSE(told(in(phase::arrived), lose_courier{kim}));
}

TEST_CASE("a courier after the first is told as another one") {
  auto c = after({manage{}, to_kim, kims(job_step::decline)});
  CHECK(told(c, to_lee) == message::reassigned);
  c = after({manage{}, to_kim, kims(job_step::decline), to_lee, lose_courier{lee}});
  CHECK(told(c, assign{courier_id{3}, near_by}) == message::reassigned);
}

TEST_CASE("a call that is confirmed as it is registered tells only that") {
  auto managed = then(fresh(), manage{}, start);
  REQUIRE(managed);
  CHECK(managed->message == message::received);
  const auto confirmed = then(*managed, to_kim, start);
  REQUIRE(confirmed);
  CHECK(confirmed->message == message::confirmed);
  CHECK(confirmed->next.phase == phase::confirmed);
  CHECK(events(*confirmed) == std::vector{event::called, event::managed, event::assigned});
}

TEST_CASE("a further command that tells nothing leaves the earlier message") {
  auto both = then(fresh(), manage{}, start);
  REQUIRE(both);
  both = then(*both, expire{}, start);
  REQUIRE(both);
  CHECK(both->message == message::received);
  CHECK(both->transitions.size() == 2);
}

TEST_CASE("a further command that is illegal is refused") {
  const auto made = then(fresh(), to_kim, start);
  REQUIRE_FALSE(made);
  CHECK(made.error().facts == std::vector<fact>{{"phase", "REQUESTED"}});
}

// -- assignments --

TEST_CASE("an assignment names its courier and the distance") {
  const auto made = apply(in(phase::dispatching), to_kim);
  REQUIRE(made);
  const auto& c = made->next;
  REQUIRE(c.has_live_assignment());
  CHECK(c.assigned->courier == kim);
  CHECK(c.assigned->distance == near_by);
  CHECK(c.times_assigned == 1);
  CHECK(made->transitions
        == std::vector{
            transition{event::assigned, phase::confirmed, cause::none, kim, {}, near_by, {}}});
}

TEST_CASE("cancelling an assigned call cancels the assignment in the same commit") {
  auto c = in(phase::confirmed);
  c.assigned->id = seq_no{42};
  for (auto by : {cause::customer, cause::by_operator}) {
    const auto made = apply(c, cancel{by, "마음이 바뀜"});
    REQUIRE(made);
    CHECK(made->transitions
          == std::vector{
              transition{event::call_canceled, phase::canceled, by, {}, {}, {}, "마음이 바뀜"},
              transition{event::assign_canceled, phase::canceled, by, kim, seq_no{42}}});
    CHECK_FALSE(made->next.has_live_assignment());
    // Who it was stays known.
    CHECK(made->next.assigned->courier == kim);
  }
}

TEST_CASE("cancelling a call without a courier cancels no assignment") {
  for (auto p : {phase::requested, phase::dispatching}) {
    const auto made = apply(in(p), cancel{});
    REQUIRE(made);
    CHECK(events(*made) == std::vector{event::call_canceled});
  }
}

TEST_CASE("cancelling twice changes nothing") {
  const auto once = in(phase::canceled);
  const auto twice = step(once, cancel{cause::by_operator, "again"}, due + 1h);
  REQUIRE(twice);
  CHECK(twice->transitions.empty());
  CHECK(twice->next == once);
}

TEST_CASE("a courier who declined is not asked again for that call") {
  auto c = in(phase::confirmed);
  c.assigned->id = seq_no{42};
  const auto made = apply(c, kims(job_step::decline));
  REQUIRE(made);
  CHECK(made->next.excluded == std::vector{kim});
  CHECK_FALSE(made->next.assigned);
  CHECK(made->transitions
        == std::vector{transition{event::assign_canceled, phase::dispatching,
                                  cause::courier_declined, kim, seq_no{42}}});
}

TEST_CASE("a lost courier is not asked again for that call") {
  const auto made = apply(in(phase::confirmed), lose_courier{kim});
  REQUIRE(made);
  CHECK(made->next.excluded == std::vector{kim});
  CHECK_FALSE(made->next.assigned);
  CHECK(made->transitions.front().cause == cause::courier_lost);
}

TEST_CASE("a courier whom an operator took a call from is not asked again for it") {
  const auto made = apply(in(phase::arrived), reassign{"차가 고장"});
  REQUIRE(made);
  CHECK(made->next.excluded == std::vector{kim});
  CHECK_FALSE(made->next.assigned);
  CHECK(events(*made) == std::vector{event::assign_canceled});
  CHECK(made->transitions.front().cause == cause::by_operator);
  CHECK(made->transitions.front().courier == kim);
  CHECK(made->transitions.front().reason == "차가 고장");
  CHECK(told(made->next, to_lee) == message::reassigned);
}

TEST_CASE("an assignment keeps why it was made, however many steps its commit has") {
  auto explained_to_kim = to_kim;
  explained_to_kim.why.emplace().wanted = service_class::over10kg;
  const auto made = then(*then(fresh(), manage{}, start), explained_to_kim, start);
  REQUIRE(made);
  CHECK(made->why == explained_to_kim.why);
  const auto ended = then(*made, cancel{}, start);
  REQUIRE(ended);
  CHECK(ended->why == explained_to_kim.why);
  CHECK_FALSE(apply(in(phase::confirmed), cancel{})->why);
}

TEST_CASE("couriers who dropped out are kept in order") {
  const auto c =
      after({manage{}, to_lee, job_report{lee, job_step::decline}, to_kim, lose_courier{kim}});
  CHECK(c.excluded == std::vector{lee, kim});
  CHECK(c.times_assigned == 2);
}

TEST_CASE("a courier who dropped out and reports again hears the phase") {
  const auto c = after({manage{}, to_kim, kims(job_step::decline)});
  const auto made = apply(c, kims(job_step::arrived));
  REQUIRE_FALSE(made);
  CHECK(made.error().code == errc::conflict);
  CHECK(made.error().facts == std::vector<fact>{{"phase", "DISPATCHING"}});
}

TEST_CASE("a call sent back keeps its age and its deadline") {
  const auto c = after({manage{}, to_kim, kims(job_step::decline)});
  CHECK(c.created_at == start);
  CHECK(c.wait_until == due);
}

TEST_CASE("losing a courier who is already there, or is another one, changes nothing") {
  CHECK(outcome(in(phase::arrived), lose_courier{kim}) == "no change");
  CHECK(outcome(in(phase::confirmed), lose_courier{lee}) == "no change");
}

TEST_CASE("a completed job ends its assignment without cancelling it") {
  auto c = in(phase::picked_up);
  c.assigned->id = seq_no{42};
  const auto made = apply(c, kims(job_step::completed));
  REQUIRE(made);
  CHECK_FALSE(made->next.has_live_assignment());
  CHECK(made->transitions
        == std::vector{
            transition{event::completed, phase::completed, cause::none, kim, seq_no{42}}});
}

TEST_CASE("a failed pickup cancels its assignment") {
  auto c = in(phase::arrived);
  c.assigned->id = seq_no{42};
  const auto made = apply(c, kims(job_step::failed));
  REQUIRE(made);
  CHECK(events(*made) == std::vector{event::pickup_failed, event::assign_canceled});
  CHECK(made->transitions.back().cause == cause::pickup_failed);
  CHECK(made->transitions.back().assignment == seq_no{42});
  CHECK_FALSE(made->next.has_live_assignment());
}

TEST_CASE("an assignment is live from confirmation to the end, and at no other time") {
  for (auto p : phases) {
    INFO(name(p));
    const bool expected = p == phase::confirmed || p == phase::arrived || p == phase::picked_up;
    CHECK(in(p).has_live_assignment() == expected);
  }
}

// -- waiting too long --

TEST_CASE("a call expires when its time is over, not a millisecond before") {
  const auto c = in(phase::dispatching);
  const auto early = step(c, expire{}, due - 1ms);
  REQUIRE(early);
  CHECK(early->transitions.empty());
  CHECK(early->next == c);
  const auto late = step(c, expire{}, due);
  REQUIRE(late);
  CHECK(late->next.phase == phase::unfulfilled);
  CHECK(late->transitions
        == std::vector{transition{event::unfulfilled, phase::unfulfilled, cause::expired}});
}

TEST_CASE("before its own time a call expires when told to: the clock has gone back") {
  const auto c = in(phase::dispatching);
  CHECK(step(c, expire{}, c.created_at)->transitions.empty());
  CHECK(step(c, expire{}, c.created_at - 1ms)->next.phase == phase::unfulfilled);
}

// -- a time of pickup --

TEST_CASE(
    "the time a call may wait counts from its time of pickup, never from earlier than now") {
  const auto wait_until = [](timestamp pickup_at) {
    call_request what;
    what.pickup_at = pickup_at;
    return request(call_id{{service::taxi, {}}, 1}, what, start, max_wait).next.wait_until;
  };
  CHECK(wait_until(start + 5h) == start + 5h + max_wait);
  CHECK(wait_until(start - 30s) == start + max_wait);
}

TEST_CASE("a call is scheduled when its time of pickup is farther than the lead, else not") {
  call_request what;
  CHECK_FALSE(dispatch_time(what, start, 15min));
  what.pickup_at = start + 15min;
  CHECK_FALSE(dispatch_time(what, start, 15min));
  what.pickup_at = start + 15min + 1ms;
  CHECK(dispatch_time(what, start, 15min) == start + 1ms);
}

TEST_CASE("a time of pickup may not be past nor too far ahead, and the refusal says how") {
  CHECK(check_pickup_at(start - past_tolerance, start, 24h));
  CHECK(check_pickup_at(start + 24h, start, 24h));
  const auto past = check_pickup_at(start - past_tolerance - 1ms, start, 24h);
  REQUIRE_FALSE(past);
  CHECK(past.error()
        == error{errc::out_of_range,
                 "create call: pickupAt: must not be past, it is 2026-11-22T00:00:00.000Z, got "
                 "2026-11-21T23:58:59.999Z",
                 {{"field", "pickupAt"}}});
  const auto far = check_pickup_at(start + 24h + 1ms, start, 24h);
  REQUIRE_FALSE(far);
  CHECK(far.error().code == errc::out_of_range);
  CHECK(far.error().text.find("must not be later than 2026-11-23T00:00:00.000Z")
        != std::string::npos);
}

TEST_CASE("a scheduled call keeps its times, and tells nobody until it is dispatched") {
  const auto made = then(fresh(), schedule{start + 1h}, start);
  REQUIRE(made);
  CHECK(made->next.phase == phase::scheduled);
  CHECK(made->next.dispatch_at == start + 1h);
  CHECK_FALSE(made->message);
  CHECK(events(*made) == std::vector{event::called, event::scheduled});
  CHECK(made->transitions.back().due == start + 1h);
  const auto managed = step(made->next, manage{}, start + 1h);
  REQUIRE(managed);
  CHECK(managed->message == message::received);
  CHECK(managed->next.dispatch_at == start + 1h);
  CHECK(told(made->next, cancel{}) == message::canceled);
}

// -- names --

TEST_CASE("each phase has its status") {
  CHECK(status_of(phase::requested) == status::called);
  CHECK(status_of(phase::scheduled) == status::called);
  CHECK(status_of(phase::dispatching) == status::dispatching);
  for (auto p : {phase::confirmed, phase::arrived, phase::picked_up, phase::completed})
    CHECK(status_of(p) == status::confirmed);
  for (auto p : {phase::canceled, phase::unfulfilled, phase::pickup_failed})
    CHECK(status_of(p) == status::canceled);
}

TEST_CASE("a call has ended in four of its phases") {
  for (auto p : phases) {
    INFO(name(p));
    CHECK(ended(p)
          == (p == phase::completed || p == phase::canceled || p == phase::unfulfilled
              || p == phase::pickup_failed));
    CHECK(under_way(p) == (!ended(p) && p != phase::scheduled));
  }
}

TEST_CASE("statuses are read as they are written") {
  const std::vector<std::string_view> words{"호출", "호출중", "호출확정", "호출취소"};
  int i = 0;
  for (auto s : {status::called, status::dispatching, status::confirmed, status::canceled}) {
    CHECK(name(s) == words[static_cast<std::size_t>(i++)]);
    CHECK(parse_status(name(s)) == s);
  }
  for (const auto* word : {"", "call", "호", "호출 ", "CONFIRMED"})
    CHECK_FALSE(parse_status(word));
}

TEST_CASE("phases, causes, messages and steps have the names the interface promises") {
  std::vector<std::string_view> names;
  for (auto p : phases)
    names.push_back(name(p));
  CHECK(names
        == std::vector<std::string_view>{"REQUESTED", "DISPATCHING", "CONFIRMED", "ARRIVED",
                                         "PICKED_UP", "COMPLETED", "CANCELED", "UNFULFILLED",
                                         "PICKUP_FAILED", "SCHEDULED"});
  names.clear();
  for (int i = 0; i <= 6; ++i)
    names.push_back(name(static_cast<cause>(i)));
  CHECK(names
        == std::vector<std::string_view>{"", "customer", "operator", "courier_declined",
                                         "courier_lost", "pickup_failed", "expired"});
  names.clear();
  for (int i = 1; i <= 9; ++i)
    names.push_back(name(static_cast<message>(i)));
  CHECK(names
        == std::vector<std::string_view>{"RECEIVED", "CONFIRMED", "REASSIGNED", "ARRIVED",
                                         "PICKED_UP", "COMPLETED", "CANCELED", "UNFULFILLED",
                                         "FAILED"});
  names.clear();
  for (int i = 0; i <= 4; ++i)
    names.push_back(name(static_cast<job_step>(i)));
  CHECK(names
        == std::vector<std::string_view>{"decline", "arrived", "picked-up", "completed",
                                         "failed"});
}

TEST_CASE("events are named after their service") {
  CHECK(name(event::called, service::pickup) == "PickupCalled");
  CHECK(name(event::managed, service::pickup) == "PickupManaged");
  CHECK(name(event::assigned, service::taxi) == "TaxiAssigned");
  CHECK(name(event::call_canceled, service::pickup) == "PickupCallCancelled");
  CHECK(name(event::assign_canceled, service::taxi) == "TaxiAssignCancelled");
  CHECK(name(event::scheduled, service::taxi) == "TaxiScheduled");
  std::set<std::string> all;
  for (auto s : services)
    for (int i = 1; i <= static_cast<int>(last_event); ++i)
      all.insert(name(static_cast<event>(i), s));
  CHECK(all.size() == 22);
}

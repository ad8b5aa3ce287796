#include "domain/explanation.hpp"

#include "domain/board.hpp"
#include "domain/courier.hpp"
#include "tests/domain/dispatch_scene.hpp"
#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace pickup::domain;
using namespace std::chrono_literals;
using namespace pickup::testing;

namespace {

considered someone(std::uint64_t id, double km) {
  considered c;
  c.courier = courier_id{id};
  c.version = version_no{1};
  c.classes = class_set::all_of(service::pickup);
  c.capacity = 3;
  c.where = north(km);
  c.idle_since = noon;
  return c;
}

explanation of(std::vector<considered> couriers, matching how = matching::nearest) {
  return explained({how, north(0), service_class::under10kg, reach, std::move(couriers)});
}

/// Who came before whom, and what became of each.
std::string shown(const explanation& e) {
  std::string text;
  for (const auto& c : e.couriers)
    text += std::to_string(c.courier.value()) + ' ' + std::string{name(c.verdict)} + ", ";
  return text.substr(0, text.size() - 2);
}

std::string reason(const explanation& e, std::uint64_t id) {
  for (const auto& c : e.couriers)
    if (c.courier == courier_id{id})
      return why(e, c);
  return "";
}

} // namespace

// -- those who could come --

TEST_CASE("the nearest is chosen, and the others are told how much farther they were") {
  const auto e = of({someone(1, 3), someone(6, 1), someone(2, 2)});
  CHECK(shown(e) == "6 chosen, 2 farther, 1 farther");
  CHECK(reason(e, 6) == "the nearest who could come");
  CHECK(reason(e, 2) == "1000.0 m farther than courier 6");
  CHECK(e.couriers[0].distance == distance(north(1), north(0)));
}

TEST_CASE("among those at one place load, then idle time, then the number decide") {
  auto loaded = someone(1, 1);
  loaded.load = 1;
  auto idle = someone(4, 1);
  idle.idle_since = noon - 1min;
  const auto e = of({loaded, someone(3, 1), someone(2, 1), idle});
  CHECK(shown(e) == "4 chosen, 2 idle_shorter, 3 idle_shorter, 1 more_loaded");
  CHECK(reason(e, 1) == "as far as courier 4, but with 1 job against 0");
  CHECK(reason(e, 2) == "as far as courier 4, and idle for less time");
  const auto equal = of({someone(3, 1), someone(2, 1)});
  CHECK(shown(equal) == "2 chosen, 3 higher_id");
  CHECK(reason(equal, 3) == "equal to courier 2 in all but the number, which is higher");
}

TEST_CASE("for the oldest call the lowest number is chosen, however near the others") {
  const auto e = of({someone(5, 1), someone(9, 3), someone(4, 2)}, matching::oldest_call);
  CHECK(shown(e) == "4 chosen, 5 higher_id, 9 higher_id");
  CHECK(reason(e, 4) == "became free, and no call within reach had waited longer");
  CHECK(reason(e, 5) == "became free as well, and is asked after courier 4");
}

TEST_CASE("nobody is chosen when nobody could come") {
  auto kim = someone(1, 1);
  kim.lost = true;
  CHECK_FALSE(chosen(of({kim})));
  CHECK_FALSE(chosen(of({kim}, matching::oldest_call)));
  CHECK_FALSE(chosen(of({})));
}

// -- those who could not --

TEST_CASE("each reason not to come has its verdict and its words") {
  auto e = of({someone(1, 10)});
  const auto with = [&](std::uint64_t id, auto change) {
    auto c = someone(id, static_cast<double>(id) / 10);
    change(c);
    e.couriers.push_back(c);
  };
  with(2, [](considered& c) { c.on_shift = false; });
  with(3, [](considered& c) { c.lost = true; });
  with(4, [](considered& c) { c.load = c.capacity; });
  with(5, [](considered& c) { c.classes = class_set::all_of(service::taxi); });
  with(6, [](considered& c) { c.excluded = true; });
  with(7, [](considered& c) { c.changing = true; });
  with(8, [](considered& c) { c.where = north(25); });
  e = explained(e);
  CHECK(shown(e)
        == "1 chosen, 2 off_shift, 3 lost, 4 full, 5 wrong_class, 6 excluded, 7 changing, "
           "8 out_of_reach");
  CHECK(reason(e, 2) == "off shift");
  CHECK(reason(e, 3) == "not heard of for too long");
  CHECK(reason(e, 4) == "had 3 jobs and may have no more");
  CHECK(reason(e, 5) == "cannot do under10kg");
  CHECK(reason(e, 6) == "had this call before");
  CHECK(reason(e, 7) == "their record was being changed");
  CHECK(reason(e, 8) == "25000.0 m away, beyond the reach of 20000.0 m");
}

TEST_CASE("who could come is who may take a job, and the other way round") {
  seeded random;
  INFO(random.show());
  for (int round = 0; round < 2000; ++round) {
    auto c = someone(1, 1);
    c.on_shift = random.one_in(2);
    c.lost = random.one_in(2);
    c.load = static_cast<std::uint32_t>(random.below(5));
    auto r = record(1, 3);
    r.on_shift = c.on_shift;
    CHECK(chosen(of({c})).has_value() == can_take_job(r, c.load, c.where, c.lost));
  }
}

TEST_CASE("verdicts and ways of matching have names, each its own") {
  std::set<std::string_view> names;
  for (auto v = 1; v <= static_cast<int>(last_verdict); ++v)
    names.insert(name(static_cast<verdict>(v)));
  CHECK(names.size() == static_cast<std::size_t>(last_verdict));
  CHECK_FALSE(names.contains(""));
  CHECK(name(matching::nearest) == "nearest");
  CHECK(name(matching::oldest_call) == "oldest_call");
}

// -- checking what is stored --

TEST_CASE("an explanation follows from its inputs alone, in whatever order they come") {
  seeded random;
  INFO(random.show());
  for (int round = 0; round < 500; ++round) {
    std::vector<considered> all;
    for (std::uint64_t id = 1; id <= 6; ++id) {
      auto c = someone(id, static_cast<double>(random.below(4)));
      c.load = static_cast<std::uint32_t>(random.below(4));
      c.idle_since = noon + std::chrono::seconds{random.below(2)};
      c.excluded = random.one_in(4);
      all.push_back(c);
    }
    const auto how = random.one_in(2) ? matching::nearest : matching::oldest_call;
    const auto e = of(all, how);
    for (auto& c : all) {
      c.distance = metres{7};
      c.verdict = verdict::lost;
    }
    std::rotate(all.begin(), all.begin() + static_cast<long>(random.below(6)), all.end());
    CHECK(of(all, how) == e);
    CHECK(explained(e) == e);
  }
}

TEST_CASE("stored and computed agree within a hair of distance, and in all else exactly") {
  const auto e = of({someone(1, 1), someone(2, 2)});
  CHECK(agree(e, e));
  auto changed = e;
  changed.couriers[1].distance = metres{e.couriers[1].distance.value() + 1e-6};
  CHECK(agree(changed, e));
  changed.couriers[1].distance = metres{e.couriers[1].distance.value() + 1};
  CHECK_FALSE(agree(changed, e));
  changed = e;
  changed.couriers[1].verdict = verdict::lost;
  CHECK_FALSE(agree(changed, e));
  changed = e;
  changed.couriers.pop_back();
  CHECK_FALSE(agree(changed, e));
}

// -- what the board tells --

TEST_CASE("a reservation names three others who could have come and three who could not") {
  board b{reach};
  for (std::uint64_t id = 1; id <= 10; ++id) {
    auto r = record(id, 3);
    r.on_shift = id <= 5;
    b.put(r, noon);
    b.move(r.id, north(static_cast<double>(id)));
  }
  b.enter(asking(1), noon);
  const auto made = b.next_match(noon);
  REQUIRE(made);
  CHECK(shown(made->why)
        == "1 chosen, 2 farther, 3 farther, 4 farther, 6 off_shift, 7 off_shift, 8 off_shift");
  CHECK(made->why.couriers[0].load == 0);
  CHECK(made->why.how == matching::nearest);
  CHECK(made->why.reach == reach);
}

TEST_CASE("a reservation says why the nearer ones could not come") {
  board b{reach};
  const auto add = [&](std::uint64_t id, auto change) {
    auto r = record(id, 3);
    change(r);
    b.put(r, noon);
    b.move(r.id, north(static_cast<double>(id)));
  };
  add(1, [](courier& c) { c.classes = class_set::all_of(service::taxi); });
  add(2, [](courier&) {});
  add(3, [](courier&) {});
  add(4, [](courier&) {});
  b.hold(courier_id{3});
  auto t = asking(1);
  t.excluded = {courier_id{2}, courier_id{99}};
  b.enter(t, noon);
  const auto made = b.next_match(noon);
  REQUIRE(made);
  CHECK(shown(made->why) == "4 chosen, 1 wrong_class, 2 excluded, 3 changing");
}

TEST_CASE("a courier who was erased, or is beyond reach or without a place, is not told of") {
  board b{reach};
  for (std::uint64_t id = 1; id <= 4; ++id) {
    auto r = record(id, 3);
    r.on_shift = id == 1;
    b.put(r, noon);
    if (id != 2)
      b.move(r.id, north(id == 3 ? 30 : 1));
  }
  b.erase(courier_id{4});
  b.enter(asking(1), noon);
  const auto made = b.next_match(noon);
  REQUIRE(made);
  CHECK(shown(made->why) == "1 chosen");
}

TEST_CASE("of couriers who become free together the first takes the oldest call") {
  board b{reach};
  for (std::uint64_t n = 1; n <= 2; ++n) {
    b.enter(asking(n), noon);
    CHECK_FALSE(b.next_match(noon));
  }
  for (const auto id : {7, 5, 6}) {
    const auto r = record(static_cast<std::uint64_t>(id));
    b.put(r, noon);
    b.move(r.id, north(8 - id));
  }
  const auto first = b.next_match(noon);
  REQUIRE(first);
  CHECK(first->call == asking(1).call);
  CHECK(first->courier == courier_id{5});
  CHECK(first->why.how == matching::oldest_call);
  CHECK(shown(first->why) == "5 chosen, 7 higher_id, 6 higher_id");
  const auto second = b.next_match(noon);
  REQUIRE(second);
  CHECK(second->courier == courier_id{6});
  CHECK(shown(second->why) == "6 chosen, 7 higher_id, 5 full");
}

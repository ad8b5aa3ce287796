// The searches behind dispatching against plain loops over everything.
#include "domain/board.hpp"
#include "domain/courier_index.hpp"
#include "domain/free_couriers.hpp"
#include "domain/waiting_calls.hpp"
#include "tests/domain/dispatch_scene.hpp"
#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace pickup::domain;
using namespace std::chrono_literals;
using pickup::testing::noon;
using pickup::testing::seeded;

namespace {

/// A part of the earth, and a reach that makes sense in it.
struct area {
  std::string name;
  double lat;
  double lng;
  double lat_spread;
  double lng_spread;
  metres reach;
};

const std::vector<area> areas{
    {"Seoul", 37.55, 126.98, 0.3, 0.4, metres{20'000}},
    {"one block", 37.55, 126.98, 0.002, 0.002, metres{100}},
    {"the date line", 1, 180, 0.3, 0.3, metres{20'000}},
    {"the north pole", 90, 0, 0.4, 180, metres{20'000}},
    {"the south pole", -90, 0, 0.4, 180, metres{20'000}},
    {"the whole earth, near", 0, 0, 90, 180, metres{5'000'000}},
    {"the whole earth, anywhere", 0, 0, 90, 180, metres{30'000'000}},
};

/// A random place in an area. Half of them lie on a coarse grid, so that many coincide; the
/// date line is reached from both sides, and under both its names.
position somewhere(seeded& random, const area& a) {
  auto lat = a.lat + random.real(-a.lat_spread, a.lat_spread);
  auto lng = a.lng + random.real(-a.lng_spread, a.lng_spread);
  if (random.one_in(2)) {
    const auto snap = [](double x, double middle, double spread) {
      return middle + std::round((x - middle) / spread * 3) / 3 * spread;
    };
    lat = snap(lat, a.lat, a.lat_spread);
    lng = snap(lng, a.lng, a.lng_spread);
  }
  if (lng > 180 || (lng == 180 && random.one_in(2)))
    lng -= 360;
  return *position::at(std::clamp(lat, -90.0, 90.0), std::clamp(lng, -180.0, 180.0));
}

class_set some_classes(seeded& random) {
  class_set set;
  for (auto c : service_classes)
    if (random.one_in(2))
      set.insert(c);
  return set;
}

std::string text(const std::optional<candidate>& c) {
  if (!c)
    return "nobody";
  return "courier " + std::to_string(c->rank.id.value()) + " at "
         + std::to_string(c->distance.value()) + " m";
}

std::string text(const std::vector<candidate>& found) {
  std::string all;
  for (const auto& c : found)
    all += text(std::optional{c}) + "\n";
  return all;
}

std::optional<courier_id> first(const std::vector<candidate>& found) {
  return found.empty() ? std::nullopt : std::optional{found.front().rank.id};
}

bool among(const std::vector<courier_id>& ids, courier_id id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

} // namespace

// -- the nearest courier --

TEST_CASE("the index finds those whom a look at every courier finds, best first") {
  seeded random;
  INFO(random.show());
  for (const auto& a : areas) {
    INFO(a.name);
    courier_index index;
    std::map<courier_id, std::pair<courier_rank, position>> all;
    for (int round = 0; round < 600; ++round) {
      const courier_id id{random.number(1, 120)};
      if (random.one_in(4)) {
        index.erase(id);
        all.erase(id);
      } else {
        const courier_rank rank{static_cast<std::uint32_t>(random.below(3)),
                                noon + std::chrono::seconds{random.below(3)}, id};
        const auto where = somewhere(random, a);
        index.put(rank, where);
        all.insert_or_assign(id, std::pair{rank, where});
      }
      REQUIRE(index.size() == all.size());
      const auto from = somewhere(random, a);
      std::vector<courier_id> excluded;
      for (auto n = random.below(6); n > 0; --n)
        excluded.emplace_back(random.number(1, 120));
      std::vector<candidate> best;
      for (const auto& [other, known] : all) {
        const candidate c{known.first, distance(from, known.second)};
        if (c.distance <= a.reach && !among(excluded, other))
          best.push_back(c);
      }
      std::sort(best.begin(), best.end(), better);
      const std::size_t most = random.one_in(2) ? 1 : random.number(1, 130);
      best.resize(std::min(best.size(), most));
      REQUIRE(text(index.nearest(from, a.reach, excluded, most)) == text(best));
    }
  }
}

TEST_CASE("a courier exactly at the limit of reach is found, one a hair farther is not") {
  seeded random;
  INFO(random.show());
  for (const auto& a : areas)
    for (int round = 0; round < 100; ++round) {
      const auto where = somewhere(random, a);
      const auto from = somewhere(random, a);
      const auto away = distance(from, where);
      INFO(a.name << ", " << away.value() << " m");
      courier_index index;
      index.put({0, noon, courier_id{1}}, where);
      CHECK(first(index.nearest(from, away, {}, 1)));
      if (away.value() > 0)
        CHECK_FALSE(
            first(index.nearest(from, metres{std::nextafter(away.value(), 0.0)}, {}, 1)));
    }
}

TEST_CASE("of a hundred couriers at one place the best not excluded is found") {
  courier_index index;
  const auto depot = *position::at(37.55, 126.98);
  for (std::uint64_t id = 1; id <= 100; ++id)
    index.put({static_cast<std::uint32_t>(id % 7), noon, courier_id{id}}, depot);
  CHECK(first(index.nearest(depot, metres{1}, {}, 1)) == courier_id{7});
  std::vector<courier_id> excluded;
  for (std::uint64_t id = 7; id <= 98; id += 7)
    excluded.emplace_back(id);
  CHECK(first(index.nearest(depot, metres{1}, excluded, 1)) == courier_id{1});
}

TEST_CASE("an empty index finds nobody") {
  const courier_index index;
  CHECK(index.nearest(*position::at(0, 0), metres{30'000'000}, {}, 5).empty());
}

TEST_CASE("those free for a class are found over all abilities, best first") {
  free_couriers all;
  class_set light;
  light.insert(service_class::under10kg);
  const auto both = class_set::all_of(service::pickup);
  const auto at = [](double lat) { return *position::at(lat, 127); };
  all.put(light, {0, noon, courier_id{1}}, at(37.51));
  all.put(both, {1, noon, courier_id{2}}, at(37.50));
  all.put(both, {0, noon, courier_id{3}}, at(37.52));
  all.put(light, {0, noon, courier_id{4}}, at(37.50));
  const auto ids = [&](service_class wanted, std::size_t most) {
    std::vector<std::uint64_t> found;
    for (const auto& c : all.nearest(wanted, at(37.50), metres{20'000}, {}, most))
      found.push_back(c.rank.id.value());
    return found;
  };
  CHECK(ids(service_class::under10kg, 9) == std::vector<std::uint64_t>{4, 2, 1, 3});
  CHECK(ids(service_class::under10kg, 2) == std::vector<std::uint64_t>{4, 2});
  CHECK(ids(service_class::over10kg, 9) == std::vector<std::uint64_t>{2, 3});
  CHECK(ids(service_class::van, 9).empty());
  CHECK(ids(service_class::under10kg, 0).empty());
  all.erase(both, courier_id{2});
  CHECK(ids(service_class::over10kg, 9) == std::vector<std::uint64_t>{3});
}

// -- the oldest waiting call --

TEST_CASE("the queue finds the call that a look at every waiting one finds") {
  seeded random;
  INFO(random.show());
  for (const auto reach :
       {metres{100}, metres{20'000}, metres{5'000'000}, metres{20'015'000}, metres{30'000'000}})
    for (const auto& a : areas) {
      INFO(a.name << ", reach " << reach.value() << " m");
      waiting_calls queue{reach};
      std::map<call_age, ticket> all;
      for (int round = 0; round < 60; ++round) {
        const call_id call{{service::pickup, zone_no{0}}, random.number(1, 80)};
        if (const auto taken = queue.take(call))
          REQUIRE(all.erase({taken->created_at, call}) == 1);
        if (!random.one_in(4)) {
          ticket t;
          t.call = call;
          t.wanted = service_classes[random.below(service_classes.size())];
          t.where = somewhere(random, a);
          t.created_at = noon + std::chrono::seconds{random.below(20)};
          t.wait_until = t.created_at + 30min;
          for (auto n = random.below(3); n > 0; --n)
            t.excluded.emplace_back(random.number(1, 3));
          queue.put(t);
          all.emplace(call_age{t.created_at, call}, t);
        }
        REQUIRE(queue.size() == all.size());
        const courier_id who{random.number(1, 3)};
        const auto able = some_classes(random);
        const auto from = somewhere(random, a);
        const auto oldest = std::find_if(all.begin(), all.end(), [&](const auto& item) {
          const auto& t = item.second;
          return able.contains(t.wanted) && distance(from, t.where) <= reach
                 && !among(t.excluded, who);
        });
        const auto* found = queue.oldest_for(who, able, from);
        REQUIRE((found == nullptr) == (oldest == all.end()));
        if (found != nullptr)
          REQUIRE(*found == oldest->second);
      }
    }
}

TEST_CASE("a call exactly at the limit of reach is offered, one a hair farther is not") {
  seeded random;
  INFO(random.show());
  const auto able = class_set::all_of(service::pickup);
  for (const auto& a : areas)
    for (int round = 0; round < 20; ++round) {
      ticket t;
      t.call = call_id{{service::pickup, zone_no{0}}, 1};
      t.where = somewhere(random, a);
      const auto from = somewhere(random, a);
      const auto away = distance(from, t.where);
      if (away.value() < 1)
        continue;
      INFO(a.name << ", " << away.value() << " m");
      waiting_calls near_enough{away};
      near_enough.put(t);
      CHECK(near_enough.oldest_for(courier_id{1}, able, from) != nullptr);
      waiting_calls too_far{metres{std::nextafter(away.value(), 0.0)}};
      too_far.put(t);
      CHECK(too_far.oldest_for(courier_id{1}, able, from) == nullptr);
    }
}

// -- both together --

namespace {

/// What the board must decide, without any index: a look at everybody every time.
class plain_board {
public:
  struct person {
    courier record;
    std::optional<position> where;
    timestamp idle_since;
    bool lost = false;
    std::vector<call_id> jobs;

    bool free() const {
      return record.on_shift && !lost && where && jobs.size() < record.capacity;
    }
    courier_rank rank() const {
      return {static_cast<std::uint32_t>(jobs.size()), idle_since, record.id};
    }
  };

  explicit plain_board(metres reach) : reach_(reach) {}

  std::map<courier_id, person> people;
  std::map<call_age, ticket> waiting;

  std::optional<reservation> nearest_for(const ticket& t, timestamp now) {
    std::optional<candidate> best;
    for (const auto& [id, p] : people)
      if (can(p, t))
        if (const candidate c{p.rank(), distance(t.where, *p.where)}; !best || better(c, *best))
          best = c;
    if (!best)
      return std::nullopt;
    return give(matching::nearest, t, best->rank.id, now);
  }

  std::optional<reservation> oldest_for(courier_id id, timestamp now) {
    const auto& p = people.at(id);
    for (const auto& [age, t] : waiting)
      if (can(p, t))
        return give(matching::oldest_call, ticket{t}, id, now);
    return std::nullopt;
  }

  /// Whose job it was.
  std::optional<courier_id> free(call_id call, timestamp now) {
    for (auto& [id, p] : people)
      if (std::erase(p.jobs, call) > 0) {
        p.idle_since = now;
        return id;
      }
    return std::nullopt;
  }

private:
  bool can(const person& p, const ticket& t) const {
    return p.free() && p.record.classes.contains(t.wanted)
           && distance(*p.where, t.where) <= reach_ && !among(t.excluded, p.record.id);
  }

  /// Everybody within reach, and then no more than are kept.
  explanation explain(matching how, const ticket& t) const {
    explanation e{how, t.where, t.wanted, reach_, {}};
    for (const auto& [id, p] : people)
      if (p.where && distance(*p.where, t.where) <= reach_)
        e.couriers.push_back({id, p.record.version, p.record.classes, p.record.capacity,
                              p.record.on_shift, p.lost, false, among(t.excluded, id), *p.where,
                              static_cast<std::uint32_t>(p.jobs.size()), p.idle_since});
    e = explained(e);
    std::size_t able = 0;
    std::size_t unable = 0;
    std::erase_if(e.couriers, [&](const considered& c) {
      return c.verdict < verdict::off_shift ? ++able > 1 + most_rivals : ++unable > most_unable;
    });
    return e;
  }

  reservation give(matching how, const ticket& t, courier_id id, timestamp now) {
    auto why = explain(how, t);
    waiting.erase({t.created_at, t.call});
    auto& p = people.at(id);
    p.jobs.push_back(t.call);
    p.idle_since = now;
    return {t.call, id, distance(*p.where, t.where), std::move(why)};
  }

  metres reach_;
};

/// Lets a board and a plain_board live through the same events.
class twins {
public:
  twins(seeded& random, const area& where) : random_(random), area_(where) {
    for (std::uint64_t id = 1; id <= 25; ++id) {
      courier c;
      c.id = courier_id{id};
      c.classes = some_classes(random_);
      c.capacity = static_cast<std::uint32_t>(random_.number(1, 3));
      change(c);
    }
  }

  void step() {
    now_ += std::chrono::seconds{random_.below(2)};
    auto& who = plain_.people.at(courier_id{random_.number(1, 25)});
    switch (random_.below(9)) {
    case 0:
    case 1:
    case 2: return call();
    case 3: return finish(false);
    case 4: return finish(true);
    case 5: {
      auto record = who.record;
      record.on_shift = !random_.one_in(3);
      record.classes = some_classes(random_);
      // Never below what they carry.
      record.capacity = static_cast<std::uint32_t>(who.jobs.size() + random_.below(3));
      return change(record);
    }
    case 6:
      who.lost = true;
      board_.lose(who.record.id);
      return agree_on_nothing();
    case 7:
      if (!std::exchange(who.lost, false))
        return;
      board_.hear(who.record.id);
      return offer_all_to(who.record.id);
    default:
      who.lost = false;
      who.where = somewhere(random_, area_);
      board_.move(who.record.id, *who.where);
      return offer_all_to(who.record.id);
    }
  }

private:
  void call() {
    ticket t;
    t.call = call_id{{service::pickup, zone_no{0}}, ++last_call_};
    t.wanted = service_classes[random_.below(service_classes.size())];
    t.where = somewhere(random_, area_);
    t.created_at = now_ - std::chrono::seconds{random_.below(60)};
    for (auto n = random_.below(3); n > 0; --n)
      t.excluded.emplace_back(random_.number(1, 25));
    enter(t);
  }

  void enter(const ticket& t) {
    tickets_[t.call] = t;
    plain_.waiting.emplace(call_age{t.created_at, t.call}, t);
    board_.enter(t, now_);
    const auto freed = plain_.free(t.call, now_);
    if (const auto expected = plain_.nearest_for(t, now_))
      REQUIRE(board_.next_match(now_) == expected);
    if (freed)
      offer_all_to(*freed);
    agree_on_nothing();
  }

  /// A job ends, or its courier declines it.
  void finish(bool declined) {
    std::vector<std::pair<call_id, courier_id>> jobs;
    for (const auto& [id, p] : plain_.people)
      for (auto call : p.jobs)
        jobs.emplace_back(call, id);
    if (jobs.empty())
      return;
    const auto [call, who] = random_.of(jobs);
    if (declined) {
      auto t = tickets_.at(call);
      t.excluded.push_back(who);
      return enter(t);
    }
    plain_.free(call, now_);
    board_.leave(call, now_);
    offer_all_to(who);
  }

  void change(const courier& record) {
    auto [p, added] = plain_.people.try_emplace(record.id);
    if (added)
      p->second.idle_since = now_;
    p->second.record = record;
    board_.put(record, now_);
    offer_all_to(record.id);
  }

  void offer_all_to(courier_id id) {
    for (;;) {
      const auto expected = plain_.oldest_for(id, now_);
      REQUIRE(board_.next_match(now_) == expected);
      if (!expected)
        return;
    }
  }

  void agree_on_nothing() {
    REQUIRE_FALSE(board_.next_match(now_));
    REQUIRE(board_.waiting() == plain_.waiting.size());
    for (const auto& [id, p] : plain_.people)
      REQUIRE(board_.load(id) == p.jobs.size());
  }

  seeded& random_;
  const area& area_;
  timestamp now_ = noon;
  board board_{area_.reach};
  plain_board plain_{area_.reach};
  std::map<call_id, ticket> tickets_;
  std::uint64_t last_call_ = 0;
};

} // namespace

TEST_CASE("couriers who move, fill up, leave and return between calls change no choice") {
  seeded random;
  INFO(random.show());
  for (const auto& a : areas) {
    INFO(a.name);
    twins both{random, a};
    for (int i = 0; i < 400; ++i)
      both.step();
  }
}

TEST_CASE("two boards that live through the same decide the same") {
  seeded random;
  INFO(random.show());
  const auto& seoul = areas.front();
  board one{seoul.reach};
  board other{seoul.reach};
  for (std::uint64_t n = 1; n <= 300; ++n) {
    courier c;
    c.id = courier_id{random.number(1, 40)};
    c.classes = class_set::all_of(service::pickup);
    c.capacity = 3;
    ticket t;
    t.call = call_id{{service::pickup, zone_no{0}}, n};
    t.where = somewhere(random, seoul);
    t.created_at = noon + std::chrono::seconds{n};
    const auto where = somewhere(random, seoul);
    for (auto* b : {&one, &other}) {
      b->put(c, noon);
      b->move(c.id, where);
      b->enter(t, noon);
    }
    for (;;) {
      const auto made = one.next_match(noon);
      REQUIRE(other.next_match(noon) == made);
      if (!made)
        break;
    }
  }
}

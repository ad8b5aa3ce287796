// Why couriers were chosen, from the dispatcher's board to the check of what is stored.
#include "domain/board.hpp"
#include "storage/codec.hpp"
#include "storage/verify.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/stores.hpp"
#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace pickup::domain;
using namespace pickup::storage;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

/// A dispatcher with a journal, and couriers who come and go: everything is stored as it is
/// decided, and what the board is told is what is stored.
class dispatching_company {
public:
  dispatching_company(seeded& random, journal& to) : random_(random), journal_(to) {
    for (int i = 0; i < 20; ++i)
      hire();
  }

  std::uint64_t assigned = 0;

  void step() {
    now_ += std::chrono::seconds{random_.below(30)};
    switch (random_.below(10)) {
    case 0:
    case 1:
    case 2: post(); break;
    case 3: move(); break;
    case 4: change_courier(); break;
    case 5:
      if (const auto who = someone(); who.value() % 5 != 0)
        board_.lose(who);
      break;
    case 6: board_.hear(someone()); break;
    default: change_call();
    }
    while (const auto made = board_.next_match(now_))
      assign(*made);
  }

private:
  position somewhere() {
    // Few places, so that there are ties.
    return *position::at(37.4 + random_.real(0, 0.05)
                             + 0.01 * static_cast<double>(random_.below(9)),
                         random_.one_in(3) ? 127.0 : random_.real(126.9, 127.1));
  }

  courier_id someone() { return courier_id{random_.number(1, couriers_.size())}; }

  void store(const courier& record) {
    const auto made = append(journal_, batch_of(record));
    REQUIRE(made);
    couriers_[record.id] = std::get<courier>(made->record);
    board_.put(couriers_[record.id], now_);
  }

  void hire() {
    auto c = new_courier(pickup_0, couriers_.size() + 1);
    c.capacity = static_cast<std::uint32_t>(random_.number(1, 3));
    store(c);
    board_.move(c.id, somewhere());
  }

  void move() { board_.move(someone(), somewhere()); }

  void change_courier() {
    auto c = couriers_.at(someone());
    board_.hold(c.id);
    // While that is stored, others are assigned.
    while (const auto made = board_.next_match(now_))
      assign(*made);
    c.on_shift = !random_.one_in(3);
    if (const auto jobs = board_.job_classes(c.id); jobs.empty()) {
      c.classes = {};
      c.classes.insert(random_.one_in(2) ? service_class::under10kg : service_class::over10kg);
    }
    c.capacity = board_.load(c.id) + static_cast<std::uint32_t>(random_.below(3));
    store(c);
  }

  static ticket ticket_of(const call& c) {
    return {c.id,         c.version,    c.request.wanted, c.request.where,
            c.created_at, c.wait_until, c.excluded};
  }

  const call& store(decision made) {
    const auto stored = append(journal_, batch_of(std::move(made), now_));
    REQUIRE(stored);
    const auto& c = std::get<call>(stored->record);
    return calls_[c.id] = c;
  }

  void post() {
    auto what = request_of(pickup_0, "01050958718");
    what.where = somewhere();
    if (random_.one_in(3))
      what.wanted = service_class::over10kg;
    const auto made = then(request(call_id{pickup_0, calls_.size() + 1}, what, now_, max_wait),
                           manage{}, now_);
    board_.enter(ticket_of(store(*made)), now_);
  }

  void assign(const reservation& r) {
    const auto& before = calls_.at(r.call);
    store(next(before, pickup::domain::assign{r.courier, r.distance, r.why}, now_));
    ++assigned;
  }

  void change_call() {
    if (calls_.empty())
      return;
    const auto& before = calls_.at(call_id{pickup_0, random_.number(1, calls_.size())});
    const auto who = before.assigned ? before.assigned->courier : courier_id{};
    const std::vector<command> commands{job_report{who, job_step::decline},
                                        job_report{who, job_step::arrived},
                                        job_report{who, job_step::picked_up},
                                        job_report{who, job_step::completed},
                                        lose_courier{who},
                                        reassign{},
                                        cancel{}};
    const auto made = pickup::domain::step(before, random_.of(commands), now_);
    if (!made || made->transitions.empty())
      return;
    const auto& after = store(*made);
    if (ended(after.phase))
      board_.leave(after.id, now_);
    else if (after.phase == phase::dispatching)
      board_.enter(ticket_of(after), now_);
  }

  seeded& random_;
  journal& journal_;
  timestamp now_ = noon;
  board board_{metres{5'000}};
  std::map<courier_id, courier> couriers_;
  std::map<call_id, call> calls_;
};

/// A journal with one explained assignment, entry 4: call 1 to courier 1; courier 2 is farther,
/// courier 3 off shift.
std::shared_ptr<memory_rows> explained_once() {
  auto rows = std::make_shared<memory_rows>();
  memory_journal j{rows};
  board b{metres{20'000}};
  for (std::uint64_t id = 1; id <= 3; ++id) {
    auto c = new_courier(pickup_0, id);
    c.on_shift = id != 3;
    const auto made = append(j, batch_of(c));
    REQUIRE(made);
    b.put(std::get<courier>(made->record), noon);
    b.move(c.id, *position::at(37.5 + 0.01 * static_cast<double>(id), 127));
  }
  const auto made = new_call(pickup_0, 1);
  ticket t;
  t.call = made.next.id;
  t.where = made.next.request.where;
  b.enter(t, noon);
  const auto r = b.next_match(noon);
  REQUIRE(r);
  REQUIRE(append(j, batch_of(*then(made, assign{r->courier, r->distance, r->why}, noon))));
  return rows;
}

/// What the check finds when that explanation is another one.
std::vector<std::string> found_in(const std::function<void(explanation&)>& tamper) {
  auto rows = explained_once();
  const auto key = entry_key(pickup_0, seq_no{4});
  auto e = *decode_entry(**rows->get(table::journal, key));
  tamper(*std::get<call_entry>(e.what).why);
  REQUIRE(rows->write({{table::journal, key, encode(e)}}, durability::synced));
  const auto report = verify(*rows);
  REQUIRE(report);
  CHECK(report->explanations == 1);
  return report->violations;
}

const std::string otherwise = "entry pickup/0:4: explains its assignment otherwise: ";
const auto does_not_follow =
    otherwise + "distances, order or verdicts do not follow from what was known";

} // namespace

TEST_CASE("every assignment of a busy company is explained, and found so from the journal") {
  seeded random;
  INFO(random.show());
  in_memory store;
  dispatching_company company{random, store.journal()};
  for (int i = 0; i < 200'000 && company.assigned < 1500; ++i)
    company.step();
  REQUIRE(company.assigned >= 1500);
  const auto report = store.verify();
  REQUIRE(report);
  CHECK(report->violations == std::vector<std::string>{});
  CHECK(report->assignments == company.assigned);
  CHECK(report->explanations == company.assigned);
}

TEST_CASE("an explanation that is as the dispatcher made it is not complained of") {
  CHECK(found_in([](explanation&) {}).empty());
}

TEST_CASE("a changed distance, order, verdict or input of an explanation is found") {
  using strings = std::vector<std::string>;
  CHECK(found_in([](explanation& e) { e.couriers[1].distance = metres{1}; })
        == strings{does_not_follow});
  CHECK(found_in([](explanation& e) { e.couriers[2].verdict = verdict::lost; })
        == strings{does_not_follow});
  CHECK(found_in([](explanation& e) { std::swap(e.couriers[1], e.couriers[2]); })
        == strings{does_not_follow});
  CHECK(found_in([](explanation& e) { e.couriers[0].lost = true; })
        == strings{does_not_follow});
  CHECK(found_in([](explanation& e) { e.couriers[0].where = *position::at(37, 127); })
        == strings{does_not_follow});
}

TEST_CASE("an explanation that chose somebody else is found") {
  const auto found = found_in([](explanation& e) {
    e.couriers[0].lost = true;
    e = explained(e);
  });
  CHECK(found == std::vector{otherwise + "courier 1 was not chosen so"});
}

TEST_CASE("an explanation of another call, or with other exclusions, is found") {
  CHECK(found_in([](explanation& e) { e.wanted = service_class::over10kg; })
        == std::vector{otherwise + "the call asks for another class or place"});
  CHECK(found_in([](explanation& e) { e.couriers[2].excluded = true; })
        == std::vector{otherwise + "courier 3 was not excluded"});
}

TEST_CASE("an explanation with a record that a courier never had is found") {
  const auto what = otherwise + "courier 2 had no such record of version ";
  CHECK(found_in([](explanation& e) { e.couriers[1].capacity = 7; })
        == std::vector{what + "1"});
  CHECK(found_in([](explanation& e) { e.couriers[1].version = version_no{2}; })
        == std::vector{what + "2"});
}

TEST_CASE("an assignment that lost its explanation is found, one of an older version let be") {
  auto rows = explained_once();
  const auto key = entry_key(pickup_0, seq_no{4});
  auto e = *decode_entry(**rows->get(table::journal, key));
  std::get<call_entry>(e.what).why.reset();
  auto row = encode(e);
  const auto found = [&] {
    REQUIRE(rows->write({{table::journal, key, row}}, durability::synced));
    const auto report = verify(*rows);
    REQUIRE(report);
    CHECK(report->assignments == 1);
    CHECK(report->explanations == 0);
    return report->violations;
  };
  CHECK(
      found()
      == std::vector<std::string>{"entry pickup/0:4: assigns a courier and does not say why"});
  // Format 2 ends before the explanation; the byte that says there is none comes last in 3.
  row.front() = 2;
  row.pop_back();
  CHECK(found() == std::vector<std::string>{});
}

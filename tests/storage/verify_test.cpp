#include "storage/codec.hpp"
#include "storage/verify.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/random_company.hpp"
#include "tests/storage/stores.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

using namespace pickup::domain;
using namespace pickup::storage;
using namespace pickup::testing;

namespace {

/// What a row becomes; nothing takes it out.
using alteration = std::function<std::optional<std::string>(table, std::string_view key,
                                                            const std::string& value)>;

std::shared_ptr<memory_rows> altered(const rows& from, const alteration& alter) {
  auto copy = std::make_shared<memory_rows>();
  for (auto t : tables)
    REQUIRE(from.scan(t, {}, {}, [&](std::string_view key, std::string_view value) {
      const auto next = alter(t, key, std::string{value});
      if (next)
        REQUIRE(copy->write({{t, std::string{key}, next}}, durability::synced));
      return result<bool>{true};
    }));
  return copy;
}

/// A database of two couriers and two calls. Entries: 1, 2 the couriers; 3 call 1 assigned to
/// courier 1; 4 call 2 waits; 5 call 1 declined; 6 call 1 assigned to courier 2; 7 call 2
/// assigned to courier 1, 8 arrived, 9 picked up, 10 completed.
std::shared_ptr<memory_rows> clean() {
  auto rows = std::make_shared<memory_rows>();
  memory_journal j{rows};
  const auto store = [&](batch b) {
    auto made = append(j, std::move(b));
    REQUIRE(made);
    return made->record;
  };
  const auto change = [&](const auto& before, const command& what) {
    return store(batch_of(next(std::get<call>(before), what)));
  };
  store(batch_of(new_courier(pickup_0, 1)));
  store(batch_of(new_courier(pickup_0, 2)));
  auto one = store(batch_of(*then(new_call(pickup_0, 1), to(1), noon)));
  auto two = store(batch_of(new_call(pickup_0, 2)));
  one = change(one, report(1, job_step::decline));
  one = change(one, to(2));
  two = change(two, to(1));
  for (auto step : {job_step::arrived, job_step::picked_up, job_step::completed})
    two = change(two, report(1, step));
  return rows;
}

verification checked(const rows& database) {
  auto report = verify(database);
  REQUIRE(report);
  return *report;
}

/// The clean database but for one entry.
std::shared_ptr<memory_rows> with_entry(std::uint64_t n,
                                        const std::function<void(entry&)>& edit) {
  return altered(*clean(), [&](table t, std::string_view key, const std::string& value) {
    if (t != table::journal || key != entry_key(pickup_0, seq_no{n}))
      return value;
    auto e = decode_entry(value);
    REQUIRE(e);
    edit(*e);
    return encode(*e);
  });
}

std::shared_ptr<memory_rows> with_call_entry(std::uint64_t n,
                                             const std::function<void(call_entry&)>& edit) {
  return with_entry(n, [&](entry& e) { edit(std::get<call_entry>(e.what)); });
}

std::shared_ptr<memory_rows> with_call(std::uint64_t n,
                                       const std::function<void(call&)>& edit) {
  return altered(*clean(), [&](table t, std::string_view key, const std::string& value) {
    if (t != table::calls || key != call_key({pickup_0, n}))
      return value;
    auto c = decode_call(value);
    REQUIRE(c);
    edit(*c);
    return encode(*c);
  });
}

/// A courier's record as their first entry and the stored row have it.
std::shared_ptr<memory_rows> with_courier(std::uint64_t id,
                                          const std::function<void(courier&)>& edit) {
  return altered(*clean(), [&](table t, std::string_view key, const std::string& value) {
    if (t == table::couriers && key == courier_key(courier_id{id})) {
      auto c = decode_courier(value);
      REQUIRE(c);
      edit(*c);
      return encode(*c);
    }
    if (t == table::journal && key == entry_key(pickup_0, seq_no{id})) {
      auto e = decode_entry(value);
      REQUIRE(e);
      edit(std::get<courier_entry>(e->what).record);
      return encode(*e);
    }
    return value;
  });
}

/// The database with one more entry, 11.
std::shared_ptr<memory_rows> with_more(decltype(entry::what) what) {
  auto rows = clean();
  const entry e{pickup_0, seq_no{11}, noon, "", std::move(what)};
  REQUIRE(
      rows->write({{table::journal, entry_key(pickup_0, e.n), encode(e)}}, durability::synced));
  return rows;
}

/// The clean database after its one ended call, 2, was forgotten: entries 3, 5 and 6 are left
/// before the horizon, 11, and a further call, 3, after it.
std::shared_ptr<memory_rows> trimmed() {
  auto rows = clean();
  memory_journal j{rows};
  auto step = next_trim(j.view(), pickup_0, {noon + max_wait, noon + max_wait, {}, 100});
  REQUIRE((step && *step));
  in_flight<status_result> op;
  j.submit(trim_op{**step, op.completion()});
  REQUIRE(op.answer.get());
  REQUIRE(append(j, batch_of(new_call(pickup_0, 3))));
  REQUIRE(append(j, batch_of(new_call(pickup_0, 4))));
  return rows;
}

/// The trimmed database without some rows.
std::shared_ptr<memory_rows> trimmed_without(table in, const std::string& lost) {
  return altered(*trimmed(),
                 [&](table t, std::string_view key,
                     const std::string& value) -> std::optional<std::string> {
                   return t == in && key == lost ? std::nullopt : std::optional{value};
                 });
}

void finds(const std::shared_ptr<memory_rows>& database, const std::string& what) {
  const auto report = checked(*database);
  std::string all;
  for (const auto& line : report.violations)
    all += line + '\n';
  INFO(what << "\nis expected among\n" << all);
  CHECK(all.find(what) != std::string::npos);
}

} // namespace

TEST_CASE("an empty database breaks no promise") {
  const auto report = checked(memory_rows{});
  CHECK(report.violations.empty());
  CHECK(report.entries == 0);
}

TEST_CASE("a clean database breaks no promise and is counted") {
  const auto report = checked(*clean());
  CHECK(report.violations == std::vector<std::string>{});
  CHECK(report.entries == 10);
  CHECK(report.calls == 2);
  CHECK(report.couriers == 2);
  CHECK(report.live_assignments == 1);
  CHECK(report.intents == 7);
}

TEST_CASE("whatever a company does breaks no promise") {
  seeded random;
  INFO(random.show());
  in_memory store;
  random_company company{random};
  for (int i = 0; i < 600; ++i) {
    const auto made = append(store.journal(), company.next_batch());
    REQUIRE(made);
    company.learn(*made);
  }
  const auto report = store.verify();
  REQUIRE(report);
  CHECK(report->violations == std::vector<std::string>{});
  CHECK(report->calls == company.calls.size());
}

// -- what was forgotten --

TEST_CASE("a trimmed database breaks no promise and says from where on it is complete") {
  const auto report = checked(*trimmed());
  CHECK(report.violations == std::vector<std::string>{});
  CHECK(report.entries == 5);
  CHECK(report.calls == 3);
  CHECK(report.couriers == 2);
  CHECK(report.live_assignments == 1);
  CHECK(report.complete_from == std::map<shard_id, seq_no>{{pickup_0, seq_no{11}}});
}

TEST_CASE("a missing entry of a call that is left is found before the horizon and after it") {
  finds(trimmed_without(table::journal, entry_key(pickup_0, seq_no{5})),
        "entry pickup/0:6: version 3 follows 1");
  finds(trimmed_without(table::journal, entry_key(pickup_0, seq_no{6})),
        "pickup call 1: stored phase, version or position differ");
  finds(trimmed_without(table::journal, entry_key(pickup_0, seq_no{11})),
        "entry pickup/0:12: follows entry 10");
}

TEST_CASE("a horizon that was lost is found") {
  finds(trimmed_without(table::horizons, horizon_key(pickup_0)),
        "entry pickup/0:3: follows entry 0");
}

TEST_CASE("an ended call that should have been forgotten is found") {
  auto rows = clean();
  REQUIRE(
      rows->write({{table::horizons, horizon_key(pickup_0), encode(horizon{seq_no{11}, 2})}},
                  durability::synced));
  finds(rows, "pickup call 2: ended before entry 11, from which on the journal is complete, "
              "and is still there");
}

TEST_CASE("a courier's record that does not allow the jobs is found without its entries") {
  finds(altered(*trimmed(),
                [](table t, std::string_view key, const std::string& value) {
                  if (t != table::couriers || key != courier_key(courier_id{2}))
                    return value;
                  auto c = *decode_courier(value);
                  c.capacity = 0;
                  return encode(c);
                }),
        "courier 2: stored record does not allow their live jobs");
}

// -- positions and versions --

TEST_CASE("a gap in the positions is found") {
  finds(altered(*clean(),
                [](table t, std::string_view key,
                   const std::string& value) -> std::optional<std::string> {
                  if (t == table::journal && key == entry_key(pickup_0, seq_no{4}))
                    return std::nullopt;
                  return value;
                }),
        "entry pickup/0:5: follows entry 3");
}

TEST_CASE("a version that does not follow is found") {
  finds(with_call_entry(5, [](call_entry& e) { e.version = version_no{3}; }),
        "entry pickup/0:5: version 3 follows 1");
}

TEST_CASE("a broken chain of entries is found") {
  finds(with_call_entry(6, [](call_entry& e) { e.previous = seq_no{3}; }),
        "entry pickup/0:6: names entry 3 as the one before it, which is 5");
}

TEST_CASE("a call that begins without its request is found") {
  finds(with_call_entry(3, [](call_entry& e) { e.request.reset(); }),
        "entry pickup/0:3: begins a call without its request");
}

TEST_CASE("a courier's version that does not follow is found") {
  auto record = new_courier(pickup_0, 1);
  record.version = version_no{7};
  finds(with_more(courier_entry{record}), "entry pickup/0:11: courier version does not follow");
}

// -- the life of a call --

TEST_CASE("an illegal transition is found") {
  finds(with_call_entry(9, [](call_entry& e) { e.transitions[0].event = event::managed; }),
        "entry pickup/0:9: PickupManaged is not legal from ARRIVED");
}

TEST_CASE("a transition to the wrong phase is found") {
  finds(with_call_entry(8, [](call_entry& e) { e.transitions[0].phase = phase::picked_up; }),
        "entry pickup/0:8: PickupArrived is not legal from CONFIRMED");
}

TEST_CASE("a call that is scheduled once it is under way is found") {
  finds(with_call_entry(5,
                        [](call_entry& e) {
                          e.transitions[0] = {event::scheduled, phase::scheduled};
                        }),
        "entry pickup/0:5: PickupScheduled is not legal from CONFIRMED");
}

TEST_CASE("a call that begins twice is found") {
  finds(with_call_entry(5,
                        [](call_entry& e) {
                          e.transitions[0] = {event::called, phase::requested};
                        }),
        "entry pickup/0:5: PickupCalled is not legal from CONFIRMED");
}

TEST_CASE("a second courier for a call that has one is found") {
  call_entry e;
  e.call = call_id{pickup_0, 1};
  e.version = version_no{4};
  e.previous = seq_no{6};
  e.transitions = {{event::assigned, phase::confirmed, cause::none, courier_id{1}}};
  finds(with_more(e), "entry pickup/0:11: assigns a second courier");
}

TEST_CASE("the end of an assignment that is not live is found") {
  finds(with_call_entry(5, [](call_entry& e) { e.transitions[0].assignment = seq_no{1}; }),
        "entry pickup/0:5: ends an assignment that is not live");
  finds(with_call_entry(5, [](call_entry& e) { e.transitions[0].courier = courier_id{2}; }),
        "entry pickup/0:5: ends an assignment that is not live");
}

TEST_CASE("a missing, a wrong and a needless message are found") {
  const std::string what = ": owes another message than its transitions say";
  finds(with_call_entry(6, [](call_entry& e) { e.owed.reset(); }), "entry pickup/0:6" + what);
  finds(with_call_entry(6, [](call_entry& e) { e.owed->kind = message::confirmed; }),
        "entry pickup/0:6" + what);
  finds(with_call_entry(5,
                        [](call_entry& e) {
                          e.owed = intent{message::received, "010"};
                        }),
        "entry pickup/0:5" + what);
}

// -- couriers --

TEST_CASE("a load above capacity is found") {
  finds(with_courier(1, [](courier& c) { c.capacity = 0; }),
        "entry pickup/0:3: loads courier 1 above capacity");
}

TEST_CASE("a job outside a courier's classes is found") {
  finds(with_courier(2, [](courier& c) { c.classes = {}; }),
        "entry pickup/0:6: assigns courier 2, who cannot do under10kg");
}

TEST_CASE("a job of a deleted courier is found") {
  finds(with_courier(2, [](courier& c) { c.deleted = true; }),
        "entry pickup/0:6: assigns courier 2, who is deleted");
}

TEST_CASE("a change of a courier against their live jobs is found") {
  const auto changed_to = [](auto edit) {
    auto record = new_courier(pickup_0, 2);
    record.version = version_no{2};
    edit(record);
    return with_more(courier_entry{record});
  };
  const std::string what = "entry pickup/0:11: changes courier 2 against their live jobs";
  finds(changed_to([](courier& c) { c.deleted = true; }), what);
  finds(changed_to([](courier& c) { c.capacity = 0; }), what);
  finds(changed_to([](courier& c) { c.classes = {}; }), what);
}

// -- stored records --

TEST_CASE("a stored call that differs from its entries is found") {
  const std::string what = "pickup call 1: stored phase, version or position differ";
  finds(with_call(1, [](call& c) { c.phase = phase::arrived; }), what);
  finds(with_call(1, [](call& c) { c.version = version_no{9}; }), what);
  finds(with_call(1, [](call& c) { c.last = seq_no{9}; }), what);
}

TEST_CASE("a stored time of dispatch that differs from its entries is found") {
  finds(with_call(1, [](call& c) { c.dispatch_at = noon; }),
        "pickup call 1: stored time of dispatch differs");
}

TEST_CASE("a stored assignment that differs from its entries is found") {
  const std::string what = "pickup call 1: stored assignment differs";
  finds(with_call(1, [](call& c) { c.assigned->courier = courier_id{1}; }), what);
  finds(with_call(1, [](call& c) { c.assigned->id = seq_no{3}; }), what);
  finds(with_call(1, [](call& c) { c.assigned->live = false; }), what);
  finds(with_call(2, [](call& c) { c.assigned->live = true; }),
        "pickup call 2: stored assignment differs");
}

TEST_CASE("a stored call without entries is found") {
  auto rows = clean();
  auto stray = new_call(pickup_0, 77).next;
  REQUIRE(rows->write({{table::calls, call_key(stray.id), encode(stray)}}, durability::synced));
  finds(rows, "pickup call 77: is stored, but has no entry");
}

TEST_CASE("a call that is not stored is found") {
  finds(altered(*clean(),
                [](table t, std::string_view key,
                   const std::string& value) -> std::optional<std::string> {
                  if (t == table::calls && key == call_key({pickup_0, 2}))
                    return std::nullopt;
                  return value;
                }),
        "calls: 2 have entries, 1 are stored");
}

TEST_CASE("a stored courier that differs from their entries is found") {
  finds(altered(*clean(),
                [](table t, std::string_view key, const std::string& value) {
                  if (t != table::couriers || key != courier_key(courier_id{2}))
                    return value;
                  auto c = *decode_courier(value);
                  c.tel = "0";
                  return encode(c);
                }),
        "courier 2: stored record differs from its entries");
}

TEST_CASE("a courier that is not stored is found") {
  finds(altered(*clean(),
                [](table t, std::string_view key,
                   const std::string& value) -> std::optional<std::string> {
                  if (t == table::couriers && key == courier_key(courier_id{2}))
                    return std::nullopt;
                  return value;
                }),
        "couriers: 2 have entries, 1 are stored");
}

TEST_CASE("a row that does not decode ends the check") {
  const auto report =
      verify(*altered(*clean(), [](table t, std::string_view, const std::string& value) {
        return t == table::calls ? value + "x" : value;
      }));
  REQUIRE_FALSE(report);
  CHECK(report.error().code == errc::corrupt);
}

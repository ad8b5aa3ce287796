// What is forgotten, and what is not, by the journal in memory and by the one on RocksDB alike.
#include "storage/retention.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/random_company.hpp"
#include "tests/storage/stores.hpp"
#include "tests/storage/views_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace pickup::domain;
using namespace pickup::storage;
using namespace pickup::testing;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

call commit_at(journal& j, decision made, timestamp at, std::optional<std::string> key = {}) {
  auto b = batch_of(std::move(made), at);
  std::get<call_change>(b.what).idempotency_key = std::move(key);
  auto answer = append(j, std::move(b));
  REQUIRE(answer);
  return std::get<call>(answer->record);
}

/// The n-th call of pickup/0, ended by its customer at once. Two entries.
call short_call(journal& j, std::uint64_t n, timestamp at = noon,
                std::optional<std::string> key = {}) {
  const auto made = commit_at(j, new_call(pickup_0, n), at, std::move(key));
  return commit_at(j, next(made, cancel{}, at), at);
}

/// The n-th call of pickup/0, with courier 1. One entry.
call assigned_call(journal& j, std::uint64_t n, timestamp at = noon) {
  return commit_at(j, *then(new_call(pickup_0, n), to(1), at), at);
}

void hire(journal& j, std::uint64_t id) {
  REQUIRE(append(j, batch_of(new_courier(pickup_0, id))));
}

trim_rules rules(timestamp ended_before, std::vector<std::string> readers = {}) {
  return {ended_before + 1h, ended_before, std::move(readers), 3};
}

status_result carry_out(journal& j, trim what) {
  in_flight<status_result> op;
  j.submit(trim_op{std::move(what), op.completion()});
  return op.answer.get();
}

std::optional<trim> next_step(const journal& j, shard_id shard, const trim_rules& r) {
  auto step = next_trim(j.view(), shard, r);
  if (!step)
    FAIL(step.error().text);
  return std::move(*step);
}

/// Takes step after step until nothing is due; how many there were.
int forget(journal& j, shard_id shard, const trim_rules& r) {
  int steps = 0;
  for (; auto step = next_step(j, shard, r); ++steps)
    REQUIRE(carry_out(j, std::move(*step)));
  return steps;
}

void forget_keys(journal& j, timestamp made_before, std::size_t most = 2) {
  std::string from;
  do {
    auto old = find_old_keys(j.view(), from, made_before, most);
    REQUIRE(old);
    from = old->next;
    in_flight<status_result> op;
    j.submit(forget_keys_op{std::move(old->keys), made_before, op.completion()});
    REQUIRE(op.answer.get());
  } while (!from.empty());
}

std::vector<std::uint64_t> positions(const views& v) {
  const auto entries = v.read_from(pickup_0, seq_no{1}, 1000);
  REQUIRE(entries);
  std::vector<std::uint64_t> all;
  for (const auto& e : *entries)
    all.push_back(e.n.value());
  return all;
}

bool is_known(const views& v, std::uint64_t n) {
  const call_id id{pickup_0, n};
  const bool known = v.version(id).value() != 0;
  REQUIRE(v.find(id)->has_value() == known);
  REQUIRE(v.history(id)->empty() == !known);
  return known;
}

std::uint64_t total(const views& v) {
  return v.list(call_filter{service::pickup, {}, {}, true}, {})->total;
}

using numbers = std::vector<std::uint64_t>;

} // namespace

TEMPLATE_TEST_CASE("a call that ended before is forgotten, with all that tells of it",
                   "[retention]", in_memory, on_disk) {
  TestType store;
  hire(store.journal(), 1);
  auto done = assigned_call(store.journal(), 1);
  for (auto step : {job_step::arrived, job_step::picked_up, job_step::completed})
    done = commit_at(store.journal(), next(done, report(1, step)), noon + 1s);
  short_call(store.journal(), 2, noon + 2s);
  forget(store.journal(), pickup_0, rules(noon + 2s));
  for (int restarts = 0; restarts < 2; ++restarts) {
    const auto& v = store.view();
    CHECK_FALSE(is_known(v, 1));
    CHECK(is_known(v, 2));
    CHECK(total(v) == 1);
    CHECK(v.call_count(pickup_0) == 1);
    CHECK(v.list(assignment_filter{}, {})->total == 0);
    CHECK(v.list(call_filter{service::pickup, "01050958718", {}, true}, {})->total == 1);
    CHECK(v.find(courier_id{1})->load == 0);
    CHECK(v.first(pickup_0) == seq_no{6});
    CHECK(positions(v) == numbers{6, 7});
    store.restart();
  }
  CHECK(store.verify()->violations.empty());
}

TEMPLATE_TEST_CASE("a live call stays whole, however long it takes, and holds up nobody",
                   "[retention]", in_memory, on_disk) {
  TestType store;
  hire(store.journal(), 1);
  short_call(store.journal(), 1);
  auto long_one = assigned_call(store.journal(), 2);
  short_call(store.journal(), 3, noon + 1s);
  long_one =
      commit_at(store.journal(), next(long_one, report(1, job_step::arrived)), noon + 2s);
  short_call(store.journal(), 4, noon + 3s);
  forget(store.journal(), pickup_0, rules(noon + 1h));
  store.restart();
  const auto& v = store.view();
  CHECK(v.first(pickup_0) == seq_no{10});
  CHECK(positions(v) == numbers{4, 7});
  CHECK(v.history(long_one.id)->size() == 4);
  CHECK(v.list(assignment_filter{}, {})->total == 1);
  CHECK(v.find(courier_id{1})->load == 1);
  CHECK(v.live_calls(pickup_0) == std::vector{long_one.id});
  CHECK(store.verify()->violations.empty());

  // It ends like any other, and goes when its time has come.
  for (auto step : {job_step::picked_up, job_step::completed})
    long_one = commit_at(store.journal(), next(long_one, report(1, step)), noon + 1h);
  forget(store.journal(), pickup_0, rules(noon + 1h));
  CHECK(is_known(store.view(), 2));
  forget(store.journal(), pickup_0, rules(noon + 1h + 1s));
  CHECK_FALSE(is_known(store.view(), 2));
  CHECK(positions(store.view()).empty());
  CHECK(store.verify()->violations.empty());
}

TEMPLATE_TEST_CASE("numbers and positions are not given again, when nothing is left either",
                   "[retention]", in_memory, on_disk) {
  TestType store;
  short_call(store.journal(), 7);
  forget(store.journal(), pickup_0, rules(noon + 1s));
  for (int restarts = 0; restarts < 2; ++restarts) {
    CHECK(store.view().last_call(pickup_0) == 7);
    CHECK(store.view().head(pickup_0) == seq_no{2});
    CHECK(store.view().shards() == std::vector{pickup_0});
    store.restart();
  }
  CHECK(commit_at(store.journal(), new_call(pickup_0, 8), noon).last == seq_no{3});
  store.restart();
  CHECK(store.view().head(pickup_0) == seq_no{3});
  CHECK(store.verify()->violations.empty());
}

TEMPLATE_TEST_CASE("nothing goes that a channel has not come past", "[retention]", in_memory,
                   on_disk) {
  TestType store;
  auto& j = store.journal();
  for (std::uint64_t n = 1; n <= 4; ++n)
    short_call(j, n);
  const auto both = rules(noon + 1s, {"log", "other"});
  const auto reached = [&](const std::string& channel, std::uint64_t n) {
    j.submit(cursor_op{{{channel, pickup_0, seq_no{n}}}});
    REQUIRE(barrier(j));
  };
  reached("log", 8);
  CHECK(forget(j, pickup_0, both) == 0);
  CHECK(*overdue_since(j.view(), pickup_0, noon + 1s) == noon);
  reached("other", 5);
  forget(j, pickup_0, both);
  CHECK(j.view().first(pickup_0) == seq_no{6});
  CHECK_FALSE(is_known(j.view(), 2));
  CHECK(is_known(j.view(), 3)); // its end was not told yet
  CHECK(positions(j.view()) == numbers{5, 6, 7, 8});
  reached("other", 8);
  forget(j, pickup_0, both);
  CHECK(positions(j.view()).empty());
  CHECK(*overdue_since(j.view(), pickup_0, noon + 1s) == std::nullopt);
}

TEMPLATE_TEST_CASE("a dead letter is forgotten with its call", "[retention]", in_memory,
                   on_disk) {
  TestType store;
  short_call(store.journal(), 1);
  delivery dead;
  dead.id = {pickup_0, seq_no{1}};
  dead.state = delivery_state::dead;
  remember(store.journal(), "kakao", {dead}, {});
  CHECK(store.view().dead_letters("kakao") == 1);
  forget(store.journal(), pickup_0, rules(noon + 1s));
  for (int lives = 0; lives < 2; ++lives) {
    CHECK(store.view().dead_letters("kakao") == 0);
    CHECK(store.view().newest_dead_letters("kakao", 10).empty());
    store.restart();
  }
}

TEMPLATE_TEST_CASE("each step passes no more entries than allowed", "[retention]", in_memory,
                   on_disk) {
  TestType store;
  for (std::uint64_t n = 1; n <= 6; ++n)
    short_call(store.journal(), n);
  const auto step = next_step(store.journal(), pickup_0, rules(noon + 1s));
  REQUIRE(step);
  CHECK(step->from == seq_no{1});
  CHECK(step->to == seq_no{4});
  CHECK(step->calls == std::vector{call_id{pickup_0, 1}});
  CHECK(forget(store.journal(), pickup_0, rules(noon + 1s)) == 4);
}

TEMPLATE_TEST_CASE("a step that was taken already is refused and changes nothing",
                   "[retention]", in_memory, on_disk) {
  TestType store;
  for (std::uint64_t n = 1; n <= 3; ++n)
    short_call(store.journal(), n);
  const auto step = next_step(store.journal(), pickup_0, rules(noon + 1s));
  REQUIRE(step);
  REQUIRE(carry_out(store.journal(), *step));
  const auto before = text_of(store.view());
  const auto again = carry_out(store.journal(), *step);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::stale);
  CHECK(again.error().text == "trim journal: from 1: begins at 4");
  CHECK(text_of(store.view()) == before);
  CHECK(store.journal().stats().forgotten_calls == 1);
}

TEMPLATE_TEST_CASE("the records of couriers outlive their entries", "[retention]", in_memory,
                   on_disk) {
  TestType store;
  hire(store.journal(), 1);
  auto kim = store.view().find(courier_id{1})->courier;
  kim.name = "김기사";
  REQUIRE(append(store.journal(), batch_of(kim)));
  const auto job = assigned_call(store.journal(), 1);
  forget(store.journal(), pickup_0, rules(noon + 1s));
  store.restart();
  CHECK(positions(store.view()) == numbers{3});
  CHECK(store.view().find(courier_id{1})->courier.name == "김기사");
  CHECK(store.view().find(courier_id{1})->load == 1);
  kim = store.view().find(courier_id{1})->courier;
  kim.capacity = 1;
  REQUIRE(append(store.journal(), batch_of(kim)));
  CHECK(store.verify()->violations.empty());
}

TEMPLATE_TEST_CASE("an audited action is forgotten when its time has come", "[retention]",
                   in_memory, on_disk) {
  TestType store;
  REQUIRE(append(store.journal(), audit_of(pickup_0, "kill", noon)));
  REQUIRE(append(store.journal(), audit_of(pickup_0, "pause", noon + 2s)));
  forget(store.journal(), pickup_0, rules(noon + 1s));
  for (int lives = 0; lives < 2; ++lives) {
    const auto left = store.view().list_audit(100);
    REQUIRE((left && left->size() == 1));
    CHECK(left->front().n == seq_no{2});
    CHECK(store.view().list_audit(100, audit_place{pickup_0, seq_no{2}})->empty());
    CHECK(store.view().list_audit(100, audit_place{pickup_0, seq_no{1}})->empty());
    store.restart();
  }
  CHECK(store.verify()->violations.empty());
}

TEST_CASE("an entry from the future is as old as what follows it") {
  in_memory store;
  auto& j = store.journal();
  short_call(j, 1, noon + 24h * 365); // a clock that was wrong for a moment
  short_call(j, 2, noon);
  const trim_rules a_day_later{noon + 24h, noon + 1h, {}, 100};
  forget(j, pickup_0, a_day_later);
  CHECK(positions(j.view()).empty());
  short_call(j, 3, noon + 24h * 365);
  CHECK(forget(j, pickup_0, a_day_later) == 0);
}

TEST_CASE("a call whose entry is missing is not forgotten in part") {
  auto rows = std::make_shared<memory_rows>();
  memory_journal j{rows};
  short_call(j, 1);
  REQUIRE(
      rows->write({{table::journal, entry_key(pickup_0, seq_no{1}), {}}}, durability::synced));
  // Its end is looked at alone.
  auto step = next_trim(j.view(), pickup_0, rules(noon + 1s));
  REQUIRE_FALSE(step);
  CHECK(step.error().code == errc::corrupt);
}

// -- idempotency keys --

TEMPLATE_TEST_CASE("keys go when they were made too long ago, or with their calls",
                   "[retention]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  const auto known = [&](const std::string& key) {
    return store.view().find_key(service::pickup, key)->has_value();
  };
  commit_at(j, new_call(pickup_0, 1), noon, "old");
  commit_at(j, new_call(pickup_0, 2), noon + 1h, "young");
  short_call(j, 3, noon + 1h, "over");
  commit_at(j, new_call(pickup_0, 4), noon + 1h, "last");
  forget_keys(j, noon + 1s);
  CHECK_FALSE(known("old"));
  CHECK((known("young") && known("over") && known("last")));
  CHECK(is_known(store.view(), 1));

  forget(j, pickup_0, rules(noon + 2h));
  CHECK_FALSE(known("over")); // at once, though its row is still there
  CHECK(store.view().keys_from({}, 10)->size() == 3);
  forget_keys(j, noon + 1s);
  CHECK(store.view().keys_from({}, 10)->size() == 2);
  CHECK(j.stats().forgotten_keys == 2);
  store.restart();
  CHECK((known("young") && known("last")));
  CHECK_FALSE(known("over"));
}

TEMPLATE_TEST_CASE("a key that was used anew since it was looked at stays", "[retention]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit_at(j, new_call(pickup_0, 1), noon, "key");
  auto old = find_old_keys(j.view(), {}, noon + 1h, 10);
  REQUIRE(old);
  REQUIRE(old->keys.size() == 1);
  commit_at(j, new_call(pickup_0, 2), noon + 2h, "key");
  in_flight<status_result> op;
  j.submit(forget_keys_op{old->keys, noon + 1h, op.completion()});
  REQUIRE(op.answer.get());
  CHECK(store.view().find_key(service::pickup, "key")->value().call.n() == 2);
}

// -- whatever a company does --

namespace {

/// What must be left of a company: a plain look at every call.
void drop_ended(random_company& company, timestamp ended_before) {
  std::erase_if(company.calls, [&](const auto& c) {
    return ended(c.second.phase) && c.second.updated_at < ended_before;
  });
}

void agree(const views& v, const random_company& company) {
  for (auto shard : {pickup_0, pickup_1, taxi_0}) {
    std::uint64_t kept = 0;
    for (std::uint64_t n = 1; n <= v.last_call(shard); ++n) {
      const auto known = company.calls.find({shard, n});
      const auto stored = v.find({shard, n});
      REQUIRE(stored);
      REQUIRE(stored->has_value() == (known != company.calls.end()));
      if (!*stored)
        continue;
      ++kept;
      REQUIRE(**stored == known->second);
      REQUIRE_FALSE(v.history({shard, n})->empty());
    }
    REQUIRE(v.call_count(shard) == kept);
  }
  for (const auto& [id, c] : company.couriers)
    REQUIRE(v.find(id)->load == company.load(id));
}

} // namespace

TEST_CASE(
    "whatever a company does and forgets, both journals tell the same, restarted or not") {
  seeded random;
  INFO(random.show());
  in_memory memory;
  on_disk disk;
  random_company company{random};
  timestamp now = noon;
  for (int round = 1; round <= 500; ++round) {
    auto b = company.next_batch();
    now = b.at;
    const auto one = append(memory.journal(), b);
    REQUIRE(one);
    REQUIRE(append(disk.journal(), b));
    company.learn(*one);
    if (!random.one_in(25))
      continue;
    const auto ended_before = now - std::chrono::minutes{random.below(120)};
    const bool keys = random.one_in(2);
    for (auto* j : {&memory.journal(), &disk.journal()}) {
      for (auto shard : {pickup_0, pickup_1, taxi_0})
        forget(*j, shard, {now, ended_before, {}, 1 + static_cast<std::size_t>(round) % 7});
      if (keys)
        forget_keys(*j, ended_before);
    }
    drop_ended(company, ended_before);
    const auto before = text_of(memory.view());
    REQUIRE(text_of(disk.view()) == before);
    agree(disk.view(), company);
    memory.restart();
    REQUIRE(text_of(memory.view()) == before);
    if (random.one_in(3)) {
      disk.restart();
      REQUIRE(text_of(disk.view()) == before);
    }
    REQUIRE(memory.verify()->violations == std::vector<std::string>{});
  }
  REQUIRE(disk.verify()->violations == std::vector<std::string>{});
}

// -- crashes --

TEST_CASE("a step whose write fails is taken again by the next journal") {
  auto rows = std::make_shared<memory_rows>();
  {
    memory_journal j{rows};
    short_call(j, 1);
    auto step = next_step(j, pickup_0, rules(noon + 1s));
    rows->fail_writes(true);
    CHECK_FALSE(carry_out(j, *step));
    CHECK(j.stats().forgotten_calls == 0);
    rows->fail_writes(false);
  }
  memory_journal j{rows};
  CHECK(is_known(j.view(), 1));
  forget(j, pickup_0, rules(noon + 1s));
  CHECK_FALSE(is_known(j.view(), 1));
}

TEST_CASE("a log that ends anywhere among steps of forgetting leaves each done or not done") {
  const temp_dir dir;
  const auto log = [&](const fs::path& in) {
    fs::path newest;
    for (const auto& file : fs::directory_iterator{in / "db"})
      if (file.path().extension() == ".log" && file.path() > newest)
        newest = file.path();
    return newest;
  };
  std::uintmax_t before = 0;
  {
    auto j = open_journal(options_for(dir.path()));
    REQUIRE(j);
    hire(**j, 1);
    assigned_call(**j, 1);
    for (std::uint64_t n = 2; n <= 8; ++n)
      short_call(**j, n);
    before = fs::file_size(log(dir.path()));
    forget(**j, pickup_0, rules(noon + 1s));
    REQUIRE(barrier(**j));
  }
  const auto after = fs::file_size(log(dir.path()));
  std::uint64_t most = 0;
  std::uint64_t least = 100;
  for (auto size = before; size <= after; size += 23) {
    INFO("log of " << size << " of " << after << " bytes");
    const temp_dir torn;
    fs::copy(dir.path(), torn.path(), fs::copy_options::recursive);
    fs::resize_file(log(torn.path()), size);
    auto j = open_journal(options_for(torn.path()));
    REQUIRE(j);
    most = std::max(most, (*j)->view().call_count(pickup_0));
    least = std::min(least, (*j)->view().call_count(pickup_0));
    j->reset();
    auto rows = open_rocksdb_rows(options_for(torn.path()));
    REQUIRE(rows);
    REQUIRE(verify(**rows)->violations.empty());
  }
  CHECK(most == 8);
  CHECK(least <= 2);
}

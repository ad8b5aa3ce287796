// What every journal promises, asked of the one in memory and of the one on RocksDB alike.
#include "storage/journal.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/random_company.hpp"
#include "tests/storage/stores.hpp"
#include "tests/storage/views_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace pickup::domain;
using namespace pickup::storage;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

/// Commits something that must be accepted, and answers the call as stored.
call commit(journal& j, decision made, timestamp at = noon) {
  auto answer = append(j, batch_of(std::move(made), at));
  REQUIRE(answer);
  return std::get<call>(answer->record);
}

courier commit(journal& j, courier record, std::optional<sighting> seen = {}) {
  auto answer = append(j, batch_of(std::move(record), seen));
  REQUIRE(answer);
  return std::get<courier>(answer->record);
}

call commit(journal& j, const call& before, const command& what, timestamp at = noon) {
  return commit(j, next(before, what, at), at);
}

/// A call with courier 1.
decision assigned_call(shard_id shard, std::uint64_t n) {
  auto made = then(new_call(shard, n), to(1), noon);
  REQUIRE(made);
  return *made;
}

std::optional<call> stored(const views& v, call_id id) {
  auto found = v.find(id);
  REQUIRE(found);
  return *found;
}

using numbers = std::vector<std::uint64_t>;

numbers listed(const views& v, const call_filter& filter, page_request part = {}) {
  const auto page = v.list(filter, part);
  REQUIRE(page);
  numbers result;
  for (const auto& item : page->items)
    result.push_back(item.call.id.number());
  return result;
}

std::vector<assignment_view> assignments(const views& v, std::optional<bool> canceled = {}) {
  auto page = v.list(assignment_filter{service::pickup, canceled}, {});
  REQUIRE(page);
  CHECK(page->total == page->items.size());
  return std::move(page->items);
}

void refused_as_stale(const commit_answer& answer, const std::string& why) {
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == errc::stale);
  CHECK(answer.error().text == why);
}

} // namespace

// -- commits --

TEMPLATE_TEST_CASE("an answered commit is seen, with its position and version", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  auto b = batch_of(new_call(pickup_0, 1), noon + 1s);
  b.correlation_id = "abc";
  const auto answer = append(j, std::move(b));
  REQUIRE(answer);
  CHECK(answer->n == seq_no{1});
  const auto made = std::get<call>(answer->record);
  CHECK(made.version == version_no{1});
  CHECK(made.last == seq_no{1});
  CHECK(made.correlation_id == "abc");
  CHECK(stored(store.view(), made.id) == made);
  CHECK(store.view().version(made.id) == version_no{1});
  CHECK(store.view().head(pickup_0) == seq_no{1});
}

TEMPLATE_TEST_CASE("each shard counts its own commits from 1", "[journal]", in_memory,
                   on_disk) {
  TestType store;
  auto& j = store.journal();
  CHECK(append(j, batch_of(new_call(pickup_0, 1)))->n == seq_no{1});
  CHECK(append(j, batch_of(new_call(taxi_0, 1)))->n == seq_no{1});
  CHECK(append(j, batch_of(new_call(pickup_0, 2)))->n == seq_no{2});
  CHECK(append(j, batch_of(new_call(pickup_1, 1)))->n == seq_no{1});
  CHECK(append(j, batch_of(new_courier(pickup_0, 1)))->n == seq_no{3});
  CHECK(store.view().shards() == std::vector{pickup_0, pickup_1, taxi_0});
}

TEMPLATE_TEST_CASE("counting goes on after a restart", "[journal]", in_memory, on_disk) {
  TestType store;
  const auto made = commit(store.journal(), new_call(pickup_0, 1));
  store.restart();
  CHECK(store.view().head(pickup_0) == seq_no{1});
  const auto canceled = commit(store.journal(), made, cancel{});
  CHECK(canceled.last == seq_no{2});
  CHECK(canceled.version == version_no{2});
}

TEMPLATE_TEST_CASE("an assignment is named after the commit that made it", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  const auto made = commit(j, assigned_call(pickup_0, 1));
  CHECK(made.assigned->id == seq_no{2});
  const auto arrived = commit(j, made, report(1, job_step::arrived));
  CHECK(arrived.assigned->id == seq_no{2});
}

TEMPLATE_TEST_CASE("the entry of a commit holds transitions, message and request", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  const auto made = commit(j, new_call(pickup_0, 1));
  commit(j, made, cancel{cause::customer, "변심"}, noon + 5s);
  const auto entries = store.view().read_from(pickup_0, seq_no{1}, 10);
  REQUIRE(entries);
  REQUIRE(entries->size() == 2);
  const auto& first = std::get<call_entry>((*entries)[0].what);
  CHECK(first.request == made.request);
  CHECK(first.owed == intent{message::received, "01050958718"});
  CHECK(first.previous == seq_no{0});
  const auto& second = std::get<call_entry>((*entries)[1].what);
  CHECK_FALSE(second.request);
  CHECK(second.owed == intent{message::canceled, "01050958718"});
  CHECK(second.previous == seq_no{1});
  CHECK(second.version == version_no{2});
  CHECK((*entries)[1].at == noon + 5s);
}

TEMPLATE_TEST_CASE("a call may change again before its last change is answered", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  auto made = new_call(pickup_0, 1);
  auto first = submit(j, batch_of(made));
  // What the first commit makes of the call.
  made.next.version = version_no{1};
  made.next.last = seq_no{1};
  auto second = submit(j, batch_of(next(made.next, cancel{})));
  REQUIRE(first.get());
  const auto canceled = second.get();
  REQUIRE(canceled);
  CHECK(canceled->n == seq_no{2});
  CHECK(stored(store.view(), made.next.id)->phase == phase::canceled);
}

TEMPLATE_TEST_CASE("hundreds of commits in flight are all answered, in order", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  std::vector<std::future<commit_answer>> answers;
  for (std::uint64_t n = 1; n <= 700; ++n)
    answers.push_back(submit(store.journal(), batch_of(new_call(pickup_0, n))));
  for (std::uint64_t n = 1; n <= 700; ++n) {
    const auto answer = answers[n - 1].get();
    REQUIRE(answer);
    REQUIRE(answer->n == seq_no{n});
  }
  CHECK(store.view().last_call(pickup_0) == 700);
  CHECK(store.journal().stats().commits == 700);
  CHECK(store.journal().stats().groups <= 700);
}

// -- fences --

TEMPLATE_TEST_CASE("a change of a call that has moved on is refused and leaves no trace",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  const auto made = commit(j, new_call(pickup_0, 1));
  const auto canceled = commit(j, made, cancel{});
  const auto before = text_of(store.view());
  refused_as_stale(append(j, batch_of(next(made, to(1)))), "commit: version 1: now 2");
  CHECK(text_of(store.view()) == before);
  CHECK(store.journal().stats().refused == 1);
  store.restart();
  CHECK(text_of(store.view()) == before);
}

TEMPLATE_TEST_CASE("of two changes based on the same state the first wins", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  const auto made = commit(j, new_call(pickup_0, 1));
  auto first = submit(j, batch_of(next(made, to(1))));
  auto second = submit(j, batch_of(next(made, cancel{})));
  CHECK(first.get());
  refused_as_stale(second.get(), "commit: version 1: now 2");
  CHECK(stored(store.view(), made.id)->phase == phase::confirmed);
}

TEMPLATE_TEST_CASE("a call cannot be made twice", "[journal]", in_memory, on_disk) {
  TestType store;
  commit(store.journal(), new_call(pickup_0, 1));
  refused_as_stale(append(store.journal(), batch_of(new_call(pickup_0, 1))),
                   "commit: version 0: now 1");
}

TEMPLATE_TEST_CASE("a change of a call that does not exist is refused", "[journal]", in_memory,
                   on_disk) {
  TestType store;
  auto made = new_call(pickup_0, 1).next;
  made.version = version_no{1};
  refused_as_stale(append(store.journal(), batch_of(next(made, cancel{}))),
                   "commit: version 1: now 0");
  CHECK_FALSE(stored(store.view(), made.id));
  CHECK(store.view().head(pickup_0) == seq_no{0});
}

TEMPLATE_TEST_CASE("a change of a courier that has moved on is refused", "[journal]", in_memory,
                   on_disk) {
  TestType store;
  auto& j = store.journal();
  const auto kim = commit(j, new_courier(pickup_0, 1));
  CHECK(kim.version == version_no{1});
  auto renamed = kim;
  renamed.name = "김기사";
  CHECK(commit(j, renamed).version == version_no{2});
  auto retired = kim;
  retired.deleted = true;
  refused_as_stale(append(j, batch_of(retired)), "commit: version 1: now 2");
  CHECK_FALSE(store.view().find(kim.id)->courier.deleted);
}

TEMPLATE_TEST_CASE("epochs of a shard count up from 1", "[journal]", in_memory, on_disk) {
  TestType store;
  for (std::uint64_t n = 1; n <= 3; ++n)
    CHECK(*open_epoch(store.journal(), pickup_0) == epoch_no{n});
  CHECK(*open_epoch(store.journal(), taxi_0) == epoch_no{1});
}

TEMPLATE_TEST_CASE("a batch of an older epoch is refused and leaves no trace", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  const auto made = commit(j, new_call(pickup_0, 1));
  const auto old_epoch = *open_epoch(j, pickup_0);
  const auto epoch = *open_epoch(j, pickup_0);
  const auto before = text_of(store.view());
  auto b = batch_of(next(made, to(1)));
  b.epoch = old_epoch;
  refused_as_stale(append(j, b), "commit: epoch 1: now 2");
  CHECK(text_of(store.view()) == before);
  b.epoch = epoch;
  CHECK(append(j, b));
}

TEMPLATE_TEST_CASE("an epoch in one shard ends none in another", "[journal]", in_memory,
                   on_disk) {
  TestType store;
  auto& j = store.journal();
  auto b = batch_of(new_call(pickup_0, 1));
  b.epoch = *open_epoch(j, pickup_0);
  REQUIRE(open_epoch(j, pickup_1));
  REQUIRE(open_epoch(j, pickup_1));
  CHECK(append(j, b));
}

TEMPLATE_TEST_CASE("a batch that rests on no dispatcher outlives every epoch", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  const auto made = commit(j, new_call(pickup_0, 1));
  REQUIRE(open_epoch(j, pickup_0));
  REQUIRE(open_epoch(j, pickup_0));
  CHECK(append(j, batch_of(next(made, cancel{}))));
}

TEMPLATE_TEST_CASE("a new epoch sees everything submitted before it, and refuses what comes "
                   "after from an older one",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  const auto one = commit(j, new_call(pickup_0, 1));
  const auto two = commit(j, new_call(pickup_0, 2));
  const auto old_epoch = *open_epoch(j, pickup_0);
  auto early = batch_of(next(one, to(1)));
  auto late = batch_of(next(two, to(1)));
  early.epoch = late.epoch = old_epoch;
  auto before = submit(j, early);
  in_flight<std::uint32_t> load_at_epoch;
  j.submit(epoch_op{pickup_0, [&j, p = load_at_epoch.promise](const result<epoch_no>&) {
                      p->set_value(j.view().find(courier_id{1})->load);
                    }});
  auto after = submit(j, late);
  CHECK(before.get());
  CHECK(load_at_epoch.answer.get() == 1);
  refused_as_stale(after.get(), "commit: epoch 1: now 2");
}

TEMPLATE_TEST_CASE("a barrier is answered after all that came before it", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  std::vector<std::uint64_t> order; // touched by the journal's thread alone, until the barrier
  for (std::uint64_t n = 1; n <= 20; ++n)
    j.submit(append_op{batch_of(new_call(pickup_0, n)), [&order](const commit_answer& answer) {
                         order.push_back(answer ? answer->n.value() : 0);
                       }});
  REQUIRE(barrier(j));
  REQUIRE(order.size() == 20);
  CHECK(std::ranges::is_sorted(order));
  CHECK(order.front() == 1);
  CHECK(store.view().head(pickup_0) == seq_no{20});
}

// -- keys --

TEMPLATE_TEST_CASE("an idempotency key is remembered with its call, a service apart",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  auto b = batch_of(new_call(pickup_0, 1), noon + 7s);
  std::get<call_change>(b.what).idempotency_key = "key";
  REQUIRE(append(store.journal(), b));
  for (int restarts = 0; restarts < 2; ++restarts) {
    const auto known = store.view().find_key(service::pickup, "key");
    REQUIRE(known);
    CHECK(*known == remembered_key{call_id{pickup_0, 1}, noon + 7s});
    CHECK_FALSE(*store.view().find_key(service::taxi, "key"));
    CHECK_FALSE(*store.view().find_key(service::pickup, "ke"));
    store.restart();
  }
}

TEMPLATE_TEST_CASE("the key of a refused batch is not remembered", "[journal]", in_memory,
                   on_disk) {
  TestType store;
  commit(store.journal(), new_call(pickup_0, 1));
  auto b = batch_of(new_call(pickup_0, 1));
  std::get<call_change>(b.what).idempotency_key = "key";
  REQUIRE_FALSE(append(store.journal(), b));
  CHECK_FALSE(*store.view().find_key(service::pickup, "key"));
}

// -- couriers and sightings --

TEMPLATE_TEST_CASE("couriers are visited by id, a part at a time, and deleted ones are found",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  for (const auto& [shard, id] :
       {std::pair{pickup_0, 1}, {taxi_0, 2}, {pickup_1, 3}, {pickup_0, 4}, {pickup_0, 5}})
    commit(j, new_courier(shard, static_cast<std::uint64_t>(id)));
  auto gone = store.view().find(courier_id{4})->courier;
  gone.deleted = true;
  commit(j, gone);
  for (int restarts = 0; restarts < 2; ++restarts) {
    const auto& v = store.view();
    const auto ids = [](const auto& items) {
      numbers result;
      for (const auto& c : items)
        result.push_back(c.courier.id.value());
      return result;
    };
    numbers visited;
    const auto visit = [&](const courier_view& c) { visited.push_back(c.courier.id.value()); };
    CHECK(v.visit_couriers({}, 3, visit) == courier_id{3});
    CHECK(visited == numbers{1, 2, 3});
    CHECK(v.visit_couriers(courier_id{3}, 2, visit) == std::nullopt);
    CHECK(visited == numbers{1, 2, 3, 4, 5});
    CHECK(ids(v.couriers(pickup_0)) == numbers{1, 5});
    CHECK(v.find(courier_id{4})->courier.deleted);
    CHECK_FALSE(v.find(courier_id{6}));
    CHECK(v.last_courier() == courier_id{5});
    store.restart();
  }
}

TEMPLATE_TEST_CASE("a place given at creation is as durable as the courier", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  const sighting here{position::at(37.5, 127), std::nullopt};
  commit(store.journal(), new_courier(pickup_0, 1), here);
  CHECK(store.view().find(courier_id{1})->seen == here);
  store.restart();
  CHECK(store.view().find(courier_id{1})->seen == here);
}

TEMPLATE_TEST_CASE("a sighting shows at once, and stays when it was stored", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  commit(store.journal(), new_courier(pickup_0, 1));
  const sighting here{position::at(37.5, 127), noon};
  store.journal().see(courier_id{1}, here);
  CHECK(store.view().find(courier_id{1})->seen == here);
  store.journal().submit(sightings_op{});
  store.journal().see(courier_id{1}, {position::at(0, 0), noon + 1s});
  REQUIRE(barrier(store.journal()));
  store.journal().submit(sightings_op{});
  REQUIRE(barrier(store.journal()));
  store.restart();
  CHECK(store.view().find(courier_id{1})->seen == sighting{position::at(0, 0), noon + 1s});
}

TEMPLATE_TEST_CASE("a sighting that was not stored is forgotten by a restart", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  const sighting at_first{position::at(37.5, 127), noon};
  commit(store.journal(), new_courier(pickup_0, 1), at_first);
  store.journal().see(courier_id{1}, {position::at(0, 0), noon + 1s});
  store.restart();
  CHECK(store.view().find(courier_id{1})->seen == at_first);
}

TEMPLATE_TEST_CASE("news of a courier without a place keep the last place", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  commit(store.journal(), new_courier(pickup_0, 1));
  store.journal().see(courier_id{1}, {position::at(37.5, 127), noon});
  store.journal().see(courier_id{1}, {std::nullopt, noon + 1s});
  CHECK(store.view().find(courier_id{1})->seen == sighting{position::at(37.5, 127), noon + 1s});
}

TEMPLATE_TEST_CASE("many sightings are shown at once, and each tells what was before",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  const std::vector<sighted> all{{courier_id{1}, {position::at(37.5, 127), noon}},
                                 {courier_id{2}, {position::at(37.5, 127), noon}},
                                 {courier_id{1}, {position::at(37.6, 127), noon}}};
  const auto before = j.see(all);
  REQUIRE(before.size() == 3);
  REQUIRE(before[0]);
  CHECK(before[0]->shard == pickup_0);
  CHECK(before[0]->silent);
  CHECK_FALSE(before[1]);
  REQUIRE(before[2]);
  CHECK_FALSE(before[2]->silent);
  CHECK(store.view().find(courier_id{1})->seen.where == position::at(37.6, 127));
}

TEMPLATE_TEST_CASE("a courier is lost until seen again, unless seen since", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  const auto is_lost = [&] { return store.view().whereabouts_of({courier_id{1}}).at(0).lost; };
  j.see(courier_id{1}, {position::at(37.5, 127), noon});
  CHECK_FALSE(j.lose(courier_id{1}, noon - 1s));
  CHECK_FALSE(is_lost());
  CHECK(j.lose(courier_id{1}, noon));
  CHECK(is_lost());
  const auto before = j.see(courier_id{1}, {std::nullopt, noon + 1s});
  CHECK((before && before->silent));
  CHECK_FALSE(is_lost());
  CHECK(j.lose(courier_id{1}, noon + 1s));
  store.restart();
  CHECK_FALSE(is_lost());
}

TEMPLATE_TEST_CASE("only who could take a job is shown as near, nearest first", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  const auto at = [](double lat) { return sighting{position::at(lat, 127), noon}; };
  auto first = commit(j, new_courier(pickup_0, 1), at(37.51));
  commit(j, new_courier(pickup_0, 2), at(37.52));
  commit(j, new_courier(pickup_0, 3));
  const auto near = [&] {
    std::vector<std::uint64_t> ids;
    for (const auto& c :
         store.view().nearest(service_class::under10kg, *at(37.5).where, metres{20'000}, 5))
      ids.push_back(c.courier.courier.id.value());
    return ids;
  };
  CHECK(near() == std::vector<std::uint64_t>{1, 2});
  j.see(courier_id{3}, at(37.505));
  CHECK(near() == std::vector<std::uint64_t>{3, 1, 2});
  j.see(courier_id{3}, at(39.5));
  CHECK(near() == std::vector<std::uint64_t>{1, 2});
  REQUIRE(j.lose(courier_id{2}, noon));
  CHECK(near() == std::vector<std::uint64_t>{1});
  first.on_shift = false;
  first = commit(j, first);
  CHECK(near().empty());
  first.on_shift = true;
  first.classes = class_set::all_of(service::taxi);
  first = commit(j, first);
  CHECK(near().empty());
  first.classes = class_set::all_of(service::pickup);
  first.capacity = 1;
  commit(j, first);
  CHECK(near() == std::vector<std::uint64_t>{1});
  const auto full = commit(j, assigned_call(pickup_0, 1));
  CHECK(near().empty());
  store.restart();
  CHECK(near() == std::vector<std::uint64_t>{2});
  commit(store.journal(), full, cancel{});
  CHECK(near() == std::vector<std::uint64_t>{1, 2});
}

TEMPLATE_TEST_CASE("a sighting of nobody is ignored", "[journal]", in_memory, on_disk) {
  TestType store;
  store.journal().see(courier_id{1}, {position::at(37.5, 127), noon});
  store.journal().submit(sightings_op{});
  REQUIRE(barrier(store.journal()));
  CHECK_FALSE(store.view().find(courier_id{1}));
}

TEMPLATE_TEST_CASE("a change of a courier keeps the last sighting", "[journal]", in_memory,
                   on_disk) {
  TestType store;
  const sighting here{position::at(37.5, 127), noon};
  auto kim = commit(store.journal(), new_courier(pickup_0, 1), here);
  kim.on_shift = false;
  commit(store.journal(), kim);
  CHECK(store.view().find(courier_id{1})->seen == here);
}

TEMPLATE_TEST_CASE("load is the count of live assignments", "[journal]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  const auto load = [&] { return store.view().find(courier_id{1})->load; };
  commit(j, new_courier(pickup_0, 1));
  CHECK(load() == 0);
  auto one = commit(j, assigned_call(pickup_0, 1));
  auto two = commit(j, assigned_call(pickup_0, 2));
  auto three = commit(j, assigned_call(pickup_0, 3));
  auto four = commit(j, assigned_call(pickup_0, 4));
  CHECK(load() == 4);
  one = commit(j, one, cancel{});
  CHECK(load() == 3);
  two = commit(j, two, report(1, job_step::decline));
  CHECK(load() == 2);
  three = commit(j, three, report(1, job_step::failed));
  CHECK(load() == 1);
  store.restart();
  CHECK(load() == 1);
  for (auto step_made : {job_step::arrived, job_step::picked_up})
    four = commit(store.journal(), four, report(1, step_made));
  CHECK(load() == 1);
  commit(store.journal(), four, report(1, job_step::completed));
  CHECK(load() == 0);
}

// -- deliveries --

TEMPLATE_TEST_CASE("deliveries are remembered by position, a channel and shard apart",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  const auto row = [](shard_id shard, std::uint64_t n, std::string reason = {}) {
    delivery d;
    d.id = {shard, seq_no{n}};
    d.reason = std::move(reason);
    return d;
  };
  const auto positions = [&](std::string_view channel, shard_id shard) {
    numbers found;
    CHECK(store.view().visit_deliveries(channel, shard, [&](const delivery& d) {
      found.push_back(d.id.n.value());
      return true;
    }));
    return found;
  };
  remember(store.journal(), "kakao",
           {row(pickup_0, 300), row(pickup_0, 2), row(pickup_0, 7), row(taxi_0, 5)}, {},
           {{"kakao", pickup_0, seq_no{300}}});
  remember(store.journal(), "other", {row(pickup_0, 3)}, {});
  for (int look = 0; look < 2; ++look) {
    CHECK(positions("kakao", pickup_0) == numbers{2, 7, 300});
    CHECK(positions("kakao", taxi_0) == numbers{5});
    CHECK(positions("kakao", pickup_1).empty());
    CHECK(positions("other", pickup_0) == numbers{3});
    CHECK(*store.view().cursor("kakao", pickup_0) == seq_no{300});
    store.restart();
  }
  remember(store.journal(), "kakao", {row(pickup_0, 7, "again")}, {{pickup_0, seq_no{2}}});
  CHECK(positions("kakao", pickup_0) == numbers{7, 300});
  CHECK(store.view().visit_deliveries("kakao", pickup_0, [](const delivery& d) {
    CHECK(d.reason == "again");
    return false;
  }));
}

TEMPLATE_TEST_CASE("the deliveries of a message are found, on all channels", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  const auto row = [](shard_id shard, std::uint64_t n) {
    delivery d;
    d.id = {shard, seq_no{n}};
    return d;
  };
  remember(store.journal(), "kakao", {row(pickup_0, 1), row(pickup_0, 9), row(taxi_0, 1)}, {});
  remember(store.journal(), "other", {row(pickup_0, 4)}, {});
  remember(store.journal(), "other", {row(pickup_0, 1)}, {});
  CHECK(store.view().delivery_rows(pickup_0, seq_no{1})->size() == 2);
  CHECK(store.view().delivery_rows(pickup_0, seq_no{4})->size() == 1);
  CHECK(store.view().delivery_rows(pickup_1, seq_no{1})->empty());
}

namespace {

delivery ended_at(timestamp at, shard_id shard, std::uint64_t n,
                  delivery_state how = delivery_state::dead) {
  delivery d;
  d.id = {shard, seq_no{n}};
  d.state = how;
  d.due = at;
  return d;
}

numbers dead_letters(const views& v, std::size_t most = 100) {
  numbers found;
  for (const auto& id : v.newest_dead_letters("kakao", most))
    found.push_back(id.n.value());
  return found;
}

} // namespace

TEMPLATE_TEST_CASE("dead letters are listed by when they ended, of all shards, and counted",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  const auto delivered = ended_at(noon + 9s, pickup_0, 9, delivery_state::delivered);
  remember(j, "kakao",
           {ended_at(noon + 3s, pickup_0, 1), ended_at(noon + 1s, pickup_0, 2),
            ended_at(noon + 2s, taxi_0, 3, delivery_state::failed), delivered},
           {});
  remember(j, "other", {ended_at(noon + 4s, pickup_0, 4)}, {});
  for (int lives = 0; lives < 2; ++lives) {
    CHECK(dead_letters(store.view()) == numbers{1, 3, 2});
    CHECK(dead_letters(store.view(), 2) == numbers{1, 3});
    CHECK(store.view().dead_letters("kakao") == 3);
    CHECK(store.view().dead_letters("other") == 1);
    CHECK(store.view().dead_letters("log") == 0);
    store.restart();
  }
  // Stored again it is no second one; stored as another state, or removed, it is none.
  remember(store.journal(), "kakao",
           {ended_at(noon + 5s, pickup_0, 2),
            ended_at(noon + 5s, taxi_0, 3, delivery_state::delivered)},
           {{pickup_0, seq_no{1}}});
  for (int lives = 0; lives < 2; ++lives) {
    CHECK(dead_letters(store.view()) == numbers{2});
    CHECK(store.view().dead_letters("kakao") == 1);
    store.restart();
  }
}

TEST_CASE("of many dead letters all are counted and the last are listed") {
  in_memory store;
  std::vector<delivery> many;
  for (std::uint64_t n = 1; n <= dead_letters_index::most_listed + 500; ++n)
    many.push_back(ended_at(noon + std::chrono::seconds{n % 1200}, pickup_0, n));
  remember(store.journal(), "kakao", many, {});
  CHECK(store.view().dead_letters("kakao") == many.size());
  const auto listed = dead_letters(store.view(), many.size());
  REQUIRE(listed.size() == dead_letters_index::most_listed);
  CHECK(listed.front() == 1199);
  CHECK(many[listed.back() - 1].due == noon + 250s);
}

// -- cursors and the hook --

TEMPLATE_TEST_CASE("cursors are remembered, a channel and shard apart", "[journal]", in_memory,
                   on_disk) {
  TestType store;
  CHECK(*store.view().cursor("log", pickup_0) == seq_no{0});
  store.journal().submit(cursor_op{{{"log", pickup_0, seq_no{3}}, {"log", taxi_0, seq_no{5}}}});
  store.journal().submit(cursor_op{{{"log", pickup_0, seq_no{4}}}});
  REQUIRE(barrier(store.journal()));
  for (int restarts = 0; restarts < 2; ++restarts) {
    CHECK(*store.view().cursor("log", pickup_0) == seq_no{4});
    CHECK(*store.view().cursor("log", taxi_0) == seq_no{5});
    CHECK(*store.view().cursor("log", pickup_1) == seq_no{0});
    CHECK(*store.view().cursor("kakao", pickup_0) == seq_no{0});
    store.restart();
  }
}

// -- views of calls --

TEMPLATE_TEST_CASE("nothing is known of what never was", "[journal]", in_memory, on_disk) {
  TestType store;
  const auto& v = store.view();
  const call_id nobody{pickup_0, 1};
  CHECK_FALSE(stored(v, nobody));
  CHECK(v.history(nobody)->empty());
  CHECK(v.version(nobody) == version_no{0});
  CHECK(v.last_call(pickup_0) == 0);
  CHECK(v.head(pickup_0) == seq_no{0});
  CHECK(v.live_calls(pickup_0).empty());
  CHECK(v.shards().empty());
  CHECK(v.read_from(pickup_0, seq_no{1}, 10)->empty());
  CHECK(v.last_courier() == courier_id{0});
  CHECK(listed(v, {}).empty());
  CHECK(assignments(v).empty());
}

TEMPLATE_TEST_CASE("a call's history is told oldest first, whatever came between", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  auto one = commit(j, assigned_call(pickup_0, 1));
  auto b = batch_of(next(one, report(1, job_step::decline)), noon + 1s);
  b.correlation_id = "from the courier";
  one = std::get<call>(append(j, b)->record);
  commit(j, new_call(pickup_0, 2));
  commit(j, one, cancel{cause::by_operator, "closed"}, noon + 2s);
  for (int restarts = 0; restarts < 2; ++restarts) {
    const auto history = store.view().history(one.id);
    REQUIRE(history);
    std::vector<std::string> told;
    for (const auto& item : *history)
      told.push_back(std::to_string(item.seq.value()) + " +"
                     + std::to_string((item.at - noon) / 1s) + "s "
                     + name(item.step.event, service::pickup) + " "
                     + std::string{name(item.step.cause)} + " " + item.correlation_id);
    CHECK(told
          == std::vector<std::string>{
              "2 +0s PickupCalled  ", "2 +0s PickupManaged  ", "2 +0s PickupAssigned  ",
              "3 +1s PickupAssignCancelled courier_declined from the courier",
              "5 +2s PickupCallCancelled operator "});
    store.restart();
  }
}

TEMPLATE_TEST_CASE("calls are listed newest first, canceled ones only when asked for",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  for (std::uint64_t n : {1, 2})
    commit(j, new_call(pickup_0, n, "010-1111-2222"));
  const auto three = commit(j, new_call(pickup_0, 3));
  commit(j, assigned_call(pickup_0, 4));
  commit(j, three, cancel{});
  commit(j, new_call(taxi_0, 1));
  for (int restarts = 0; restarts < 2; ++restarts) {
    const auto& v = store.view();
    call_filter f{service::pickup, {}, {}, false};
    CHECK(listed(v, f) == numbers{4, 2, 1});
    CHECK(listed(v, f, {0, 2}) == numbers{4, 2});
    CHECK(listed(v, f, {1, 2}) == numbers{1});
    CHECK(listed(v, f, {2, 2}).empty());
    CHECK(v.list(f, {2, 2})->total == 3);
    f.with_canceled = true;
    CHECK(listed(v, f) == numbers{4, 3, 2, 1});
    f.tel = "01011112222";
    CHECK(listed(v, f) == numbers{2, 1});
    CHECK(listed(v, f, {1, 1}) == numbers{1});
    CHECK(v.list(f, {1, 1})->total == 2);
    f.tel = "0101111222";
    CHECK(listed(v, f).empty());
    for (const auto& [wanted, ids] :
         std::vector<std::pair<status, numbers>>{{status::called, {}},
                                                 {status::dispatching, {2, 1}},
                                                 {status::confirmed, {4}},
                                                 {status::canceled, {3}}})
      CHECK(listed(v, {service::pickup, {}, wanted, false}) == ids);
    CHECK(listed(v, {service::taxi, {}, {}, false}) == numbers{1});
    store.restart();
  }
}

TEMPLATE_TEST_CASE("a listed call comes with its courier, also one who has left", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  auto kim = commit(j, new_courier(pickup_0, 1));
  const auto one = commit(j, assigned_call(pickup_0, 1));
  commit(j, one, cancel{});
  kim.deleted = true;
  commit(j, kim);
  const auto page = store.view().list(call_filter{service::pickup, {}, {}, true}, {});
  REQUIRE(page);
  REQUIRE(page->items.size() == 1);
  REQUIRE(page->items[0].courier);
  CHECK(page->items[0].courier->name == kim.name);
}

TEMPLATE_TEST_CASE("assignments are listed live and past, with their causes", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  auto one = commit(j, assigned_call(pickup_0, 1));
  auto two = commit(j, assigned_call(pickup_0, 2));
  commit(j, assigned_call(pickup_0, 3));
  one = commit(j, one, report(1, job_step::decline), noon + 1s);
  for (auto step_made : {job_step::arrived, job_step::picked_up, job_step::completed})
    two = commit(j, two, report(1, step_made), noon + 2s);
  for (int restarts = 0; restarts < 2; ++restarts) {
    const auto all = assignments(store.view());
    REQUIRE(all.size() == 3);
    CHECK(all[0].call.n() == 3);
    CHECK(all[0].live);
    CHECK_FALSE(all[0].ended_at);
    CHECK(all[0].id == seq_no{4});
    CHECK(all[0].distance == way_to_calls);
    CHECK(all[0].courier.id == courier_id{1});
    CHECK(all[1].call.n() == 2);
    CHECK_FALSE(all[1].live);
    CHECK_FALSE(all[1].canceled);
    CHECK(all[1].cause == cause::none);
    CHECK(all[1].ended_at == noon + 2s);
    CHECK(all[2].call.n() == 1);
    CHECK(all[2].canceled);
    CHECK(all[2].cause == cause::courier_declined);
    CHECK(all[2].assigned_at == noon);
    CHECK(all[2].ended_at == noon + 1s);
    CHECK(assignments(store.view(), true).size() == 1);
    CHECK(assignments(store.view(), false).size() == 2);
    store.restart();
  }
}

TEMPLATE_TEST_CASE("calls that have not ended are known, oldest first", "[journal]", in_memory,
                   on_disk) {
  TestType store;
  auto& j = store.journal();
  for (std::uint64_t n : {1, 2, 3, 4})
    commit(j, new_call(pickup_0, n));
  commit(j, *stored(store.view(), {pickup_0, 2}), cancel{});
  commit(j, *stored(store.view(), {pickup_0, 4}), expire{}, noon + max_wait);
  CHECK(store.view().live_calls(pickup_0)
        == std::vector{call_id{pickup_0, 1}, call_id{pickup_0, 3}});
  CHECK(store.view().last_call(pickup_0) == 4);
  store.restart();
  CHECK(store.view().live_calls(pickup_0)
        == std::vector{call_id{pickup_0, 1}, call_id{pickup_0, 3}});
}

TEMPLATE_TEST_CASE("scheduled calls are found when they are due, the earliest first",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, scheduled_call(pickup_0, 1, noon + 3h));
  commit(j, scheduled_call(pickup_0, 2, noon + 1h));
  commit(j, scheduled_call(pickup_0, 3, noon + 2h));
  commit(j, scheduled_call(pickup_0, 4, noon + 2h));
  commit(j, scheduled_call(taxi_0, 1, noon + 1h));
  const auto due = [&](timestamp now, std::size_t most = 100) {
    numbers found;
    for (auto id : store.view().due_calls(pickup_0, now, most))
      found.push_back(id.n());
    return found;
  };
  for (int restarts = 0; restarts < 2; ++restarts) {
    const auto& v = store.view();
    CHECK(due(noon + 1h - 1ms).empty());
    CHECK(due(noon + 1h) == numbers{2});
    CHECK(due(noon + 3h) == numbers{2, 3, 4, 1});
    CHECK(due(noon + 3h, 2) == numbers{2, 3});
    CHECK(v.live_calls(pickup_0).empty());
    CHECK(v.scheduled_calls(pickup_0) == 4);
    CHECK(v.is_scheduled({pickup_0, 2}));
    CHECK_FALSE(v.is_scheduled({pickup_1, 2}));
    CHECK(listed(v, {service::pickup, {}, status::called}, {0, 10}) == numbers{4, 3, 2, 1});
    CHECK(listed(v, {service::pickup, {}, {}}, {0, 10}) == numbers{4, 3, 2, 1});
    store.restart();
  }
  commit(store.journal(), *stored(store.view(), {pickup_0, 2}), manage{}, noon + 1h);
  commit(store.journal(), *stored(store.view(), {pickup_0, 3}), cancel{}, noon + 1h);
  for (int restarts = 0; restarts < 2; ++restarts) {
    CHECK(due(noon + 3h) == numbers{4, 1});
    CHECK(store.view().live_calls(pickup_0) == std::vector{call_id{pickup_0, 2}});
    CHECK_FALSE(store.view().is_scheduled({pickup_0, 3}));
    store.restart();
  }
  const auto report = store.verify();
  REQUIRE(report);
  CHECK(report->violations.empty());
}

TEMPLATE_TEST_CASE("live calls are read in order, however many ended ones lie between",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  const std::vector<std::uint64_t> living{1, 2, 60, 61, 100};
  for (std::uint64_t n = 1; n <= 110; ++n) {
    commit(j, new_call(pickup_0, n));
    if (std::ranges::find(living, n) == living.end())
      commit(j, *stored(store.view(), {pickup_0, n}), cancel{});
  }
  commit(j, new_call(pickup_1, 1));
  const auto read = [&](shard_id shard) {
    std::vector<std::uint64_t> found;
    REQUIRE(store.view().visit_live_calls(shard, [&](const call& c) {
      CHECK(c == *stored(store.view(), c.id));
      found.push_back(c.id.n());
    }));
    return found;
  };
  CHECK(read(pickup_0) == living);
  CHECK(read(pickup_1) == std::vector<std::uint64_t>{1});
  CHECK(read(taxi_0).empty());
}

TEMPLATE_TEST_CASE("entries are read from any position, no more than asked for", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  for (std::uint64_t n = 1; n <= 5; ++n)
    commit(store.journal(), new_call(pickup_0, n));
  commit(store.journal(), new_call(pickup_1, 1));
  const auto read = [&](std::uint64_t from, std::size_t limit) {
    const auto entries = store.view().read_from(pickup_0, seq_no{from}, limit);
    REQUIRE(entries);
    numbers result;
    for (const auto& e : *entries)
      result.push_back(e.n.value());
    return result;
  };
  CHECK(read(1, 100) == numbers{1, 2, 3, 4, 5});
  CHECK(read(2, 2) == numbers{2, 3});
  CHECK(read(5, 2) == numbers{5});
  CHECK(read(6, 2).empty());
  CHECK(read(1, 0).empty());
}

TEMPLATE_TEST_CASE("why couriers were chosen is told, the first choice first", "[journal]",
                   in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  commit(j, new_courier(pickup_0, 1));
  commit(j, new_courier(pickup_0, 2));
  const auto chosen = [&](std::uint64_t courier) {
    auto a = to(courier);
    a.why->couriers.front().load = 3;
    return a;
  };
  auto made = commit(j, *then(new_call(pickup_0, 1), chosen(1), noon));
  made = commit(j, made, report(1, job_step::decline));
  made = commit(j, made, chosen(2), noon + 5s);
  auto silent = to(1);
  silent.why.reset();
  const auto unexplained = commit(j, *then(new_call(pickup_0, 2), silent, noon));
  store.restart();
  const auto& v = store.view();
  const auto told = v.explain(made.id);
  REQUIRE((told && *told && (*told)->size() == 2));
  CHECK((**told)[0].assignment == seq_no{3});
  CHECK((**told)[0].why == chosen(1).why);
  CHECK((**told)[1].assignment == seq_no{5});
  CHECK((**told)[1].at == noon + 5s);
  CHECK((**told)[1].courier == courier_id{2});
  CHECK((**told)[1].distance == to(2).distance);
  CHECK((**told)[1].why == chosen(2).why);
  CHECK((*v.explain(unexplained.id))->empty());
  CHECK_FALSE(*v.explain(call_id{pickup_0, 99}));
}

// -- audit --

namespace {

std::vector<std::string> audited(const views& v, std::size_t most = 100) {
  std::vector<std::string> actions;
  const auto listed = v.list_audit(most);
  REQUIRE(listed);
  for (const auto& e : *listed)
    actions.push_back(std::get<audit_entry>(e.what).action);
  return actions;
}

} // namespace

TEMPLATE_TEST_CASE(
    "audited actions are listed newest first, of all shards, also after a restart", "[journal]",
    in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  using strings = std::vector<std::string>;
  CHECK(audited(store.view()).empty());
  const auto first = append(j, audit_of(pickup_0, "kill"));
  REQUIRE(first);
  CHECK(first->n == seq_no{1});
  CHECK(std::get<audit_entry>(first->record) == audit_entry{"kim", "kill", "call 1", ""});
  REQUIRE(append(j, audit_of(taxi_0, "trip", noon + 1s)));
  commit(j, new_call(pickup_0, 1));
  REQUIRE(append(j, audit_of(pickup_0, "pause", noon + 2s)));
  for (int lives = 0; lives < 2; ++lives) {
    CHECK(audited(store.view()) == strings{"pause", "trip", "kill"});
    CHECK(audited(store.view(), 2) == strings{"pause", "trip"});
    CHECK(audited(store.view(), 0).empty());
    store.restart();
  }
  const auto report = store.verify();
  REQUIRE(report);
  CHECK(report->violations.empty());
  CHECK(report->audited == 3);
}

TEMPLATE_TEST_CASE("an audited text that is too long is refused and leaves no trace",
                   "[journal]", in_memory, on_disk) {
  TestType store;
  auto& j = store.journal();
  REQUIRE(append(j, audit_of(pickup_0, std::string(max_audit_text, 'a'))));
  const auto refused = append(j, audit_of(pickup_0, std::string(max_audit_text + 1, 'a')));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::invalid_argument);
  CHECK(store.view().head(pickup_0) == seq_no{1});
}

TEST_CASE("audited actions are told in their order though the clock is set back") {
  in_memory store;
  auto& j = store.journal();
  REQUIRE(append(j, audit_of(pickup_0, "kill", noon)));
  REQUIRE(append(j, audit_of(pickup_0, "pause", noon - 1h)));
  REQUIRE(append(j, audit_of(pickup_0, "resume", noon - 30min)));
  CHECK(audited(store.view()) == std::vector<std::string>{"resume", "pause", "kill"});
  CHECK(store.view().last_audited(pickup_0) == seq_no{3});
  CHECK(store.view().last_audited(taxi_0) == seq_no{});
  const auto since = store.view().audited_after(pickup_0, seq_no{1});
  REQUIRE(since);
  REQUIRE(since->size() == 2);
  CHECK(since->front().n == seq_no{2});
  CHECK(store.view().audited_after(pickup_0, seq_no{3})->empty());
  CHECK(store.view().audited_after(taxi_0, {})->empty());
}

TEST_CASE("all audited actions can be read page by page, of all shards") {
  in_memory store;
  const std::vector shards{pickup_0, taxi_0, pickup_1};
  constexpr std::size_t many = 2500;
  for (std::size_t i = 0; i < many; ++i) // many at one time, of several shards
    REQUIRE(append(store.journal(), audit_of(shards[i * 7 / 3 % 3], std::to_string(i),
                                             noon + std::chrono::seconds{i / 7})));
  commit(store.journal(), new_call(pickup_0, 1));
  for (int lives = 0; lives < 2; ++lives) {
    const auto& v = store.view();
    const auto all = *v.list_audit(many * 2);
    CHECK(all.size() == many);
    CHECK(std::ranges::is_sorted(all, std::greater{}, &entry::at));
    std::vector<entry> read;
    int pauses = 0;
    for (auto page = *v.list_audit(300); !page.empty();
         page = *v.list_audit(300, audit_place{read.back().shard, read.back().n},
                              [&] { ++pauses; }))
      std::ranges::copy(page, std::back_inserter(read));
    CHECK(read == all);
    CHECK(pauses > 8);
    for (const auto n : {v.head(pickup_0).value(), v.head(pickup_0).value() + 1})
      CHECK(v.list_audit(1, audit_place{pickup_0, seq_no{n}}).error().code
            == errc::invalid_argument);
    store.restart();
  }
}

TEST_CASE("of what follows a position in the audit the last thousand are told") {
  in_memory store;
  const auto most = views::most_audited;
  for (std::size_t i = 0; i <= most + 1; ++i)
    REQUIRE(append(store.journal(), audit_of(pickup_0, std::to_string(i))));
  const auto since = store.view().audited_after(pickup_0, seq_no{1});
  REQUIRE((since && since->size() == most));
  CHECK(since->front().n == seq_no{3});
}

// -- both side by side --

namespace {

/// What a plain look at every call says about some of the views.
void views_agree(const views& v, const random_company& company) {
  for (const auto& [id, c] : company.couriers) {
    const auto shown = v.find(id);
    REQUIRE(shown);
    REQUIRE(shown->courier == c);
    REQUIRE(shown->load == company.load(id));
  }
  for (auto shard : {pickup_0, pickup_1, taxi_0}) {
    std::vector<call_id> live;
    for (const auto& [id, c] : company.calls)
      if (id.shard() == shard && under_way(c.phase))
        live.push_back(id);
    REQUIRE(v.live_calls(shard) == live);
    std::set<std::pair<timestamp, call_id>> by_time;
    for (const auto& [id, c] : company.calls)
      if (id.shard() == shard && c.phase == phase::scheduled)
        by_time.emplace(*c.dispatch_at, id);
    std::vector<call_id> scheduled;
    for (const auto& [due, id] : by_time)
      scheduled.push_back(id);
    REQUIRE(v.due_calls(shard, timestamp::max(), 100'000) == scheduled);
    REQUIRE(v.scheduled_calls(shard) == scheduled.size());
  }
  for (auto s : services)
    for (auto wanted : {std::optional<status>{}, std::optional{status::dispatching},
                        std::optional{status::confirmed}, std::optional{status::canceled},
                        std::optional{status::called}}) {
      numbers expected;
      for (auto c = company.calls.rbegin(); c != company.calls.rend(); ++c)
        if (c->first.service() == s && (!wanted || status_of(c->second.phase) == *wanted))
          expected.push_back(c->first.number());
      const auto shown = v.list(call_filter{s, {}, wanted, true}, {0, 100'000});
      REQUIRE(shown);
      REQUIRE(shown->total == expected.size());
      REQUIRE(listed(v, {s, {}, wanted, true}, {0, 100'000}) == expected);
    }
}

} // namespace

TEST_CASE("in memory and on disk the same work leaves the same views, restarted or not") {
  seeded random;
  INFO(random.show());
  in_memory memory;
  on_disk disk;
  random_company company{random};
  std::optional<batch> stale;
  for (int round = 1; round <= 400; ++round) {
    // Now and then something that was true once.
    const bool again = stale && random.one_in(10);
    const auto b = again ? *stale : company.next_batch();
    const auto one = append(memory.journal(), b);
    const auto other = append(disk.journal(), b);
    REQUIRE(static_cast<bool>(one) == !again);
    REQUIRE(static_cast<bool>(one) == static_cast<bool>(other));
    if (one) {
      REQUIRE(one->n == other->n);
      REQUIRE(one->record == other->record);
      company.learn(*one);
      if (!std::holds_alternative<audit_change>(b.what)) // which rests on nothing
        stale = b;
    } else {
      REQUIRE(one.error() == other.error());
    }
    const auto seen = company.sighting();
    const courier_id who{random.number(1, 12)};
    const cursor reached{"log", pickup_0, memory.view().head(pickup_0)};
    const bool epoch = random.one_in(20);
    const bool cursors = random.one_in(5);
    for (auto* j : {&memory.journal(), &disk.journal()}) {
      j->see(who, seen);
      j->submit(sightings_op{});
      if (cursors)
        j->submit(cursor_op{{reached}});
      if (epoch)
        REQUIRE(open_epoch(*j, pickup_0));
      REQUIRE(barrier(*j));
    }
    if (round % 100 != 0)
      continue;
    const auto before = text_of(memory.view());
    REQUIRE(text_of(disk.view()) == before);
    views_agree(disk.view(), company);
    memory.restart();
    disk.restart();
    REQUIRE(text_of(memory.view()) == before);
    REQUIRE(text_of(disk.view()) == before);
  }
  const auto report = disk.verify();
  REQUIRE(report);
  CHECK(report->violations == std::vector<std::string>{});
}

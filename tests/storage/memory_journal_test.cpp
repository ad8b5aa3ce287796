// What only the journal in memory can: fail, and hold commits in flight, at a test's command.
#include "storage/memory_journal.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/stores.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <memory>

using namespace pickup::domain;
using namespace pickup::storage;
using namespace pickup::testing;
using namespace std::chrono_literals;

namespace {

template <class T>
bool answered(const std::future<T>& f) {
  return f.wait_for(0s) == std::future_status::ready;
}

} // namespace

TEST_CASE("held commits are in flight until released") {
  memory_journal j;
  j.hold();
  auto made = submit(j, batch_of(new_call(pickup_0, 1)));
  CHECK_FALSE(answered(made));
  CHECK(j.view().head(pickup_0) == seq_no{0});
  j.release();
  REQUIRE(answered(made));
  CHECK(made.get()->n == seq_no{1});
  CHECK(append(j, batch_of(new_call(pickup_0, 2)))->n == seq_no{2});
}

TEST_CASE("a held epoch is answered after the commits before it") {
  memory_journal j;
  j.hold();
  auto made = submit(j, batch_of(new_call(pickup_0, 1)));
  in_flight<result<epoch_no>> epoch;
  j.submit(epoch_op{pickup_0, epoch.completion()});
  CHECK_FALSE(answered(epoch.answer));
  j.release();
  CHECK(made.get());
  CHECK(*epoch.answer.get() == epoch_no{1});
}

TEST_CASE("commits that wait together share one synced write") {
  memory_journal j;
  j.hold();
  for (std::uint64_t n = 1; n <= 3; ++n)
    submit(j, batch_of(new_call(pickup_0, n)));
  j.release();
  CHECK(j.stats().commits == 3);
  CHECK(j.stats().groups == 1);
}

TEST_CASE("two changes of one call do not share a write, for the second rests on the first") {
  memory_journal j;
  j.hold();
  auto made = new_call(pickup_0, 1);
  submit(j, batch_of(made));
  made.next.version = version_no{1};
  made.next.last = seq_no{1};
  auto second = submit(j, batch_of(next(made.next, cancel{})));
  j.release();
  CHECK(second.get());
  CHECK(j.stats().groups == 2);
}

TEST_CASE("a failed write leaves the outcome unknown, and the journal takes nothing more") {
  auto rows = std::make_shared<memory_rows>();
  memory_journal j{rows};
  CHECK_FALSE(j.failure());
  rows->fail_writes(true);
  const auto failed = append(j, batch_of(new_call(pickup_0, 1)));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == errc::unknown_outcome);
  CHECK(failed.error().text == "commit: write: memory: told to fail");
  CHECK(j.failure()->text == failed.error().text);
  // Not even when the disk is well again: what was half written is not known.
  rows->fail_writes(false);
  CHECK(append(j, batch_of(new_call(pickup_0, 2))).error().code == errc::unavailable);
  CHECK(barrier(j).error().code == errc::unavailable);
  CHECK(open_epoch(j, pickup_0).error().code == errc::unavailable);
  CHECK(j.view().head(pickup_0) == seq_no{0});
  CHECK(j.stats().commits == 0);
}

TEST_CASE("every commit of a group whose write failed hears so") {
  auto rows = std::make_shared<memory_rows>();
  memory_journal j{rows};
  rows->fail_writes(true);
  j.hold();
  std::vector<std::future<commit_answer>> answers;
  for (std::uint64_t n = 1; n <= 3; ++n)
    answers.push_back(submit(j, batch_of(new_call(pickup_0, n))));
  j.release();
  for (auto& answer : answers)
    CHECK(answer.get().error().code == errc::unknown_outcome);
}

TEST_CASE("an unsynced write that fails stops the journal too") {
  auto rows = std::make_shared<memory_rows>();
  memory_journal j{rows};
  rows->fail_writes(true);
  j.submit(cursor_op{{{"log", pickup_0, seq_no{1}}}});
  CHECK(j.failure());
}

TEST_CASE("after a failed write a new journal over the same rows goes on") {
  auto rows = std::make_shared<memory_rows>();
  {
    memory_journal j{rows};
    REQUIRE(append(j, batch_of(new_call(pickup_0, 1))));
    rows->fail_writes(true);
    REQUIRE_FALSE(append(j, batch_of(new_call(pickup_0, 2))));
    rows->fail_writes(false);
  }
  memory_journal j{rows};
  CHECK_FALSE(j.failure());
  CHECK(append(j, batch_of(new_call(pickup_0, 2)))->n == seq_no{2});
}

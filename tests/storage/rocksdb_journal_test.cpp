// What only the journal on RocksDB has: a queue that can be full, and a thread to end.
#include "storage/rocksdb_journal.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/stores.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <memory>
#include <vector>

using namespace pickup::domain;
using namespace pickup::storage;
using namespace pickup::testing;

namespace {

std::unique_ptr<journal> opened(const temp_dir& dir, std::uint32_t queue = 8192) {
  auto o = options_for(dir.path());
  o.queue = queue;
  auto j = open_journal(o);
  if (!j)
    FAIL(j.error().text);
  return std::move(*j);
}

} // namespace

TEST_CASE("commits beyond what may wait are refused at once, other operations are not") {
  const temp_dir dir;
  const auto j = opened(dir, 3);
  standstill pause{*j};
  std::vector<std::future<commit_answer>> accepted;
  for (std::uint64_t n = 1; n <= 3; ++n)
    accepted.push_back(submit(*j, batch_of(new_call(pickup_0, n))));
  const auto refused = append(*j, batch_of(new_call(pickup_0, 4)));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::overloaded);
  CHECK(refused.error().text == "commit: journal: 3 commits wait already");
  in_flight<status_result> all;
  j->submit(barrier_op{all.completion()});
  pause.let_go();
  for (auto& a : accepted)
    CHECK(a.get());
  CHECK(all.answer.get());
  CHECK(j->stats().commits == 3);
  CHECK(j->stats().groups == 1);
}

TEST_CASE("a group is no larger than allowed") {
  const temp_dir dir;
  auto o = options_for(dir.path());
  o.max_group = 2;
  auto j = open_journal(o);
  REQUIRE(j);
  standstill pause{**j};
  for (std::uint64_t n = 1; n <= 5; ++n)
    submit(**j, batch_of(new_call(pickup_0, n)));
  pause.let_go();
  REQUIRE(barrier(**j));
  CHECK((*j)->stats().commits == 5);
  CHECK((*j)->stats().groups == 3);
}

TEST_CASE("closing first carries out what was submitted") {
  const temp_dir dir;
  auto j = opened(dir);
  std::vector<std::future<commit_answer>> answers;
  for (std::uint64_t n = 1; n <= 50; ++n)
    answers.push_back(submit(*j, batch_of(new_call(pickup_0, n))));
  j.reset();
  for (auto& a : answers)
    CHECK(a.get());
  CHECK(opened(dir)->view().head(pickup_0) == seq_no{50});
}

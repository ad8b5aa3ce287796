// A disk that fails under RocksDB, at every write, sync and new file in turn: what was
// acknowledged is there afterwards, and nothing is there by halves.
#include "storage/disk.hpp"
#include "tests/storage/failing_files.hpp"
#include "tests/storage/random_company.hpp"
#include "tests/storage/stores.hpp"
#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace pickup::domain;
using namespace pickup::storage;
using namespace pickup::testing;

namespace {

rocksdb::IOStatus io_error() {
  return rocksdb::IOStatus::IOError("told to fail");
}

rocksdb::IOStatus no_space() {
  return rocksdb::IOStatus::NoSpace("told to be full");
}

// RocksDB itself tries again after such a one, in the background.
rocksdb::IOStatus passing_error() {
  auto s = rocksdb::IOStatus::IOError("told to fail for a while");
  s.SetRetryable(true);
  return s;
}

struct faulty_disk {
  temp_dir dir;
  disk_fault fault;
  std::unique_ptr<rocksdb::Env> env =
      rocksdb::NewCompositeEnv(std::make_shared<failing_files>(fault));

  result<std::unique_ptr<journal>> open() {
    return open_journal(options_for(dir.path()), env.get());
  }
};

/// Everything that was acknowledged, as the views show it.
void check_kept(const journal& j, const random_company& company) {
  for (const auto& [id, call] : company.calls) {
    const auto stored = j.view().find(id);
    REQUIRE(stored);
    REQUIRE(*stored);
    CHECK((*stored)->version >= call.version);
  }
  for (const auto& [id, courier] : company.couriers) {
    const auto stored = j.view().find(id);
    REQUIRE(stored);
    CHECK(stored->courier.version >= courier.version);
  }
}

std::uint64_t commits(const journal& j) {
  std::uint64_t n = 0;
  for (auto shard : {pickup_0, pickup_1, taxi_0})
    n += j.view().head(shard).value();
  return n;
}

/// Commits until one fails, at most `most`; how many were acknowledged.
std::uint64_t work(journal& j, random_company& company, std::uint64_t most) {
  for (std::uint64_t done = 0; done < most; ++done) {
    auto made = append(j, company.next_batch());
    if (!made) {
      CHECK(made.error().code == errc::unknown_outcome);
      return done;
    }
    company.learn(*made);
  }
  return most;
}

} // namespace

TEST_CASE("whatever write or sync fails first, what was acknowledged is kept") {
  seeded random;
  INFO(random.show());
  const auto kind = GENERATE(disk_fault::status{io_error}, disk_fault::status{no_space},
                             disk_fault::status{passing_error});
  const auto first = GENERATE(range(1, 24));
  CAPTURE(first, kind().ToString());
  faulty_disk disk;
  random_company company{random};
  std::uint64_t acknowledged = 0;
  {
    auto j = disk.open();
    REQUIRE(j);
    disk.fault.strike(first, kind);
    acknowledged = work(**j, company, 100);
    REQUIRE(disk.fault.struck());
    // It says why, and nothing more is tried, not even when the disk is well again.
    const auto failure = (*j)->failure();
    REQUIRE(failure);
    CHECK(failure->text.find("told to") != std::string::npos);
    disk.fault.end();
    CHECK(append(**j, company.next_batch()).error().code == errc::unavailable);
    CHECK(barrier(**j).error().code == errc::unavailable);
    // Who reads sees what was acknowledged, no more and no less.
    check_kept(**j, company);
    CHECK(commits(**j) == acknowledged);
  }
  auto again = disk.open();
  if (!again)
    FAIL(again.error().text);
  check_kept(**again, company);
  // The one of which the outcome was unknown is there whole or not at all.
  const auto there = commits(**again);
  CHECK((there == acknowledged || there == acknowledged + 1));
  again->reset();
  const auto rows = open_rocksdb_rows(options_for(disk.dir.path()));
  REQUIRE(rows);
  const auto checked = verify(**rows);
  REQUIRE(checked);
  CHECK(checked->violations.empty());
  CHECK(checked->entries == there);
}

TEST_CASE("a disk that fails while a database is opened is not taken for damage") {
  seeded random;
  INFO(random.show());
  const auto kind = GENERATE(disk_fault::status{io_error}, disk_fault::status{no_space});
  CAPTURE(kind().ToString());
  faulty_disk disk;
  random_company company{random};
  {
    auto j = disk.open();
    REQUIRE(j);
    REQUIRE(work(**j, company, 20) == 20);
  }
  int failures = 0;
  for (int first = 1; first < 500; ++first) {
    CAPTURE(first);
    disk.fault.strike(first, kind);
    auto opened = disk.open();
    const bool struck = disk.fault.struck();
    disk.fault.end();
    if (!struck) {
      REQUIRE(opened);
      check_kept(**opened, company);
      CHECK(commits(**opened) == 20);
      CHECK(failures > 5);
      return;
    }
    if (opened)
      continue; // a file that it can do without
    ++failures;
    CHECK(opened.error().code == errc::io);
    CHECK(opened.error().text.find("told to") != std::string::npos);
  }
  FAIL("opening writes without end");
}

TEST_CASE("a disk is tried without leaving anything behind") {
  const temp_dir dir;
  REQUIRE(try_disk(dir.path()));
  CHECK(std::filesystem::is_empty(dir.path()));
  CHECK(*free_bytes(dir.path()) > 0);
  const auto gone = try_disk(dir.path() / "not there");
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == errc::io);
  CHECK(gone.error().text.find("No such file or directory") != std::string::npos);
}

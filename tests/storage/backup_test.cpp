// Copies of a running database: whole, of one moment, and put back only where nothing is.
#include "storage/backup.hpp"

#include "storage/identity.hpp"
#include "storage/rocksdb_journal.hpp"
#include "storage/rocksdb_rows.hpp"
#include "storage/verify.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/stores.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace pickup;
using namespace pickup::testing;

namespace {

namespace fs = std::filesystem;

std::uint64_t calls_in(const fs::path& dir) {
  const auto database = storage::open_rocksdb_rows(options_for(dir));
  if (!database)
    FAIL(database.error().text);
  const auto report = storage::verify(**database);
  REQUIRE(report);
  CHECK(report->violations.empty());
  return report->calls;
}

/// A running database with one call, and a copy of it.
struct copied {
  copied() {
    REQUIRE(append(*journal, batch_of(new_call(pickup_0, 1))));
    id = *storage::identity_of(data);
    const auto made = storage::back_up(*journal, data, noon);
    REQUIRE(made);
    copy = *made;
  }

  temp_dir home;
  fs::path data = home.path() / "data";
  std::unique_ptr<storage::journal> journal =
      std::move(*storage::open_journal(options_for(data)));
  std::string id;
  fs::path copy;
};

} // namespace

TEST_CASE("a copy made while calls come holds all that were acknowledged, and verifies") {
  const temp_dir home;
  const auto data = home.path() / "data";
  fs::path copy;
  {
    const auto journal = storage::open_journal(options_for(data));
    REQUIRE(journal);
    for (std::uint64_t n = 1; n <= 50; ++n)
      REQUIRE(append(**journal, batch_of(new_call(pickup_0, n))));
    std::vector<std::future<commit_answer>> coming;
    for (std::uint64_t n = 51; n <= 100; ++n)
      coming.push_back(submit(**journal, batch_of(new_call(pickup_0, n))));
    const auto made = storage::back_up(**journal, data, noon);
    REQUIRE(made);
    copy = *made;
    for (auto& answer : coming)
      REQUIRE(answer.get());
  }
  CHECK(copy == data / "backups" / "2026-11-22T12-00-00.000Z");
  CHECK(calls_in(copy) >= 50);
  CHECK(calls_in(data) == 100);
}

TEST_CASE("a copy is put back where nothing is, and sends under the same name") {
  const copied c;
  const auto again = c.home.path() / "deep" / "again";
  REQUIRE(storage::restore(c.copy, again / ""));
  CHECK(calls_in(again) == 1);
  CHECK(*storage::identity_of(again) == c.id);
  CHECK(calls_in(c.copy) == 1); // it stays
  const auto empty = c.home.path() / "empty";
  fs::create_directory(empty);
  REQUIRE(storage::restore(c.copy, empty));
  CHECK(calls_in(empty) == 1);
}

TEST_CASE("a copy is put back nowhere else") {
  const copied c;
  std::ofstream{c.home.path() / "mine"} << "kept";
  const auto refused = storage::restore(c.copy, c.home.path());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text
        == "restore: " + c.home.path().string() + ": is not empty; nothing was changed");
  CHECK_FALSE(fs::exists(c.home.path() / "db"));
}

TEST_CASE("what is no backup, or is being served, is not put back") {
  const copied c;
  const auto target = c.home.path() / "new";
  CHECK(storage::restore(c.home.path(), target).error().code == domain::errc::invalid_argument);
  CHECK(storage::restore(c.data, target).error().code == domain::errc::locked);
  CHECK_FALSE(fs::exists(target));
}

TEST_CASE("a copy that a crash cut off is nothing to start on") {
  const copied c;
  const auto target = c.home.path() / "new";
  REQUIRE(storage::restore(c.copy, target));
  fs::remove(target / "FORMAT"); // which comes last
  const auto opened = storage::open_rocksdb_rows(options_for(target));
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == domain::errc::corrupt);
}

TEST_CASE("what a crash left of a copy goes with the next one") {
  const copied c;
  const auto left = c.data / "backups" / "2026-11-22T11-00-00.000Z.new";
  fs::create_directories(left / "db");
  REQUIRE(storage::back_up(*c.journal, c.data, noon + std::chrono::hours{1}));
  CHECK_FALSE(fs::exists(left));
  CHECK(fs::exists(c.copy));
}

TEST_CASE("a copy that fails leaves nothing") {
  in_memory store;
  const temp_dir home;
  CHECK(storage::back_up(store.journal(), home.path(), noon).error().code
        == domain::errc::unavailable);
  CHECK(fs::is_empty(home.path() / "backups"));
}

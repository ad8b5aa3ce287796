// Copies of a running database: whole, of one moment, and put back only where nothing is.
#include "storage/backup.hpp"

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

std::uint64_t calls_in(const std::filesystem::path& dir) {
  const auto database = storage::open_rocksdb_rows(options_for(dir));
  INFO((database ? "" : database.error().text));
  REQUIRE(database);
  const auto report = storage::verify(**database);
  REQUIRE(report);
  CHECK(report->violations.empty());
  return report->calls;
}

} // namespace

TEST_CASE("a copy made while calls come holds all that were acknowledged, and verifies") {
  const temp_dir home;
  const auto data = home.path() / "data";
  std::filesystem::path copy;
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

TEST_CASE("a copy is put back where nothing is, and nowhere else") {
  const temp_dir home;
  const auto data = home.path() / "data";
  const auto journal = storage::open_journal(options_for(data));
  REQUIRE(journal);
  REQUIRE(append(**journal, batch_of(new_call(pickup_0, 1))));
  const auto copy = storage::back_up(**journal, data, noon);
  REQUIRE(copy);
  const auto again = home.path() / "again";
  REQUIRE(storage::restore(*copy, again / ""));
  CHECK(calls_in(again) == 1);
  CHECK(calls_in(*copy) == 1); // it stays
  const auto refused = storage::restore(*copy, again);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == domain::errc::invalid_argument);
  CHECK(calls_in(again) == 1);
  CHECK(storage::restore(home.path(), home.path() / "new").error().code
        == domain::errc::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(home.path() / "new"));
}

TEST_CASE("a journal in memory has nothing to copy") {
  in_memory store;
  const temp_dir home;
  CHECK(storage::back_up(store.journal(), home.path(), noon).error().code
        == domain::errc::unavailable);
  CHECK(std::filesystem::is_empty(home.path() / "backups"));
}

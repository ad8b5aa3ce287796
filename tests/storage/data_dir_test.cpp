// Data directories that are in use, from the future or damaged: refused, and left as they are.
#include "storage/data_dir.hpp"
#include "storage/rocksdb_journal.hpp"
#include "storage/rocksdb_rows.hpp"
#include "storage/verify.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/stores.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <rocksdb/db.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace pickup::domain;
using namespace pickup::storage;
using namespace pickup::testing;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream{file, std::ios::binary} << bytes;
}

result<std::unique_ptr<journal>> open(const fs::path& dir) {
  return open_journal(options_for(dir));
}

/// Every file with its content, but for locks and RocksDB's own diary.
std::map<std::string, std::string> tree(const fs::path& dir) {
  std::map<std::string, std::string> files;
  for (const auto& file : fs::recursive_directory_iterator{dir}) {
    const auto name = file.path().filename().string();
    if (file.is_regular_file() && name != "LOCK" && !name.starts_with("LOG"))
      files[fs::relative(file.path(), dir).string()] = read(file.path());
  }
  return files;
}

void refused(const fs::path& dir, errc code, const std::string& why) {
  const auto before = tree(dir);
  // Twice: a refusal must not mend, nor make worse.
  for (int i = 0; i < 2; ++i) {
    const auto opened = open(dir);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == code);
    INFO(opened.error().text);
    CHECK(opened.error().text.find(why) != std::string::npos);
  }
  CHECK(tree(dir) == before);
}

/// The files of a database of one kind, the newest last.
std::vector<fs::path> database_files(const fs::path& dir, const std::string& extension) {
  std::vector<fs::path> found;
  for (const auto& file : fs::directory_iterator{dir / "db"})
    if (file.path().extension() == extension)
      found.push_back(file.path());
  std::ranges::sort(found);
  REQUIRE_FALSE(found.empty());
  return found;
}

/// The log that was written last.
fs::path log_of(const fs::path& dir) {
  return database_files(dir, ".log").back();
}

/// A directory after these many calls, one commit each; and how long its log was after each.
struct written {
  temp_dir dir;
  std::vector<std::uintmax_t> log_sizes;

  explicit written(std::uint64_t calls) {
    auto j = open(dir.path());
    REQUIRE(j);
    const auto log = log_of(dir.path());
    log_sizes.push_back(fs::file_size(log));
    for (std::uint64_t n = 1; n <= calls; ++n) {
      REQUIRE(append(**j, batch_of(new_call(pickup_0, n))));
      log_sizes.push_back(fs::file_size(log));
    }
  }
};

/// A copy to be damaged.
struct copy_of {
  temp_dir dir;

  explicit copy_of(const temp_dir& original) {
    fs::copy(original.path(), dir.path(), fs::copy_options::recursive);
  }
};

/// How many calls a directory still holds; it must open.
std::uint64_t calls_written_in(const fs::path& dir) {
  const auto j = open(dir);
  if (!j)
    FAIL(j.error().text);
  CHECK((*j)->view().live_calls(pickup_0).size() == (*j)->view().last_call(pickup_0));
  return (*j)->view().last_call(pickup_0);
}

/// How many calls who only reads finds there; every promise must hold.
std::uint64_t calls_read(const fs::path& dir) {
  const auto rows = read_rocksdb_rows(options_for(dir));
  if (!rows)
    FAIL(rows.error().text);
  const auto report = verify(**rows);
  REQUIRE(report);
  CHECK(report->violations == std::vector<std::string>{});
  return report->calls;
}

/// Everything in a directory: names, times of change, and what files hold.
std::map<std::string, std::pair<fs::file_time_type, std::string>>
footprint(const fs::path& dir) {
  std::map<std::string, std::pair<fs::file_time_type, std::string>> all{
      {".", {fs::last_write_time(dir), ""}}};
  for (const auto& file : fs::recursive_directory_iterator{dir})
    all[fs::relative(file.path(), dir).string()] = {
        file.last_write_time(), file.is_regular_file() ? read(file.path()) : ""};
  return all;
}

/// Makes it as format 1 had it: without the table of horizons.
void make_format_1(const fs::path& dir) {
  const rocksdb::DBOptions settings;
  const auto path = (dir / "db").string();
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies(settings, path, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto& n : names)
    families.emplace_back(n, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::Open(settings, path, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db{opened};
  for (auto* h : handles) {
    if (h->GetName() == name(table::horizons))
      REQUIRE(db->DropColumnFamily(h).ok());
    REQUIRE(db->DestroyColumnFamilyHandle(h).ok());
  }
  write(dir / "FORMAT", "pickupd data format 1\n");
}

} // namespace

// -- who may open it --

TEST_CASE("a new directory is made, with the number of its format") {
  const temp_dir parent;
  const auto dir = parent.path() / "a" / "b";
  REQUIRE(open(dir));
  CHECK(read(dir / "FORMAT") == "pickupd data format 2\n");
  CHECK(fs::exists(dir / "db" / "CURRENT"));
}

TEST_CASE("a directory in use is refused, and free again once closed") {
  const temp_dir dir;
  auto holder = open(dir.path());
  REQUIRE(holder);
  const auto second = open(dir.path());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::locked);
  CHECK(second.error().text
        == "open data directory: " + dir.path().string() + ": in use by another process");
  CHECK(append(**holder, batch_of(new_call(pickup_0, 1))));
  holder->reset();
  CHECK(calls_written_in(dir.path()) == 1);
}

TEST_CASE("a path that cannot be a directory is refused") {
  const temp_dir dir;
  write(dir.path() / "file", "");
  const auto opened = open(dir.path() / "file");
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::io);
}

// -- the format's number --

TEST_CASE("a directory of a newer format is refused and left as it is") {
  const written w{3};
  write(w.dir.path() / "FORMAT", "pickupd data format 3\n");
  refused(w.dir.path(), errc::newer_format,
          "written in format 3: this program knows formats up to 2");
}

TEST_CASE("a directory of format 1 is opened and is of format 2 from then on") {
  const written w{3};
  make_format_1(w.dir.path());
  CHECK(calls_written_in(w.dir.path()) == 3);
  CHECK(read(w.dir.path() / "FORMAT") == "pickupd data format 2\n");
  CHECK(calls_written_in(w.dir.path()) == 3);
}

TEST_CASE("an upgrade that was cut off is finished by the next start") {
  const written w{3};
  make_format_1(w.dir.path());
  write(w.dir.path() / "FORMAT", "pickupd data format 2\n"); // its first step
  CHECK(calls_written_in(w.dir.path()) == 3);
}

TEST_CASE("a damaged directory of format 1 is refused and stays of format 1") {
  const written w{3};
  make_format_1(w.dir.path());
  for (const auto& log : database_files(w.dir.path(), ".log"))
    fs::remove(log);
  refused(w.dir.path(), errc::corrupt, "its log is missing");
  CHECK(read(w.dir.path() / "FORMAT") == "pickupd data format 1\n");
}

TEST_CASE("a directory whose format cannot be read is refused and left as it is") {
  const written w{1};
  for (const auto* format :
       {"", "\n", "1\n", "pickupd data format \n", "pickupd data format x\n",
        "pickupd data format 1 or so\n", "PICKUPD DATA FORMAT 1\n"}) {
    INFO(format);
    write(w.dir.path() / "FORMAT", format);
    refused(w.dir.path(), errc::corrupt, "FORMAT: is not readable as a format");
  }
}

TEST_CASE("a database without a format is not taken for a new one") {
  const written w{3};
  fs::remove(w.dir.path() / "FORMAT");
  refused(w.dir.path(), errc::corrupt, "holds a database but no FORMAT file");
}

// -- files that are gone --

TEST_CASE("a database that lost its CURRENT file is not taken for a new one") {
  const written w{3};
  fs::remove(w.dir.path() / "db" / "CURRENT");
  refused(w.dir.path(), errc::corrupt, "CURRENT");
}

TEST_CASE("a database that lost all its files is not taken for a new one") {
  const written w{3};
  fs::remove_all(w.dir.path() / "db");
  fs::create_directory(w.dir.path() / "db");
  refused(w.dir.path(), errc::corrupt, "its log is missing");
}

TEST_CASE("a database that lost its log is refused") {
  const written w{3};
  for (const auto& log : database_files(w.dir.path(), ".log"))
    fs::remove(log);
  refused(w.dir.path(), errc::corrupt, "its log is missing");
}

TEST_CASE("a database that lost a table is refused") {
  const written w{3};
  REQUIRE(calls_written_in(w.dir.path()) == 3); // opening turns the log into tables
  const auto lost = database_files(w.dir.path(), ".sst").front();
  fs::remove(lost);
  refused(w.dir.path(), errc::corrupt, lost.stem().string());
}

TEST_CASE("a crash while the first database was made does no harm") {
  const temp_dir dir;
  write(dir.path() / "FORMAT", "pickupd data format 1\n");
  fs::create_directory(dir.path() / "db.new");
  write(dir.path() / "db.new" / "MANIFEST-000001", "half");
  CHECK(calls_written_in(dir.path()) == 0);
  CHECK_FALSE(fs::exists(dir.path() / "db.new"));
}

// -- reading --

TEST_CASE("who only reads sees what is only in the log, and changes nothing") {
  const written w{3};
  const auto& dir = w.dir.path();
  REQUIRE(calls_written_in(dir) == 3); // what was in the log is in tables now
  {
    auto j = open(dir);
    REQUIRE(j);
    REQUIRE(append(**j, batch_of(new_call(pickup_0, 4))));
  }
  const auto before = footprint(dir);
  CHECK(calls_read(dir) == 4);
  CHECK(footprint(dir) == before);
}

TEST_CASE("a directory of format 1 is read as it is") {
  const written w{3};
  make_format_1(w.dir.path());
  const auto before = footprint(w.dir.path());
  CHECK(calls_read(w.dir.path()) == 3);
  CHECK(footprint(w.dir.path()) == before);
  CHECK(read(w.dir.path() / "FORMAT") == "pickupd data format 1\n");
}

TEST_CASE("what nobody has served yet is read without a lock, and gets none") {
  const written w{3};
  fs::remove(w.dir.path() / "LOCK");
  const auto before = footprint(w.dir.path());
  CHECK(calls_read(w.dir.path()) == 3);
  CHECK(footprint(w.dir.path()) == before);
}

TEST_CASE("what is no database is not read, and none is made") {
  const written w{3};
  const auto& dir = w.dir.path();
  const auto not_read = [&](const std::string& why) {
    const auto before = footprint(dir);
    const auto opened = read_rocksdb_rows(options_for(dir));
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == errc::not_found);
    CHECK(opened.error().text
          == "open data directory: " + dir.string() + ": holds no database: " + why);
    CHECK(footprint(dir) == before);
  };
  fs::remove(dir / "db" / "CURRENT");
  not_read("db/CURRENT is missing");
  fs::remove_all(dir / "db");
  not_read("db/CURRENT is missing");
  fs::remove(dir / "FORMAT");
  not_read("FORMAT is missing");
}

TEST_CASE("a database that lost its log, or is of a newer format, is not read") {
  const written w{3};
  const auto refusal = [&] {
    const auto before = footprint(w.dir.path());
    const auto opened = read_rocksdb_rows(options_for(w.dir.path()));
    REQUIRE_FALSE(opened);
    CHECK(footprint(w.dir.path()) == before);
    return opened.error().code;
  };
  for (const auto& log : database_files(w.dir.path(), ".log"))
    fs::remove(log);
  CHECK(refusal() == errc::corrupt);
  write(w.dir.path() / "FORMAT", "pickupd data format 3\n");
  CHECK(refusal() == errc::newer_format);
}

TEST_CASE("who reads and who serves a directory keep each other out; readers do not") {
  const written w{3};
  {
    const auto served = open(w.dir.path());
    REQUIRE(served);
    const auto reading = read_rocksdb_rows(options_for(w.dir.path()));
    REQUIRE_FALSE(reading);
    CHECK(reading.error().code == errc::locked);
  }
  const auto reading = read_rocksdb_rows(options_for(w.dir.path()));
  REQUIRE(reading);
  CHECK(calls_read(w.dir.path()) == 3);
  const auto served = open(w.dir.path());
  REQUIRE_FALSE(served);
  CHECK(served.error().code == errc::locked);
}

// -- a torn end --

TEST_CASE("a last write cut short anywhere is lost, and nothing else") {
  const written w{3};
  const auto whole = w.log_sizes[3];
  for (auto size = w.log_sizes[2]; size < whole; size += 41) {
    INFO("log of " << size << " of " << whole << " bytes");
    const copy_of torn{w.dir};
    fs::resize_file(log_of(torn.dir.path()), size);
    REQUIRE(calls_written_in(torn.dir.path()) == 2);
  }
  CHECK(calls_written_in(w.dir.path()) == 3);
}

TEST_CASE("a torn group is lost as a whole") {
  const temp_dir dir;
  {
    auto j = open(dir.path());
    REQUIRE(j);
    REQUIRE(append(**j, batch_of(new_call(pickup_0, 1))));
    // What comes now shares one write.
    standstill pause{**j};
    for (std::uint64_t n = 2; n <= 200; ++n)
      submit(**j, batch_of(new_call(pickup_0, n)));
    pause.let_go();
    REQUIRE(barrier(**j));
    REQUIRE((*j)->stats().groups == 2);
  }
  const auto log = log_of(dir.path());
  // A group of more than one block of the log.
  REQUIRE(fs::file_size(log) > 40'000);
  fs::resize_file(log, fs::file_size(log) - 1);
  CHECK(calls_written_in(dir.path()) == 1);
}

TEST_CASE("work goes on after a torn write") {
  const written w{3};
  fs::resize_file(log_of(w.dir.path()), w.log_sizes[3] - 1);
  {
    auto j = open(w.dir.path());
    REQUIRE(j);
    CHECK(append(**j, batch_of(new_call(pickup_0, 3)))->n == seq_no{3});
  }
  CHECK(calls_written_in(w.dir.path()) == 3);
}

// -- damage --

TEST_CASE("damage anywhere before the last write is refused, never taken for a torn end") {
  const written w{3};
  const auto log = log_of(w.dir.path()).filename();
  const auto good = read(w.dir.path() / "db" / log);
  const copy_of victim{w.dir};
  const auto file = victim.dir.path() / "db" / log;
  const auto damaged_at = [&](std::size_t at, auto damage) {
    auto bad = good;
    damage(bad, at);
    if (bad == good)
      return;
    INFO("byte " << at);
    write(file, bad);
    refused(victim.dir.path(), errc::corrupt, "");
  };
  // Makes, among others, a record's type one that RocksDB takes for the end of the log.
  const auto flip = [](std::string& bytes, std::size_t at) { bytes[at] ^= 0x04; };
  const auto blank = [](std::string& bytes, std::size_t at) {
    bytes.replace(at, 40, 40, '\0');
  };
  // Each record begins with seven bytes of checksum, length and type; all of them matter.
  for (auto begin : {w.log_sizes[0], w.log_sizes[1]})
    for (std::size_t i = 0; i < 9; ++i) {
      damaged_at(begin + i, flip);
      damaged_at(begin + i, blank);
    }
  for (auto at = w.log_sizes[0]; at < w.log_sizes[2] - 40; at += 71) {
    damaged_at(at, flip);
    damaged_at(at, blank);
  }
  write(file, good);
  CHECK(calls_written_in(victim.dir.path()) == 3);
}

TEST_CASE("damage to a record that follows many blocks is refused") {
  const written w{200};
  const auto file = log_of(w.dir.path());
  auto bytes = read(file);
  REQUIRE(bytes.size() > 40'000);
  // The length of the last but one.
  bytes[w.log_sizes[198] + 5] = '\x7f';
  write(file, bytes);
  refused(w.dir.path(), errc::corrupt, "unreadable before the record at");
}

TEST_CASE("damage to a table is refused, or found by whoever reads it") {
  const written w{40};
  REQUIRE(calls_written_in(w.dir.path()) == 40); // opening turns the log into tables
  const auto files = database_files(w.dir.path(), ".sst");
  REQUIRE(files.size() == 2); // calls and journal
  for (const auto& file : files) {
    const auto good = read(file);
    for (std::size_t at = 0; at < good.size(); at += good.size() / 11) {
      INFO(file.filename().string() << ", byte " << at << " of " << good.size());
      auto bad = good;
      bad[at] ^= 0x04;
      const copy_of victim{w.dir};
      const auto damaged = victim.dir.path() / "db" / file.filename();
      write(damaged, bad);
      const auto opened = open(victim.dir.path());
      // Bytes that nothing needs may be damaged; then everything reads as it was.
      if (opened)
        for (std::uint64_t n = 1; n <= 40; ++n) {
          REQUIRE((*opened)->view().find(call_id{pickup_0, n}));
          REQUIRE((*opened)->view().history(call_id{pickup_0, n}));
        }
      else
        REQUIRE(opened.error().code == errc::corrupt);
      CHECK(read(damaged) == bad);
    }
  }
}

TEST_CASE("a journal with a hole is refused") {
  const temp_dir dir;
  const auto o = options_for(dir.path());
  {
    auto j = open_journal(o);
    REQUIRE(j);
    REQUIRE(append(**j, batch_of(new_call(pickup_0, 1))));
  }
  {
    auto rows = open_rocksdb_rows(o);
    REQUIRE(rows);
    const entry e{pickup_0, seq_no{3}, noon, "", courier_entry{new_courier(pickup_0, 1)}};
    REQUIRE((*rows)->write({{table::journal, entry_key(pickup_0, e.n), encode(e)}},
                           durability::synced));
  }
  const auto opened = open(dir.path());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::corrupt);
  CHECK(opened.error().text == "read journal: entry 3: follows entry 1");
}

TEST_CASE("a row of a newer format is refused when the database is opened") {
  const temp_dir dir;
  const auto o = options_for(dir.path());
  {
    auto rows = open_rocksdb_rows(o);
    REQUIRE(rows);
    auto bytes = encode(new_courier(pickup_0, 1));
    bytes[0] = 2;
    REQUIRE((*rows)->write({{table::couriers, courier_key(courier_id{1}), bytes}},
                           durability::synced));
  }
  const auto opened = open(dir.path());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::newer_format);
}

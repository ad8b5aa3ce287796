#include "storage/rocksdb_rows.hpp"

#include "storage/data_dir.hpp"
#include "storage/log_check.hpp"
#include "storage/rocksdb_log.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/utilities/table_properties_collectors.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <filesystem>
#include <thread>
#include <utility>

namespace pickup::storage {

namespace {

namespace fs = std::filesystem;
using domain::errc;
using domain::error;

error failed(std::string action, const rocksdb::Status& why) {
  const auto code = why.IsCorruption() || why.IsNotSupported() || why.IsInvalidArgument()
                        ? errc::corrupt
                        : errc::io;
  return {code, std::move(action) + ": " + why.ToString(), {}};
}

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}

std::string_view view(const rocksdb::Slice& s) {
  return {s.data(), s.size()};
}

/// RocksDB would go on by itself once there is room, writing behind what it wrote by halves.
/// Who opened the database decides instead, and opens it again.
class no_recovery final : public rocksdb::EventListener {
public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* by_itself) override {
    *by_itself = false;
  }
};

rocksdb::DBOptions database_options(const options& from, rocksdb::Env* files) {
  rocksdb::DBOptions o;
  if (files != nullptr)
    o.env = files;
  // A record cut short by a crash at the end of the log is dropped: it was never acknowledged.
  // Damage anywhere else refuses to open, for it may hide what was acknowledged.
  o.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  o.paranoid_checks = true;
  o.max_bgerror_resume_count = 0;
  o.listeners.push_back(std::make_shared<no_recovery>());
  o.max_background_jobs = 2;
  o.max_open_files = 512; // the rest of the process's are for connections
  // A log goes when all that is in it has gone to tables; a table that gets a row now and then
  // would keep every log since its last one.
  o.max_total_wal_size = 4 * (std::uint64_t{from.write_buffer_mb} << 20);
  // New tables go to the disk as they are written, so that the log's syncs do not wait behind
  // them.
  o.bytes_per_sync = 1 << 20;
  return o;
}

rocksdb::ColumnFamilyOptions table_options(const options& o) {
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = rocksdb::NewLRUCache(std::size_t{o.block_cache_mb} << 20);
  blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions c;
  // The youngest levels are rewritten soon: compressing them costs more than it saves.
  c.compression_per_level = {rocksdb::kNoCompression,  rocksdb::kNoCompression,
                             rocksdb::kLZ4Compression, rocksdb::kLZ4Compression,
                             rocksdb::kLZ4Compression, rocksdb::kLZ4Compression,
                             rocksdb::kLZ4Compression};
  c.write_buffer_size = std::size_t{o.write_buffer_mb} << 20;
  // Where a quarter of the rows say that others are gone, both go soon and give their space
  // back.
  c.table_properties_collector_factories.push_back(
      rocksdb::NewCompactOnDeletionCollectorFactory(4096, 1024));
  c.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return c;
}

/// An open RocksDB and the handles of its column families; closes it when destroyed.
class database {
public:
  /// @param handles the default family, which RocksDB insists on and which stays empty, and
  /// those of tables
  database(std::unique_ptr<rocksdb::DB> db, std::vector<rocksdb::ColumnFamilyHandle*> handles)
      : db_(std::move(db)), handles_(std::move(handles)) {
    for (auto t : tables)
      for (auto* h : handles_)
        if (h->GetName() == name(t))
          by_table_[static_cast<std::size_t>(t)] = h;
  }
  database(database&&) noexcept = default;
  database& operator=(database&&) = delete;

  ~database() {
    if (!db_)
      return;
    for (auto* h : handles_)
      db_->DestroyColumnFamilyHandle(h);
    db_->Close();
  }

  rocksdb::DB* operator->() const { return db_.get(); }
  rocksdb::DB* get() const { return db_.get(); }

  /// Null when the database is read and of a format that had not this table.
  rocksdb::ColumnFamilyHandle* handle(table t) const {
    return by_table_[static_cast<std::size_t>(t)];
  }

private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  std::array<rocksdb::ColumnFamilyHandle*, tables.size()> by_table_{};
};

domain::result<database> open_database(rocksdb::DBOptions settings, const fs::path& path,
                                       const options& o) {
  settings.info_log = std::make_shared<rocksdb_log>(path);
  const auto family = table_options(o); // one, so that all share a block cache
  std::vector<rocksdb::ColumnFamilyDescriptor> families{
      {rocksdb::kDefaultColumnFamilyName, family}};
  for (auto t : tables)
    families.emplace_back(std::string{name(t)}, family);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  if (const auto s = rocksdb::DB::Open(settings, path.string(), families, &handles, &db);
      !s.ok())
    return failed("open database: " + path.string(), s);
  return database{std::unique_ptr<rocksdb::DB>{db}, std::move(handles)};
}

domain::result<database> open_database_to_read(rocksdb::DBOptions settings,
                                               const fs::path& path, const options& o) {
  // RocksDB's diary would be a file made, or begun anew.
  class silent final : public rocksdb::Logger {
    void Logv(const char*, std::va_list) override {}
  };
  settings.info_log = std::make_shared<silent>();
  std::vector<std::string> there;
  auto s = rocksdb::DB::ListColumnFamilies(settings, path.string(), &there);
  const auto family = table_options(o);
  std::vector<rocksdb::ColumnFamilyDescriptor> families{
      {rocksdb::kDefaultColumnFamilyName, family}};
  for (auto t : tables)
    if (std::ranges::count(there, name(t)) > 0)
      families.emplace_back(std::string{name(t)}, family);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  if (s.ok())
    s = rocksdb::DB::OpenForReadOnly(settings, path.string(), families, &handles, &db);
  if (!s.ok())
    return failed("open database: " + path.string(), s);
  return database{std::unique_ptr<rocksdb::DB>{db}, std::move(handles)};
}

// Makes an empty database beside its place and moves it there whole: one half made by a crash
// would look like one that lost its files, and be refused ever after.
domain::status_result make_database(const data_dir& dir, const options& o,
                                    rocksdb::Env* files) {
  const auto draft = fs::path{dir.database()}.concat(".new");
  std::error_code problem;
  fs::remove_all(draft, problem);
  if (problem)
    return error{errc::io, "remove: " + draft.string() + ": " + problem.message(), {}};
  auto settings = database_options(o, files);
  settings.create_if_missing = true;
  settings.create_missing_column_families = true;
  // Closed again at once.
  if (auto made = open_database(settings, draft, o); !made)
    return made.error();
  return move_into_place(draft, dir.database());
}

class rocksdb_rows final : public rows {
public:
  rocksdb_rows(data_dir dir, database db, options o, rocksdb::Env* files)
      : dir_(std::move(dir)), db_(std::move(db)), options_(std::move(o)), files_(files) {}

  domain::status_result write(const std::vector<row>& changes, durability how) override {
    rocksdb::WriteBatch all;
    for (const auto& r : changes)
      if (r.value)
        all.Put(db_.handle(r.in), slice(r.key), slice(*r.value));
      else
        all.Delete(db_.handle(r.in), slice(r.key));
    rocksdb::WriteOptions o;
    o.sync = how == durability::synced;
    if (o.sync && options_.fault_commit_delay.count() > 0)
      std::this_thread::sleep_for(options_.fault_commit_delay);
    if (const auto s = db_->Write(o, &all); !s.ok())
      return failed("write", s);
    return domain::done{};
  }

  domain::result<std::optional<std::string>> get(table in,
                                                 std::string_view key) const override {
    if (db_.handle(in) == nullptr)
      return std::optional<std::string>{};
    std::string value;
    const auto s = db_->Get({}, db_.handle(in), slice(key), &value);
    if (s.IsNotFound())
      return std::optional<std::string>{};
    if (!s.ok())
      return failed("read " + std::string{name(in)}, s);
    return std::optional{std::move(value)};
  }

  domain::status_result
  scan(table in, std::string_view prefix, std::string_view from,
       const std::function<domain::result<bool>(std::string_view, std::string_view)>& visit)
      const override {
    if (db_.handle(in) == nullptr)
      return domain::done{};
    const std::unique_ptr<rocksdb::Iterator> i{db_->NewIterator({}, db_.handle(in))};
    for (i->Seek(slice(std::max(prefix, from))); i->Valid(); i->Next()) {
      if (!view(i->key()).starts_with(prefix))
        break;
      auto more = visit(view(i->key()), view(i->value()));
      if (!more)
        return more.error();
      if (!*more)
        break;
    }
    if (!i->status().ok())
      return failed("scan " + std::string{name(in)}, i->status());
    return domain::done{};
  }

  domain::status_result copy_to(const fs::path& directory) const override {
    rocksdb::Checkpoint* made = nullptr;
    auto s = rocksdb::Checkpoint::Create(db_.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint{made};
    if (s.ok())
      s = checkpoint->CreateCheckpoint(directory.string());
    if (!s.ok())
      return failed("copy database: " + directory.string(), s);
    // Opened once, it is known to be good. And it gets a log of its own: a copy that needs none
    // has none, and would look like one that lost it.
    if (auto opened = open_database(database_options(options_, files_), directory, options_);
        !opened)
      return opened.error();
    return domain::done{};
  }

private:
  data_dir dir_;
  database db_;
  const options options_;
  rocksdb::Env* files_;
};

} // namespace

domain::result<std::unique_ptr<rows>> open_rocksdb_rows(const options& o, rocksdb::Env* files) {
  auto dir = data_dir::open(o.data_dir);
  if (!dir)
    return dir.error();
  if (!fs::exists(dir->database()))
    if (auto made = make_database(*dir, o, files); !made)
      return made.error();
  if (auto checked = check_logs(dir->database()); !checked)
    return checked.error();
  // Before anything of the new format is written: an older program must not read on.
  if (auto upgraded = dir->upgrade(); !upgraded)
    return upgraded.error();
  auto settings = database_options(o, files);
  settings.create_missing_column_families = true; // those that an older format had not
  auto opened = open_database(settings, dir->database(), o);
  if (!opened)
    return opened.error();
  return std::unique_ptr<rows>{
      std::make_unique<rocksdb_rows>(std::move(*dir), std::move(*opened), o, files)};
}

domain::result<std::unique_ptr<const rows>> read_rocksdb_rows(const options& o) {
  auto dir = data_dir::open_to_read(o.data_dir);
  if (!dir)
    return dir.error();
  if (auto checked = check_logs(dir->database()); !checked)
    return checked.error();
  auto opened = open_database_to_read(database_options(o, nullptr), dir->database(), o);
  if (!opened)
    return opened.error();
  return std::unique_ptr<const rows>{
      std::make_unique<rocksdb_rows>(std::move(*dir), std::move(*opened), o, nullptr)};
}

} // namespace pickup::storage

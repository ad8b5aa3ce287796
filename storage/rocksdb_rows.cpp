#include "storage/rocksdb_rows.hpp"

#include "storage/data_dir.hpp"
#include "storage/log_check.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
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

rocksdb::DBOptions database_options() {
  rocksdb::DBOptions o;
  // A record cut short by a crash at the end of the log is dropped: it was never acknowledged.
  // Damage anywhere else refuses to open, for it may hide what was acknowledged.
  o.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  o.paranoid_checks = true;
  o.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  o.keep_log_file_num = 5;
  o.max_background_jobs = 2;
  o.max_open_files = 512; // the rest of the process's are for connections
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
  c.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return c;
}

/// An open RocksDB and the handles of its column families; closes it when destroyed.
class database {
public:
  database(std::unique_ptr<rocksdb::DB> db, std::vector<rocksdb::ColumnFamilyHandle*> handles)
      : db_(std::move(db)), handles_(std::move(handles)) {}
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

  rocksdb::ColumnFamilyHandle* handle(table t) const {
    // The default family, which RocksDB insists on, comes first and stays empty.
    return handles_[static_cast<std::size_t>(t) + 1];
  }

private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

domain::result<database> open_database(const rocksdb::DBOptions& settings, const fs::path& path,
                                       const options& o) {
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

// Makes an empty database beside its place and moves it there whole: one half made by a crash
// would look like one that lost its files, and be refused ever after.
domain::status_result make_database(const data_dir& dir, const options& o) {
  const auto draft = fs::path{dir.database()}.concat(".new");
  std::error_code problem;
  fs::remove_all(draft, problem);
  if (problem)
    return error{errc::io, "remove: " + draft.string() + ": " + problem.message(), {}};
  auto settings = database_options();
  settings.create_if_missing = true;
  settings.create_missing_column_families = true;
  // Closed again at once.
  if (auto made = open_database(settings, draft, o); !made)
    return made.error();
  return move_into_place(draft, dir.database());
}

class rocksdb_rows final : public rows {
public:
  rocksdb_rows(data_dir dir, database db, domain::duration fault_delay)
      : dir_(std::move(dir)), db_(std::move(db)), fault_delay_(fault_delay) {}

  domain::status_result write(const std::vector<row>& put, durability how) override {
    rocksdb::WriteBatch all;
    for (const auto& r : put)
      if (r.value)
        all.Put(db_.handle(r.in), slice(r.key), slice(*r.value));
      else
        all.Delete(db_.handle(r.in), slice(r.key));
    rocksdb::WriteOptions o;
    o.sync = how == durability::synced;
    if (o.sync && fault_delay_.count() > 0)
      std::this_thread::sleep_for(fault_delay_);
    if (const auto s = db_->Write(o, &all); !s.ok())
      return failed("write", s);
    return domain::done{};
  }

  domain::result<std::optional<std::string>> get(table in,
                                                 std::string_view key) const override {
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

private:
  data_dir dir_;
  database db_;
  const domain::duration fault_delay_;
};

} // namespace

domain::result<std::unique_ptr<rows>> open_rocksdb_rows(const options& o) {
  auto dir = data_dir::open(o.data_dir);
  if (!dir)
    return dir.error();
  if (!fs::exists(dir->database()))
    if (auto made = make_database(*dir, o); !made)
      return made.error();
  if (auto checked = check_logs(dir->database()); !checked)
    return checked.error();
  // A directory that an earlier program made may lack a newer table.
  auto settings = database_options();
  settings.create_missing_column_families = true;
  auto opened = open_database(settings, dir->database(), o);
  if (!opened)
    return opened.error();
  return std::unique_ptr<rows>{std::make_unique<rocksdb_rows>(
      std::move(*dir), std::move(*opened), o.fault_commit_delay)};
}

} // namespace pickup::storage

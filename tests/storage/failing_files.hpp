// Files that fail when told to, under a real RocksDB. Thread-safe. Outlives the database.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

namespace pickup::testing {

/// When what fails: from the n-th write, sync or new file on, all of them until told otherwise.
class disk_fault {
public:
  using status = rocksdb::IOStatus (*)();

  /// @param first 1: the next one
  void strike(std::int64_t first, status with) {
    with_ = with;
    left_ = first - 1;
  }
  void end() { left_ = never; }
  /// Whether anything has failed by now.
  bool struck() const { return left_ < 0; }

  rocksdb::IOStatus next() {
    return left_.fetch_sub(1) > 0 ? rocksdb::IOStatus::OK() : with_.load()();
  }

private:
  static constexpr auto never = std::numeric_limits<std::int64_t>::max();

  std::atomic<std::int64_t> left_ = never;
  std::atomic<status> with_ = nullptr;
};

class failing_file final : public rocksdb::FSWritableFileOwnerWrapper {
public:
  failing_file(std::unique_ptr<rocksdb::FSWritableFile> file, disk_fault& fault)
      : FSWritableFileOwnerWrapper(std::move(file)), fault_(fault) {}

  // Like a full disk, it takes a part of what it refuses.
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& o,
                           rocksdb::IODebugContext* d) override {
    auto s = fault_.next();
    if (!s.ok()) {
      FSWritableFileOwnerWrapper::Append({data.data(), data.size() / 2}, o, d)
          .PermitUncheckedError();
      return s;
    }
    return FSWritableFileOwnerWrapper::Append(data, o, d);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& o,
                           const rocksdb::DataVerificationInfo&,
                           rocksdb::IODebugContext* d) override {
    return Append(data, o, d);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& o, rocksdb::IODebugContext* d) override {
    auto s = fault_.next();
    return s.ok() ? FSWritableFileOwnerWrapper::Sync(o, d) : s;
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& o, rocksdb::IODebugContext* d) override {
    auto s = fault_.next();
    return s.ok() ? FSWritableFileOwnerWrapper::Fsync(o, d) : s;
  }

private:
  disk_fault& fault_;
};

class failing_files final : public rocksdb::FileSystemWrapper {
public:
  explicit failing_files(disk_fault& fault)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), fault_(fault) {}

  const char* Name() const override { return "failing_files"; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& o,
                                    std::unique_ptr<rocksdb::FSWritableFile>* made,
                                    rocksdb::IODebugContext* d) override {
    if (auto s = fault_.next(); !s.ok())
      return s;
    std::unique_ptr<rocksdb::FSWritableFile> file;
    auto s = FileSystemWrapper::NewWritableFile(name, o, &file, d);
    if (s.ok())
      *made = std::make_unique<failing_file>(std::move(file), fault_);
    return s;
  }

private:
  disk_fault& fault_;
};

} // namespace pickup::testing

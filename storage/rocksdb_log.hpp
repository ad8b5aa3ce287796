// What RocksDB tells of itself, in the file LOG beside its tables. Its own log ends the process
// when the disk is full (an assertion in Debian's build); to this one a line lost is a line
// lost. Thread-safe.
#pragma once

#include <rocksdb/env.h>

#include <cstdarg>
#include <filesystem>

namespace pickup::storage {

class rocksdb_log final : public rocksdb::Logger {
public:
  /// Begins a new file in `dir`; the last one becomes LOG.old. Without the directory, or
  /// without room, nothing is written.
  explicit rocksdb_log(const std::filesystem::path& dir);
  rocksdb_log(const rocksdb_log&) = delete;
  rocksdb_log& operator=(const rocksdb_log&) = delete;
  ~rocksdb_log() override;

  using rocksdb::Logger::Logv;
  void Logv(const char* format, std::va_list arguments) override;

private:
  int file_;
};

} // namespace pickup::storage

// Rows in RocksDB, one column family a table. Thread-safe. Owns the database; closes it when
// destroyed.
#pragma once

#include "domain/result.hpp"
#include "storage/options.hpp"
#include "storage/rows.hpp"

#include <memory>

namespace rocksdb {
class Env;
}

namespace pickup::storage {

/// Opens the database in the data directory, making it when there is none. Nothing is
/// overwritten when this fails. Errors: locked (another process has it), newer_format, corrupt,
/// io.
/// @param files what RocksDB reads and writes through, and outlives the rows; null: the
/// machine's own. For tests that let a disk fail.
domain::result<std::unique_ptr<rows>> open_rocksdb_rows(const options& o,
                                                        rocksdb::Env* files = nullptr);

/// Opens the database in the data directory to be read only, and changes nothing there: no
/// upgrade, no file made, none rewritten. What is only in the log is seen, too; a table that an
/// older format had not is empty. Other readers may have it open at the same time. Errors:
/// not_found (there is none), locked (a server has it), newer_format, corrupt, io.
domain::result<std::unique_ptr<const rows>> read_rocksdb_rows(const options& o);

} // namespace pickup::storage

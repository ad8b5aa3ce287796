// The journal on RocksDB: a thread of its own gathers what many callers append into groups and
// syncs each group once. Thread-safe. Closing it (the destructor) first carries out what was
// submitted.
#pragma once

#include "domain/result.hpp"
#include "storage/journal.hpp"
#include "storage/options.hpp"

#include <memory>

namespace rocksdb {
class Env;
}

namespace pickup::storage {

/// Opens the journal under `o.data_dir`, making it when there is none. Nothing is overwritten
/// when this fails. Errors: locked (another process has it), newer_format, corrupt, io.
/// @param files see open_rocksdb_rows()
domain::result<std::unique_ptr<journal>> open_journal(const options& o,
                                                      rocksdb::Env* files = nullptr);

} // namespace pickup::storage

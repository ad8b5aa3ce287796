// What can be set about storage. Plain values, checked by validate(); see config/pickupd.toml
// for the cost of too high and too low.
#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <string>

namespace pickup::storage {

struct options {
  std::string data_dir = "data";          ///< the directory of the database; made when missing
  std::uint32_t max_group = 512;          ///< commits that may share one synced write
  std::uint32_t queue = 8192;             ///< commits that may wait; more are refused
  std::uint32_t write_buffer_mb = 64;     ///< RocksDB's memtable
  std::uint32_t block_cache_mb = 256;     ///< RocksDB's cache of blocks read
  domain::duration retry{1000};           ///< between tries of a disk that failed
  std::uint32_t min_free_mb = 256;        ///< less free space: no new call, no backup
  domain::duration fault_commit_delay{0}; ///< for tests: every synced write takes longer
};

/// The first value that cannot work, by its name in the configuration file.
domain::status_result validate(const options& o);

} // namespace pickup::storage

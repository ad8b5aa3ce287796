// Looks over RocksDB's write-ahead logs before RocksDB reads them. Pure but for reading.
#pragma once

#include "domain/result.hpp"

#include <filesystem>

namespace pickup::storage {

/// RocksDB drops what it cannot read at the end of a log, as the write that a crash cut short:
/// it was never acknowledged. But damage further up can look like such an end (a changed
/// length, a changed type, a stretch of zeros), and what RocksDB would then drop was
/// acknowledged. This tells them apart: behind a write cut short no whole record follows. A
/// database without any log has lost it. Errors: corrupt, io.
domain::status_result check_logs(const std::filesystem::path& database);

} // namespace pickup::storage

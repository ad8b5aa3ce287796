// Whether the disk under a data directory takes writes, and how much room it has. Thread-safe.
#pragma once

#include "domain/result.hpp"

#include <cstdint>
#include <filesystem>

namespace pickup::storage {

/// Writes and syncs a file in a data directory, of which nothing stays, as large as what
/// opening the database there may write: its logs again, as tables, and 16 MiB. Takes as long
/// as the disk does. Errors: io, with the reason.
domain::status_result try_disk(const std::filesystem::path& data_dir);

/// Free bytes for this user. Errors: io.
domain::result<std::uint64_t> free_bytes(const std::filesystem::path& dir);

} // namespace pickup::storage

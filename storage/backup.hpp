// Copies of a data directory: made while its server runs, put back where there is none.
// Thread-safe for different directories. What a copy is: docs/disk-format.md.
#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "storage/journal.hpp"

#include <filesystem>

namespace pickup::storage {

/// Makes a data directory of what is durable now, under `data_dir`/backups, named after `now`,
/// whole or not at all. It shares unchanged files with the running database, so it takes no
/// room of its own at first. What crashes left there unfinished goes. Errors: io; unavailable
/// (the journal is in memory only).
domain::result<std::filesystem::path>
back_up(const journal& of, const std::filesystem::path& data_dir, domain::timestamp now);

/// Copies a backup to where a data directory is to be: a path that does not exist, or an empty
/// directory. All is on the disk when this returns; what a crash cuts off is refused at a
/// start. It goes on as the server it was made of, which must not run again beside it. Errors:
/// invalid_argument (no backup; not empty), locked (the backup is being served), io.
domain::status_result restore(const std::filesystem::path& backup,
                              const std::filesystem::path& data_dir);

} // namespace pickup::storage

// Copies of a data directory: made while its server runs, put back where there is none.
// Thread-safe functions.
#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "storage/journal.hpp"

#include <filesystem>

namespace pickup::storage {

/// Makes a data directory of what is durable now, under `data_dir`/backups, named after `now`,
/// whole or not at all. It shares unchanged files with the running database, so it takes no
/// room of its own at first. Errors: io; unavailable (the journal takes nothing more).
domain::result<std::filesystem::path>
back_up(const journal& of, const std::filesystem::path& data_dir, domain::timestamp now);

/// Copies a backup to where a data directory is to be: a path that does not exist, or an empty
/// directory. All is on the disk when this returns. It goes on as the server it was made of,
/// which must not run again beside it. Errors: invalid_argument (no backup; not empty); io.
domain::status_result restore(const std::filesystem::path& backup,
                              const std::filesystem::path& data_dir);

} // namespace pickup::storage

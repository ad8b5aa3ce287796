// A database that no server has open. Thread-safe as its rows are. Owned by the command that
// reads it.
#pragma once

#include "domain/result.hpp"
#include "storage/rows.hpp"

#include <memory>
#include <string>

namespace pickup::ctl {

/// Opens the database of a data directory, or of a backup, to be read: nothing in it is made or
/// changed. Errors: not_found, locked, corrupt, newer_format, io.
domain::result<std::unique_ptr<const storage::rows>> open_database(const std::string& data_dir);

} // namespace pickup::ctl

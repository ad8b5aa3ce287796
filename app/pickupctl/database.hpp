// A database that no server has open. Thread-safe as its rows are. Owned by the command that
// reads it.
#pragma once

#include "domain/result.hpp"
#include "storage/rows.hpp"

#include <memory>
#include <string>

namespace pickup::ctl {

/// Opens the database of a data directory; never makes one. Errors: not_found, locked, corrupt,
/// newer_format, io.
domain::result<std::unique_ptr<storage::rows>> open_database(const std::string& data_dir);

} // namespace pickup::ctl

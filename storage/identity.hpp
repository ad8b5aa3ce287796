// The name of a data directory, unlike that of any other. Not thread-safe; read once at start
// by whoever has the directory open.
#pragma once

#include "domain/result.hpp"

#include <filesystem>
#include <string>

namespace pickup::storage {

/// 16 hexadecimal digits, from the directory's file ID, which is made at random when missing. A
/// copy of the directory has the same name. Errors: io, corrupt.
domain::result<std::string> identity_of(const std::filesystem::path& directory);

/// The secret that operators show when the configuration names none: made at random at the
/// first use, readable by its user alone. Errors: io; corrupt when the file holds anything
/// else.
domain::result<std::string> operator_token_of(const std::filesystem::path& directory);

} // namespace pickup::storage

// Whole small files as text. Thread-safe: keeps nothing.
#pragma once

#include "domain/result.hpp"

#include <filesystem>
#include <string>

namespace pickup::config {

/// The bytes of a file. Errors: io, naming the file and the system's reason.
domain::result<std::string> read_text_file(const std::filesystem::path& file);

} // namespace pickup::config

#include "config/text_file.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace pickup::config {

domain::result<std::string> read_text_file(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream text;
  // Looks first: a directory opens like a file and fails only here, and copying nothing from an
  // empty file would count as a failure.
  if (in.peek() != std::ifstream::traits_type::eof())
    text << in.rdbuf();
  if (!in.is_open() || in.bad())
    return domain::error{domain::errc::io,
                         "read " + file.string() + ": "
                             + std::generic_category().message(errno),
                         {}};
  return std::move(text).str();
}

} // namespace pickup::config

// The console's page, as it was built: files read once, served to anybody who reaches the
// operators' port. They hold no data; what the page asks for wants the token. Thread-safe: it
// never changes. Owned by the operators' API.
#pragma once

#include "domain/result.hpp"
#include "http/message.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace pickup::http {

class console_files {
public:
  /// No files: the page then says how to get them.
  console_files() = default;
  /// Reads a directory with an index.html. Errors: io (it cannot be read, or is far larger than
  /// a console).
  static domain::result<console_files> read(const std::filesystem::path& directory);

  /// @param path below /console/, decoded; empty for the page itself
  response answer(const request& r, std::string_view path) const;

private:
  struct file {
    std::string_view type;
    std::string bytes;
    std::string tag; ///< changes with the bytes
  };

  std::map<std::string, file, std::less<>> files_;
};

} // namespace pickup::http

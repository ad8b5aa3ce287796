// A directory of a test's own. Not thread-safe; removed with all that is in it when destroyed.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace pickup::testing {

class temp_dir {
public:
  temp_dir() {
    auto pattern = (parent() / "pickup-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::system_error{errno, std::generic_category(), "make " + pattern};
    path_ = pattern;
  }
  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;
  ~temp_dir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

private:
  /// Memory where the system offers it as files: tests are about bytes, not about the disk,
  /// whose syncs would take most of their time.
  static std::filesystem::path parent() {
    const std::filesystem::path in_memory{"/dev/shm"};
    return std::getenv("TMPDIR") == nullptr && ::access(in_memory.c_str(), W_OK) == 0
               ? in_memory
               : std::filesystem::temp_directory_path();
  }

  std::filesystem::path path_;
};

} // namespace pickup::testing

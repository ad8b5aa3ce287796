// The data directory: its lock and the number of its format. Not thread-safe; owned by an open
// database.
#pragma once

#include "domain/result.hpp"

#include <filesystem>
#include <string>

namespace pickup::storage {

/// On disk: the format of a whole data directory, in its file FORMAT.
inline constexpr int directory_format = 2;

/// Holds the lock of a data directory until destroyed.
class data_dir {
public:
  /// Makes the directory when missing, locks it, and checks its format (or writes it, in a new
  /// directory). Errors: locked, newer_format, corrupt (a database without a format), io.
  static domain::result<data_dir> open(const std::string& path);

  /// Takes the lock beside others who only read, where there is one, and checks the format.
  /// Writes nothing: what nobody has served yet, such as a copy, has no lock and gets none.
  /// Errors: not_found (no data directory, or one that lost its database), locked,
  /// newer_format, corrupt, io.
  static domain::result<data_dir> open_to_read(const std::string& path);

  data_dir(data_dir&& other) noexcept;
  data_dir& operator=(data_dir&& other) noexcept;
  ~data_dir();

  /// From now on the directory is of this program's format; older programs refuse it. Errors:
  /// io.
  domain::status_result upgrade();

  std::filesystem::path database() const { return path_ / "db"; }

private:
  data_dir(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  domain::status_result read_format();

  std::filesystem::path path_;
  int lock_ = -1;
  int format_ = directory_format;
};

/// Whether some process holds the lock of the directory. Writes nothing there.
bool is_in_use(const std::filesystem::path& directory);

/// Renames a finished file or directory to where it belongs, so that it is there whole or not
/// at all, also after a crash. Errors: io.
domain::status_result move_into_place(const std::filesystem::path& draft,
                                      const std::filesystem::path& place);

} // namespace pickup::storage

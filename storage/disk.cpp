#include "storage/disk.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::storage {

namespace {

namespace fs = std::filesystem;
using domain::errc;
using domain::error;

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t trial_bytes = 16 * mebibyte;

error failed(std::string_view action, const fs::path& what, const std::string& why) {
  return {errc::io, std::string{action} + ": " + what.string() + ": " + why, {}};
}

// What RocksDB reads at its start, and writes again as tables.
std::uint64_t size_of_logs(const fs::path& database) {
  std::uint64_t sum = 0;
  std::error_code gone;
  for (auto file = fs::directory_iterator{database, gone};
       !gone && file != fs::directory_iterator{}; file.increment(gone))
    if (file->path().extension() == ".log") {
      std::error_code vanished;
      if (const auto size = file->file_size(vanished); !vanished)
        sum += size;
    }
  return sum;
}

// 0, or errno's number.
int write_and_sync(int fd) {
  const std::vector<char> block(mebibyte, 'x');
  for (std::uint64_t left = trial_bytes; left > 0;) {
    const auto n = ::write(fd, block.data(), std::min<std::uint64_t>(left, block.size()));
    if (n < 0 && errno != EINTR)
      return errno;
    left -= n > 0 ? static_cast<std::uint64_t>(n) : 0;
  }
  return ::fsync(fd) == 0 ? 0 : errno;
}

} // namespace

domain::status_result try_disk(const fs::path& data_dir) {
  const auto room = free_bytes(data_dir);
  if (!room)
    return room.error();
  if (const auto needed = trial_bytes + size_of_logs(data_dir / "db"); *room < needed)
    return failed("try disk", data_dir,
                  std::to_string(*room / mebibyte) + " MiB free, opening the database may take "
                      + std::to_string(needed / mebibyte));
  const auto file = data_dir / "TRIAL";
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  int why = fd < 0 ? errno : 0;
  if (fd >= 0) {
    ::unlink(file.c_str()); // at once: a crash leaves nothing behind
    why = write_and_sync(fd);
    ::close(fd);
  }
  if (why != 0)
    return failed("try disk", file, std::strerror(why));
  return domain::done{};
}

domain::result<std::uint64_t> free_bytes(const fs::path& dir) {
  struct statvfs about {};
  if (::statvfs(dir.c_str(), &about) != 0)
    return failed("ask for free space", dir, std::strerror(errno));
  return std::uint64_t{about.f_bavail} * about.f_frsize;
}

} // namespace pickup::storage

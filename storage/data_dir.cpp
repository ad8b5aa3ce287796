#include "storage/data_dir.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

namespace pickup::storage {

namespace {

namespace fs = std::filesystem;
using domain::errc;
using domain::error;

error refuse(errc code, const fs::path& path, const std::string& why) {
  return {code, "open data directory: " + path.string() + ": " + why, {}};
}

// The first line of FORMAT reads "pickupd data format N".
constexpr std::string_view format_words = "pickupd data format ";

domain::result<std::optional<int>> format_in(const fs::path& file) {
  std::ifstream in{file};
  if (!in)
    return refuse(errc::io, file, std::strerror(errno));
  std::string line;
  if (!std::getline(in, line) || !line.starts_with(format_words))
    return std::optional<int>{};
  int number = 0;
  const auto* end = line.data() + line.size();
  const auto read = std::from_chars(line.data() + format_words.size(), end, number);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{number}
                                                   : std::optional<int>{};
}

// Written whole or not at all.
domain::status_result write_format(const fs::path& file) {
  const auto draft = fs::path{file}.concat(".new");
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const auto line = std::string{format_words} + std::to_string(directory_format) + "\n";
  const bool written =
      fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size())
      && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0)
    ::close(fd);
  if (!written)
    return refuse(errc::io, draft, std::strerror(why));
  return move_into_place(draft, file);
}

} // namespace

domain::status_result move_into_place(const fs::path& draft, const fs::path& place) {
  std::error_code failed;
  fs::rename(draft, place, failed);
  if (failed)
    return refuse(errc::io, place, failed.message());
  const int dir = ::open(place.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = dir >= 0 && ::fsync(dir) == 0;
  const int why = errno;
  if (dir >= 0)
    ::close(dir);
  if (!synced)
    return refuse(errc::io, place.parent_path(), std::strerror(why));
  return domain::done{};
}

bool is_in_use(const fs::path& directory) {
  const int lock = ::open((directory / "LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0)
    return false;
  const bool held = ::flock(lock, LOCK_SH | LOCK_NB) != 0;
  ::close(lock);
  return held;
}

domain::result<data_dir> data_dir::open(const std::string& path) {
  const fs::path dir{path};
  std::error_code failed;
  fs::create_directories(dir, failed);
  if (failed)
    return refuse(errc::io, dir, failed.message());
  const int lock = ::open((dir / "LOCK").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0)
    return refuse(errc::io, dir / "LOCK", std::strerror(errno));
  data_dir result{dir, lock};
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return refuse(errc::locked, dir, "in use by another process");
  const auto file = dir / "FORMAT";
  if (fs::exists(file)) {
    if (auto read = result.read_format(); !read)
      return read.error();
    return result;
  }
  if (fs::exists(result.database()))
    return refuse(errc::corrupt, dir, "holds a database but no FORMAT file");
  auto written = write_format(file);
  if (!written)
    return written.error();
  return result;
}

domain::result<data_dir> data_dir::open_to_read(const std::string& path) {
  const fs::path dir{path};
  for (const auto& file : {dir / "FORMAT", dir / "db" / "CURRENT"}) {
    std::error_code failed;
    if (fs::exists(file, failed))
      continue;
    if (failed)
      return refuse(errc::io, file, failed.message());
    return refuse(errc::not_found, dir,
                  "holds no database: " + file.lexically_relative(dir).string()
                      + " is missing");
  }
  const int lock = ::open((dir / "LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0 && errno != ENOENT)
    return refuse(errc::io, dir / "LOCK", std::strerror(errno));
  data_dir result{dir, lock};
  if (lock >= 0 && ::flock(lock, LOCK_SH | LOCK_NB) != 0)
    return refuse(errc::locked, dir, "in use by another process");
  if (auto read = result.read_format(); !read)
    return read.error();
  return result;
}

domain::status_result data_dir::read_format() {
  const auto file = path_ / "FORMAT";
  const auto read = format_in(file);
  if (!read)
    return read.error();
  const auto format = *read;
  if (!format || *format < 1)
    return refuse(errc::corrupt, file, "is not readable as a format");
  if (*format > directory_format)
    return refuse(errc::newer_format, path_,
                  "written in format " + std::to_string(*format)
                      + ": this program knows formats up to "
                      + std::to_string(directory_format));
  format_ = *format;
  return domain::done{};
}

domain::status_result data_dir::upgrade() {
  if (format_ == directory_format)
    return domain::done{};
  format_ = directory_format;
  return write_format(path_ / "FORMAT");
}

data_dir::data_dir(data_dir&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, -1)),
      format_(other.format_) {}

data_dir& data_dir::operator=(data_dir&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  std::swap(format_, other.format_);
  return *this;
}

data_dir::~data_dir() {
  if (lock_ >= 0)
    ::close(lock_);
}

} // namespace pickup::storage

#include "storage/backup.hpp"

#include "storage/data_dir.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace pickup::storage {

namespace {

namespace fs = std::filesystem;
using domain::errc;
using domain::error;

/// Beside the database: its format, and the name that messages are sent under.
constexpr std::array companions{"FORMAT", "ID"};

error refuse(errc code, const char* action, const fs::path& what, const std::string& why) {
  return {code, std::string{action} + ": " + what.string() + ": " + why, {}};
}

domain::status_result sync(const fs::path& what) {
  const int fd = ::open(what.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0)
    ::close(fd);
  if (!synced)
    return refuse(errc::io, "sync", what, std::strerror(why));
  return domain::done{};
}

domain::status_result copy_synced(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::copy_file(from, to, failed);
  if (failed)
    return refuse(errc::io, "copy file", from, failed.message());
  return sync(to);
}

domain::status_result copy_companions(const fs::path& from, const fs::path& to) {
  for (const auto* name : companions)
    if (fs::exists(from / name))
      if (auto copied = copy_synced(from / name, to / name); !copied)
        return copied;
  return domain::done{};
}

// "2026-11-23T09-30-00.000Z": a time that is a file name everywhere.
std::string name_of(domain::timestamp t) {
  auto name = domain::to_rfc3339(t);
  for (auto& c : name)
    if (c == ':')
      c = '-';
  return name;
}

// A directory that is there only for as long as it is not finished.
class draft {
public:
  explicit draft(fs::path place) : path_(std::move(place.concat(".new"))) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    fs::create_directories(path_, failed_);
  }
  draft(const draft&) = delete;
  draft& operator=(const draft&) = delete;
  ~draft() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }
  const std::error_code& failed() const { return failed_; }

private:
  fs::path path_;
  std::error_code failed_;
};

domain::status_result copy_database(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::create_directory(to, failed);
  if (failed)
    return refuse(errc::io, "restore", to, failed.message());
  for (const auto& file : fs::directory_iterator{from, failed})
    if (auto copied = copy_synced(file.path(), to / file.path().filename()); !copied)
      return copied;
  if (failed)
    return refuse(errc::io, "restore", from, failed.message());
  return sync(to);
}

} // namespace

domain::result<fs::path> back_up(const journal& of, const fs::path& data_dir,
                                 domain::timestamp now) {
  const auto place = data_dir / "backups" / name_of(now);
  const draft copy{place};
  if (copy.failed())
    return refuse(errc::io, "back up", copy.path(), copy.failed().message());
  if (auto made = of.copy_to(copy.path() / "db"); !made)
    return made.error();
  if (auto copied = copy_companions(data_dir, copy.path()); !copied)
    return copied.error();
  if (auto moved = move_into_place(copy.path(), place); !moved)
    return moved.error();
  return place;
}

domain::status_result restore(const fs::path& backup, const fs::path& data_dir) {
  std::error_code failed;
  auto place = fs::absolute(data_dir).lexically_normal();
  if (!place.has_filename())
    place = place.parent_path(); // "data/"
  if (!fs::exists(backup / "FORMAT", failed) || !fs::exists(backup / "db" / "CURRENT", failed))
    return refuse(errc::invalid_argument, "restore", backup, "is no backup");
  if (fs::exists(place, failed) && !fs::is_empty(place, failed))
    return refuse(errc::invalid_argument, "restore", place,
                  "is not empty; nothing was changed");
  fs::remove(place, failed); // empty, or not there
  const draft copy{place};
  if (copy.failed())
    return refuse(errc::io, "restore", copy.path(), copy.failed().message());
  if (auto copied = copy_database(backup / "db", copy.path() / "db"); !copied)
    return copied;
  if (auto copied = copy_companions(backup, copy.path()); !copied)
    return copied;
  if (auto synced = sync(copy.path()); !synced)
    return synced;
  return move_into_place(copy.path(), place);
}

} // namespace pickup::storage

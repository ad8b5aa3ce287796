#include "storage/backup.hpp"

#include "storage/data_dir.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace pickup::storage {

namespace {

namespace fs = std::filesystem;
using domain::errc;
using domain::error;

constexpr auto unfinished = ".new";

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

// The name that messages are sent under, and last the format: what has none is nothing to start
// on, so that a copy cut off by a crash is never taken for a whole one.
domain::status_result complete(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  if (fs::exists(from / "ID", failed))
    if (auto copied = copy_synced(from / "ID", to / "ID"); !copied)
      return copied;
  if (failed)
    return refuse(errc::io, "copy file", from / "ID", failed.message());
  const auto draft = to / (std::string{"FORMAT"} + unfinished);
  if (auto copied = copy_synced(from / "FORMAT", draft); !copied)
    return copied;
  return move_into_place(draft, to / "FORMAT");
}

// "2026-11-23T09-30-00.000Z": a time that is a file name everywhere.
std::string name_of(domain::timestamp t) {
  auto name = domain::to_rfc3339(t);
  std::ranges::replace(name, ':', '-');
  return name;
}

// What crashes have left holds on to tables that the database gave up long since.
void remove_unfinished(const fs::path& backups) {
  std::error_code failed;
  for (auto entry = fs::directory_iterator{backups, failed};
       !failed && entry != fs::directory_iterator{}; entry.increment(failed))
    if (entry->path().extension() == unfinished) {
      std::error_code ignored;
      fs::remove_all(entry->path(), ignored);
    }
}

domain::result<fs::path> copy_running(const journal& of, const fs::path& data_dir,
                                      const fs::path& place) {
  const auto draft = fs::path{place}.concat(unfinished);
  std::error_code failed;
  fs::create_directories(draft, failed);
  if (failed)
    return refuse(errc::io, "back up", draft, failed.message());
  if (auto made = of.copy_to(draft / "db"); !made)
    return made.error();
  if (auto synced = sync(draft / "db"); !synced)
    return synced.error();
  if (auto completed = complete(data_dir, draft); !completed)
    return completed.error();
  if (auto moved = move_into_place(draft, place); !moved)
    return moved.error();
  if (auto synced = sync(data_dir); !synced) // the first backup made the directory of all
    return synced.error();
  return place;
}

domain::status_result copy_database(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::create_directory(to, failed);
  for (auto file = fs::directory_iterator{from, failed};
       !failed && file != fs::directory_iterator{}; file.increment(failed))
    if (auto copied = copy_synced(file->path(), to / file->path().filename()); !copied)
      return copied;
  if (failed)
    return refuse(errc::io, "restore", to, failed.message());
  return sync(to);
}

} // namespace

domain::result<fs::path> back_up(const journal& of, const fs::path& data_dir,
                                 domain::timestamp now) {
  const auto backups = data_dir / "backups";
  remove_unfinished(backups);
  auto made = copy_running(of, data_dir, backups / name_of(now));
  if (!made)
    remove_unfinished(backups);
  return made;
}

domain::status_result restore(const fs::path& backup, const fs::path& data_dir) {
  std::error_code failed;
  if (!fs::exists(backup / "FORMAT", failed) || !fs::exists(backup / "db" / "CURRENT", failed))
    return refuse(errc::invalid_argument, "restore", backup, "is no backup");
  if (is_in_use(backup))
    return refuse(errc::locked, "restore", backup, "in use by another process");
  fs::create_directories(data_dir, failed);
  if (failed)
    return refuse(errc::io, "restore", data_dir, failed.message());
  if (!fs::is_empty(data_dir, failed) || failed)
    return refuse(errc::invalid_argument, "restore", data_dir,
                  "is not empty; nothing was changed");
  if (auto copied = copy_database(backup / "db", data_dir / "db"); !copied)
    return copied;
  if (auto completed = complete(backup, data_dir); !completed)
    return completed;
  return sync(data_dir / "..");
}

} // namespace pickup::storage

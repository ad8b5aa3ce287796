#include "storage/identity.hpp"

#include "storage/data_dir.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace pickup::storage {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view digits = "0123456789abcdef";

domain::error refuse(domain::errc code, const fs::path& file, const std::string& why) {
  return {code, "read identity: " + file.string() + ": " + why, {}};
}

std::string new_identity() {
  std::array<unsigned char, 8> bytes{};
  while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    ;
  std::string id;
  for (const auto b : bytes)
    id.append({digits[b >> 4U], digits[b & 15U]});
  return id;
}

// Durable and whole, or not there at all: what was sent under a name must be found under it.
domain::result<std::string> make(const fs::path& file) {
  const auto draft = fs::path{file}.concat(".new");
  const auto id = new_identity();
  const auto line = id + "\n";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const bool written =
      fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size())
      && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0)
    ::close(fd);
  if (!written)
    return refuse(domain::errc::io, draft, std::strerror(why));
  if (auto moved = move_into_place(draft, file); !moved)
    return moved.error();
  return id;
}

} // namespace

domain::result<std::string> identity_of(const fs::path& directory) {
  const auto file = directory / "ID";
  if (!fs::exists(file))
    return make(file);
  std::ifstream in{file};
  std::string id;
  std::getline(in, id);
  if (id.size() != 16 || id.find_first_not_of(digits) != id.npos)
    return refuse(domain::errc::corrupt, file, "is not 16 hexadecimal digits");
  return id;
}

} // namespace pickup::storage

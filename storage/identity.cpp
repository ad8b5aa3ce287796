#include "storage/identity.hpp"

#include "storage/data_dir.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

namespace pickup::storage {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view digits = "0123456789abcdef";

domain::error unreadable(domain::errc code, const fs::path& file, const std::string& why) {
  return {code, "read " + file.filename().string() + ": " + file.string() + ": " + why, {}};
}

std::string random_digits(std::size_t count) {
  std::vector<unsigned char> bytes(count / 2);
  while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    ;
  std::string text;
  for (const auto b : bytes)
    text.append({digits[b >> 4U], digits[b & 15U]});
  return text;
}

// Durable and whole, or not there at all: what was done under it must be found under it.
domain::result<std::string> make(const fs::path& file, std::size_t count, mode_t mode) {
  const auto draft = fs::path{file}.concat(".new");
  const auto text = random_digits(count);
  const auto line = text + "\n";
  fs::remove(draft); // perhaps of another mode
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const bool written =
      fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size())
      && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0)
    ::close(fd);
  if (!written)
    return unreadable(domain::errc::io, draft, std::strerror(why));
  if (auto moved = move_into_place(draft, file); !moved)
    return moved.error();
  return text;
}

// What the file has, made at random when there is none yet.
domain::result<std::string> kept_in(const fs::path& file, std::size_t count, mode_t mode) {
  std::error_code failed;
  if (!fs::exists(file, failed) && !failed)
    return make(file, count, mode);
  std::ifstream in{file};
  if (!in)
    return unreadable(domain::errc::io, file, std::strerror(errno));
  std::string text;
  std::getline(in, text);
  if (text.size() != count || text.find_first_not_of(digits) != text.npos)
    return unreadable(domain::errc::corrupt, file,
                      "is not " + std::to_string(count) + " hexadecimal digits");
  return text;
}

} // namespace

domain::result<std::string> identity_of(const fs::path& directory) {
  return kept_in(directory / "ID", 16, 0644);
}

domain::result<std::string> operator_token_of(const fs::path& directory) {
  return kept_in(directory / "operator.token", 64, 0600);
}

} // namespace pickup::storage

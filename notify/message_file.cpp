#include "notify/message_file.hpp"

#include "domain/service.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

namespace pickup::notify {

namespace {

template <class Int>
std::optional<Int> number(std::string_view text) {
  Int x{};
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, x);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{x} : std::nullopt;
}

// "pickup/0:17", up to the first tab.
std::optional<std::pair<domain::shard_id, domain::seq_no>> intent_of(std::string_view line) {
  const auto id = line.substr(0, line.find('\t'));
  const auto slash = id.find('/');
  const auto colon = id.find(':');
  if (slash == id.npos || colon == id.npos || colon < slash)
    return std::nullopt;
  const auto service = domain::parse_service(id.substr(0, slash));
  const auto zone = number<std::uint16_t>(id.substr(slash + 1, colon - slash - 1));
  const auto n = number<std::uint64_t>(id.substr(colon + 1));
  if (!service || !zone || !n)
    return std::nullopt;
  return std::pair{domain::shard_id{*service, domain::zone_no{*zone}}, domain::seq_no{*n}};
}

// Where the last whole line ends.
std::uint64_t whole_lines(int fd, std::uint64_t size) {
  char c = '\n';
  while (size > 0 && ::pread(fd, &c, 1, static_cast<off_t>(size - 1)) == 1 && c != '\n')
    --size;
  return size;
}

} // namespace

domain::result<message_file> message_file::open(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  message_file file{path, fd, 0};
  struct stat about {};
  if (fd < 0 || ::fstat(fd, &about) != 0)
    return file.failed("open");
  file.size_ = whole_lines(fd, static_cast<std::uint64_t>(about.st_size));
  if (::ftruncate(fd, static_cast<off_t>(file.size_)) != 0)
    return file.failed("truncate");
  return file;
}

message_file::message_file(message_file&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}

message_file& message_file::operator=(message_file&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  std::swap(size_, other.size_);
  return *this;
}

message_file::~message_file() {
  if (fd_ >= 0)
    ::close(fd_);
}

domain::result<message_file::positions>
message_file::positions_after(std::uint64_t from, const positions& heads) const {
  positions last;
  std::ifstream in{path_, std::ios::binary};
  if (!in)
    return failed("read");
  in.seekg(static_cast<std::streamoff>(from <= size_ ? from : 0));
  for (std::string line; std::getline(in, line);)
    if (const auto intent = intent_of(line)) {
      const auto head = heads.find(intent->first);
      if (head != heads.end() && intent->second <= head->second)
        last[intent->first] = std::max(last[intent->first], intent->second);
    }
  return last;
}

domain::status_result message_file::append(std::string_view lines) {
  while (!lines.empty()) {
    const auto written = ::write(fd_, lines.data(), lines.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return failed("write");
    lines.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
  return domain::done{};
}

domain::status_result message_file::sync() {
  if (::fdatasync(fd_) != 0)
    return failed("sync");
  return domain::done{};
}

domain::error message_file::failed(std::string_view action) const {
  return {domain::errc::io,
          std::string{action} + " message file: " + path_.string() + ": "
              + std::strerror(errno),
          {}};
}

} // namespace pickup::notify

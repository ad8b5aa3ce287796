#include "storage/rocksdb_log.hpp"

#include "domain/time.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <system_error>

namespace pickup::storage {

rocksdb_log::rocksdb_log(const std::filesystem::path& dir)
    : Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {
  const auto path = dir / "LOG";
  std::error_code there_was_none;
  std::filesystem::rename(path, dir / "LOG.old", there_was_none);
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0640);
}

rocksdb_log::~rocksdb_log() {
  if (file_ >= 0)
    ::close(file_);
}

void rocksdb_log::Logv(const char* format, std::va_list arguments) {
  if (file_ < 0)
    return;
  std::array<char, 2048> text;
  const int size = std::vsnprintf(text.data(), text.size(), format, arguments);
  const auto now = std::chrono::floor<domain::duration>(std::chrono::system_clock::now());
  auto line = domain::to_rfc3339(now) + ' ';
  line.append(text.data(),
              std::min(static_cast<std::size_t>(std::max(size, 0)), text.size() - 1));
  line += '\n';
  [[maybe_unused]] const auto written = ::write(file_, line.data(), line.size());
}

} // namespace pickup::storage

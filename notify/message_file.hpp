// The file the `log` channel writes: one line a message. Not thread-safe; owned by the
// notifier.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace pickup::notify {

class message_file {
public:
  /// Opens the file for appending, making it when missing; a last line cut short by a crash is
  /// removed.
  static domain::result<message_file> open(const std::filesystem::path& path);

  message_file(message_file&& other) noexcept;
  message_file& operator=(message_file&& other) noexcept;
  ~message_file();

  using positions = std::map<domain::shard_id, domain::seq_no>;

  /// The last journal position of each shard found in the lines after byte `from`. A line opens
  /// with its intent's id, "pickup/0:17". Those beyond the shard's head are of another
  /// database, or of what a copy put back does not have. Reads from the beginning when the file
  /// is shorter than `from`.
  domain::result<positions> positions_after(std::uint64_t from, const positions& heads) const;

  /// Appends whole lines.
  domain::status_result append(std::string_view lines);
  /// Returns once the disk has all of it.
  domain::status_result sync();

  std::uint64_t size() const { return size_; }

private:
  message_file(std::filesystem::path path, int fd, std::uint64_t size)
      : path_(std::move(path)), fd_(fd), size_(size) {}

  domain::error failed(std::string_view action) const;

  std::filesystem::path path_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

} // namespace pickup::notify

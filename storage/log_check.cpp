#include "storage/log_check.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::storage {

namespace {

namespace fs = std::filesystem;
using domain::errc;
using domain::error;

// RocksDB's log format: blocks of 32 KiB, in which records follow one another. A record is a
// masked CRC-32C, the length of its data, a type, and the data. It never crosses into the next
// block; a rest too short for a header is filled with zeros.
constexpr std::size_t block_size = 32'768;
constexpr std::size_t header_size = 7;
// Types of a record whole or in parts. Others come with options that are not set here.
constexpr std::uint8_t first_type = 1;
constexpr std::uint8_t last_type = 4;

std::uint8_t byte_at(std::string_view block, std::size_t at) {
  return static_cast<std::uint8_t>(block[at]);
}

constexpr auto crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    table[i] = i;
    for (int bit = 0; bit < 8; ++bit)
      table[i] = table[i] >> 1 ^ ((table[i] & 1) != 0 ? 0x82f63b78U : 0U);
  }
  return table;
}();

std::uint32_t crc32c(std::string_view data) {
  std::uint32_t crc = ~0U;
  for (std::size_t i = 0; i < data.size(); ++i)
    crc = crc >> 8 ^ crc_table[(crc ^ byte_at(data, i)) & 0xff];
  return ~crc;
}

struct record {
  std::size_t size; ///< with its header
  std::uint8_t type;
};

/// What begins at `at`, if its header and all its data lie within the block.
std::optional<record> record_at(std::string_view block, std::size_t at) {
  if (block.size() - at < header_size)
    return std::nullopt;
  const std::size_t length = byte_at(block, at + 4) + std::size_t{byte_at(block, at + 5)} * 256;
  const record r{header_size + length, byte_at(block, at + 6)};
  if (r.size > block.size() - at || (r.type == 0 && length == 0))
    return std::nullopt;
  return r;
}

bool known(const record& r) {
  return r.type >= first_type && r.type <= last_type;
}

bool whole_record_at(std::string_view block, std::size_t at) {
  const auto r = record_at(block, at);
  if (!r || !known(*r))
    return false;
  const auto crc = crc32c(block.substr(at + 6, r->size - 6));
  const std::uint32_t masked = (crc >> 15 | crc << 17) + 0xa282ead8U;
  std::uint32_t stored = 0;
  for (std::size_t i = 4; i-- > 0;)
    stored = stored << 8 | byte_at(block, at + i);
  return masked == stored;
}

/// Where, if anywhere, RocksDB would give up reading this block as the end of the log.
std::optional<std::size_t> end_of_reading(std::string_view block) {
  std::size_t at = 0;
  while (at < block.size() && block_size - at >= header_size) {
    const auto r = record_at(block, at);
    if (!r || !known(*r))
      return at;
    at += r->size;
  }
  return std::nullopt;
}

domain::status_result check_log(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in)
    return error{errc::io, "open log: " + path.string() + ": cannot be read", {}};
  std::string buffer(block_size, '\0');
  bool ended = false;
  for (std::size_t offset = 0; in; offset += block_size) {
    in.read(buffer.data(), block_size);
    const auto block =
        std::string_view{buffer}.substr(0, static_cast<std::size_t>(in.gcount()));
    std::size_t at = 0;
    if (!ended) {
      const auto end = end_of_reading(block);
      if (!end)
        continue;
      ended = true;
      const auto r = record_at(block, *end);
      if (r && !known(*r))
        return error{errc::corrupt,
                     "open log: " + path.string() + ": record of unknown type at "
                         + std::to_string(offset + *end),
                     {}};
      at = *end + 1;
    }
    for (; at < block.size(); ++at)
      if (whole_record_at(block, at))
        return error{errc::corrupt,
                     "open log: " + path.string() + ": unreadable before the record at "
                         + std::to_string(offset + at),
                     {}};
  }
  return domain::done{};
}

} // namespace

domain::status_result check_logs(const fs::path& database) {
  bool any = false;
  std::error_code failed;
  for (const auto& file : fs::directory_iterator{database, failed}) {
    if (file.path().extension() != ".log")
      continue;
    any = true;
    if (auto checked = check_log(file.path()); !checked)
      return checked;
  }
  if (failed)
    return error{errc::io, "open database: " + database.string() + ": " + failed.message(), {}};
  if (!any)
    return error{
        errc::corrupt, "open database: " + database.string() + ": its log is missing", {}};
  return domain::done{};
}

} // namespace pickup::storage

// Sorted rows of bytes in named tables: all that storage asks of a database. Thread-safe for
// any number of readers beside one writer.
#pragma once

#include "domain/result.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::storage {

/// The tables; RocksDB's column families, named by name().
enum class table : std::uint8_t {
  calls,
  journal,
  couriers,
  sightings,
  idempotency,
  cursors,
  horizons,
  deliveries,
};

inline constexpr std::array tables{table::calls,     table::journal,     table::couriers,
                                   table::sightings, table::idempotency, table::cursors,
                                   table::horizons,  table::deliveries};

std::string_view name(table t);

/// What becomes of a row: its next value, or nothing when it goes.
struct row {
  table in;
  std::string key;
  std::optional<std::string> value; ///< nothing: the row is removed
};

/// Whether a write waits until the disk has it.
enum class durability { synced, unsynced };

class rows {
public:
  virtual ~rows() = default;

  /// All of `changes` become true or none of them; what was written before is no less durable
  /// than they are. Errors: io.
  virtual domain::status_result write(const std::vector<row>& changes, durability how) = 0;

  virtual domain::result<std::optional<std::string>> get(table in,
                                                         std::string_view key) const = 0;

  /// Visits the rows with key ≥ `from` and beginning with `prefix`, in order, until `visit`
  /// answers false or an error.
  virtual domain::status_result
  scan(table in, std::string_view prefix, std::string_view from,
       const std::function<domain::result<bool>(std::string_view key, std::string_view value)>&
           visit) const = 0;

  /// Makes a database of what is written by now, in a directory that is not there yet, while
  /// others write. Thread-safe. Errors: io; unavailable (there is nothing on a disk).
  virtual domain::status_result copy_to(const std::filesystem::path& directory) const;
};

} // namespace pickup::storage

#include "storage/rows.hpp"

namespace pickup::storage {

std::string_view name(table t) {
  switch (t) {
  case table::calls: return "calls";
  case table::journal: return "journal";
  case table::couriers: return "couriers";
  case table::sightings: return "sightings";
  case table::idempotency: return "idempotency";
  case table::cursors: return "cursors";
  case table::horizons: return "horizons";
  case table::deliveries: return "deliveries";
  }
  return "";
}

domain::status_result rows::copy_to(const std::filesystem::path& directory) const {
  return domain::error{domain::errc::unavailable,
                       "copy database: " + directory.string() + ": it is in memory only",
                       {}};
}

} // namespace pickup::storage

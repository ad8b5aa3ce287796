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
  case table::deliveries: return "deliveries";
  }
  return "";
}

} // namespace pickup::storage

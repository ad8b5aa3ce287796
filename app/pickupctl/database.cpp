#include "app/pickupctl/database.hpp"

#include "storage/options.hpp"
#include "storage/rocksdb_rows.hpp"

namespace pickup::ctl {

domain::result<std::unique_ptr<const storage::rows>>
open_database(const std::string& data_dir) {
  storage::options o;
  o.data_dir = data_dir;
  return storage::read_rocksdb_rows(o);
}

} // namespace pickup::ctl

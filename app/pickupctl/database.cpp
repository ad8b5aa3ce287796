#include "app/pickupctl/database.hpp"

#include "storage/options.hpp"
#include "storage/rocksdb_rows.hpp"

#include <filesystem>

namespace pickup::ctl {

domain::result<std::unique_ptr<storage::rows>> open_database(const std::string& data_dir) {
  // Opening would make one.
  if (!std::filesystem::exists(std::filesystem::path{data_dir} / "FORMAT"))
    return domain::error{domain::errc::not_found,
                         "open database: " + data_dir + ": is not a data directory",
                         {}};
  storage::options o;
  o.data_dir = data_dir;
  return storage::open_rocksdb_rows(o);
}

} // namespace pickup::ctl

#include "storage/options.hpp"

#include "domain/options.hpp"

namespace pickup::storage {

domain::status_result validate(const options& o) {
  return domain::option_checks{}
      .not_empty("storage.data_dir", o.data_dir)
      .between("storage.max_group", o.max_group, 1, 65'536)
      .between("storage.queue", o.queue, 1, 1'048'576)
      .between("storage.write_buffer_mb", o.write_buffer_mb, 1, 4'096)
      .between("storage.block_cache_mb", o.block_cache_mb, 1, 1'048'576)
      .positive("storage.retry", o.retry)
      .between("storage.min_free_mb", o.min_free_mb, 0, 1'048'576)
      .first_refusal();
}

} // namespace pickup::storage

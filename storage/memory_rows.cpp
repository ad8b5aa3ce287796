#include "storage/memory_rows.hpp"

namespace pickup::storage {

domain::status_result memory_rows::write(const std::vector<row>& put, durability) {
  const std::lock_guard guard{mutex_};
  if (failing_)
    return domain::error{domain::errc::io, "write: memory: told to fail", {}};
  for (const auto& r : put)
    if (r.value)
      tables_[r.in].insert_or_assign(r.key, *r.value);
    else
      tables_[r.in].erase(r.key);
  return domain::done{};
}

domain::result<std::optional<std::string>> memory_rows::get(table in,
                                                            std::string_view key) const {
  const std::lock_guard guard{mutex_};
  const auto found = tables_.find(in);
  if (found == tables_.end())
    return std::optional<std::string>{};
  const auto r = found->second.find(key);
  return r == found->second.end() ? std::optional<std::string>{} : std::optional{r->second};
}

domain::status_result
memory_rows::scan(table in, std::string_view prefix, std::string_view from,
                  const std::function<domain::result<bool>(std::string_view, std::string_view)>&
                      visit) const {
  // A copy, so that `visit` may call back.
  std::map<std::string, std::string, std::less<>> copy;
  {
    const std::lock_guard guard{mutex_};
    if (const auto found = tables_.find(in); found != tables_.end())
      copy = found->second;
  }
  for (auto r = copy.lower_bound(std::max(prefix, from)); r != copy.end(); ++r) {
    if (!r->first.starts_with(prefix))
      break;
    auto more = visit(r->first, r->second);
    if (!more)
      return more.error();
    if (!*more)
      break;
  }
  return domain::done{};
}

void memory_rows::fail_writes(bool failing) {
  const std::lock_guard guard{mutex_};
  failing_ = failing;
}

} // namespace pickup::storage

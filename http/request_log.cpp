#include "http/request_log.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace pickup::http {

namespace {

constexpr std::size_t longest_path = 200;

// What reads, or was refused, changes nothing; where couriers are is no step of a call, and
// comes by the thousands a second.
bool may_change_a_call(const logged_request& r) {
  const bool reads = r.method == "GET" || r.method == "HEAD" || r.method == "OPTIONS";
  const bool refused = r.status >= 400 && r.status < 500;
  const bool locates = r.path.starts_with("/couriers/")
                       && (r.path.ends_with("/location") || r.path.ends_with("/locations"));
  return !reads && !refused && !locates;
}

} // namespace

std::size_t request_log::shard_of(const std::string& correlation_id) const {
  return std::hash<std::string>{}(correlation_id) % shards_.size();
}

void request_log::add(logged_request r) {
  if (!may_change_a_call(r))
    return;
  if (r.path.size() > longest_path)
    r.path = r.path.substr(0, longest_path); // and the memory of the whole goes
  // Memory comes and goes without the lock.
  entries added;
  added.push_back({std::move(r)});
  const auto made = added.begin();
  const auto& id = made->what.correlation_id;
  entries gone;
  auto& s = shards_[shard_of(id)];
  const std::lock_guard guard{s.mutex};
  auto& own = s.by_id[id];
  s.all.splice(s.all.end(), added);
  if (own.length == 0)
    own.first = made;
  else
    own.last->next = made;
  own.last = made;
  if (++own.length > most_of_one)
    drop_oldest(s, id, gone);
  if (s.all.size() > kept)
    drop_oldest(s, s.all.front().what.correlation_id, gone);
}

// The oldest of all is the oldest of its id.
void request_log::drop_oldest(shard& of, const std::string& correlation_id, entries& to) {
  const auto own = of.by_id.find(correlation_id);
  auto& [first, last, length] = own->second;
  to.splice(to.end(), of.all, std::exchange(first, first->next));
  if (--length == 0)
    of.by_id.erase(own);
}

std::vector<logged_request>
request_log::find(const std::set<std::string>& correlation_ids) const {
  std::vector<logged_request> found;
  for (const auto& id : correlation_ids) {
    const auto& s = shards_[shard_of(id)];
    const std::lock_guard guard{s.mutex};
    const auto own = s.by_id.find(id);
    if (own == s.by_id.end())
      continue;
    auto next = own->second.first;
    for (auto left = own->second.length; left > 0; --left, next = next->next)
      found.push_back(next->what);
  }
  std::ranges::stable_sort(found, {}, &logged_request::at);
  return found;
}

} // namespace pickup::http

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

void request_log::add(logged_request r) {
  if (!may_change_a_call(r))
    return;
  if (r.path.size() > longest_path)
    r.path = r.path.substr(0, longest_path); // and the memory of the whole goes
  auto& s = shards_[std::hash<std::string>{}(r.correlation_id) % shards_.size()];
  const std::lock_guard guard{s.mutex};
  if (s.ring.size() < kept)
    s.ring.push_back(std::move(r));
  else
    std::swap(s.ring[s.next], r); // the old one's memory goes without the lock
  s.next = (s.next + 1) % kept;
}

std::vector<logged_request>
request_log::find(const std::set<std::string>& correlation_ids) const {
  std::vector<logged_request> found;
  for (const auto& s : shards_) {
    const std::lock_guard guard{s.mutex};
    std::ranges::copy_if(s.ring, std::back_inserter(found), [&](const auto& r) {
      return correlation_ids.contains(r.correlation_id);
    });
  }
  std::ranges::sort(found, {}, &logged_request::at);
  return found;
}

} // namespace pickup::http

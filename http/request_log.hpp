// The latest requests of the customers' port that may have changed a call, found again by what
// they caused: a call's timeline begins with them. Thread-safe; sharded, each shard under its
// own lock.
#pragma once

#include "domain/time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pickup::http {

struct logged_request {
  domain::timestamp at; ///< when it came
  std::string method;
  std::string path; ///< without the query, which may name somebody; cut when it is long
  int status = 0;
  std::chrono::nanoseconds took{0};
  std::string correlation_id;
};

class request_log {
public:
  /// Of one correlation id. It is the client's own: one that gives all its requests the same
  /// must not push out those of others.
  static constexpr std::size_t most_of_one = 256;

  /// Keeps it, if it may have changed a call.
  void add(logged_request r);

  /// Those of these correlation ids, oldest first.
  std::vector<logged_request> find(const std::set<std::string>& correlation_ids) const;

private:
  static constexpr std::size_t kept = 4096; ///< a shard

  struct entry;
  using entries = std::list<entry>;

  struct entry {
    logged_request what;
    entries::iterator next{}; ///< of the same id, when it is not the last
  };

  /// All of an id, from the oldest on.
  struct chain {
    entries::iterator first{};
    entries::iterator last{};
    std::size_t length = 0;
  };

  struct shard {
    mutable std::mutex mutex;
    entries all;                                  ///< guarded, as is …
    std::unordered_map<std::string, chain> by_id; ///< … whose they are
  };

  static void drop_oldest(shard& of, const std::string& correlation_id, entries& to);
  std::size_t shard_of(const std::string& correlation_id) const;

  std::array<shard, 8> shards_;
};

} // namespace pickup::http

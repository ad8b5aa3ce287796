// The connections that are being served, so that other threads can end them.
// Thread-safe. Owned by the transport; outlives every connection on it.
#pragma once

#include "http/connection.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <unordered_set>

namespace pickup::http {

class connection_list {
public:
  /// Keeps a connection on the list for as long as it is served.
  class entry {
  public:
    entry(connection_list& list, connection& c) : list_(list), connection_(c) {
      const std::lock_guard lock{list_.mutex_};
      list_.open_.insert(&connection_);
    }
    ~entry() {
      const std::lock_guard lock{list_.mutex_};
      list_.open_.erase(&connection_);
    }
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;

  private:
    connection_list& list_;
    connection& connection_;
  };

  void close_idle();
  /// Closes the connection that has been idle for longest; false when all are busy.
  bool close_longest_idle();
  void abort_all();

private:
  std::mutex mutex_;
  std::unordered_set<connection*> open_;
};

} // namespace pickup::http

// Connections: their acceptance, their limits and their end. Whole-request deadlines, a
// bounded number, one send per answer, a drain; what is said on them is the protocol's.
// bind() and run() belong to one thread; drain() may be called from any. Owned by the server.
#pragma once

#include "domain/result.hpp"
#include "http/budget.hpp"
#include "http/connection_list.hpp"
#include "http/endpoint.hpp"
#include "http/exchange.hpp"
#include "http/head_check.hpp"
#include "http/listener.hpp"
#include "http/options.hpp"
#include "http/protocol.hpp"
#include "http/traffic.hpp"
#include "http/worker_pool.hpp"

#include <atomic>
#include <chrono>
#include <ctime>
#include <vector>

namespace pickup::http {

class transport {
public:
  /// @param in_flight spent means: refuse before reading on
  transport(const options& o, traffic& counts, const budget& in_flight,
            protocol::application answer);
  ~transport();
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;

  /// Listens; the port that was taken. Errors: io.
  domain::result<int> bind(const endpoint& at);
  /// Serves until drained.
  void run();
  /// Lets run() return: see server.
  void drain(std::chrono::milliseconds limit);
  /// Of the threads that serve connections.
  std::vector<clockid_t> clocks() const { return pool_.clocks(); }

private:
  enum class next { another, close };
  /// A reserved connection is one too many: it is there for one question after health.
  enum class standing { regular, reserve };

  void wait_for_clients();
  void accept_all();
  void take(unique_socket s);
  void refuse_unserved(unique_socket s);

  // What the fiber of a connection does.
  void serve(unique_socket s) noexcept;
  next serve_request(connection& c, standing guest);
  next answer(exchange&& x, std::optional<budget::place> of_body = {});
  void stream(exchange& x);
  next refuse_early(connection& c, const request_extent& extent, standing guest);
  exchange::afterwards after_answer() const;

  const options options_;
  const head_limits head_limits_;
  traffic& counts_;
  const budget& in_flight_;
  budget bulk_; ///< large bodies being read or worked on
  protocol protocol_;
  listener listener_;
  unique_socket wake_; ///< an eventfd: the drain has begun
  std::atomic<bool> draining_{false};
  std::atomic<steady_time::rep> drain_deadline_{0};
  connection_list connections_;
  worker_pool pool_; ///< last: its threads use everything above
};

} // namespace pickup::http

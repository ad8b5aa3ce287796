#include "http/exchange.hpp"

#include <boost/fiber/fss.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace pickup::http {

namespace {

// Owned by nobody: a fiber's end must not delete it.
boost::fibers::fiber_specific_ptr<exchange> in_progress{[](exchange*) {}};

// A method the library knows, to stand for those that it does not.
constexpr std::string_view no_resource_has = "TRACE";

// More bytes of chunk framing than this for each byte of body are an attack.
constexpr std::uint64_t chunk_overhead = 8;

} // namespace

exchange::exchange(connection& on, const request_extent& extent, steady_time deadline)
    : connection_(on),
      most_body_(extent.most_body),
      left_(extent.head
            + (extent.chunked ? chunk_overhead * most_body_ : extent.body.value_or(0))),
      chunked_(extent.chunked),
      deadline_(deadline) {
  in_progress.reset(this);
  if (extent.odd_method > 0) {
    instead_ = no_resource_has;
    connection_.consume(extent.odd_method);
    left_ -= extent.odd_method;
  }
}

exchange::exchange(connection& on, problem why)
    : connection_(on), instead_("\n"), refusal_(std::move(why)) {
  in_progress.reset(this);
}

exchange::~exchange() {
  in_progress.release();
}

exchange& exchange::current() {
  return *in_progress;
}

delivery exchange::flush() {
  return connection_.send(std::exchange(written_, {}));
}

ssize_t exchange::read(char* to, std::size_t n) {
  if (!instead_.empty()) {
    *to = instead_.front();
    instead_.remove_prefix(1);
    return 1;
  }
  if (left_ == 0) {
    if (chunked_)
      refusal_ = http_problem(413, "read body: its chunks are longer than allowed");
    return 0;
  }
  if (connection_.buffered().empty()) {
    // The client may be waiting for leave to send on: "100 Continue".
    if (flush() == delivery::failed)
      return -1;
    if (const auto more = connection_.fill(deadline_); more != arrival::data) {
      if (more == arrival::late)
        refusal_ = http_problem(408, "read request: did not arrive in time");
      return -1;
    }
  }
  const auto arrived = connection_.buffered();
  n = static_cast<std::size_t>(std::min<std::uint64_t>({n, arrived.size(), left_}));
  std::memcpy(to, arrived.data(), n);
  connection_.consume(n);
  left_ -= n;
  return static_cast<ssize_t>(n);
}

ssize_t exchange::write(const char* from, std::size_t n) {
  written_.append(from, n);
  return static_cast<ssize_t>(n);
}

} // namespace pickup::http

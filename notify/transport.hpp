// Carries requests to the providers and answers back, over HTTP or HTTPS.
#pragma once

#include "domain/result.hpp"
#include "notify/options.hpp"
#include "notify/wire.hpp"

#include <functional>
#include <memory>

namespace pickup::notify {

/// Thread-safe. Owned by the application; outlives the actors that use it.
class transport {
public:
  virtual ~transport() = default;

  /// Sends a request; `done` is called once, on a thread of the transport, and must not block.
  virtual void submit(request what, std::function<void(answer)> done) = 0;

  /// Cuts off what is under way and answers everything. Nothing is called after it returns.
  virtual void stop() = 0;
};

/// A transport of its own threads, `o.in_flight` of them, each with connections of its own that
/// are kept alive. Errors: invalid_argument when a certificate file cannot be used.
domain::result<std::unique_ptr<transport>> make_http_transport(const options& o);

} // namespace pickup::notify

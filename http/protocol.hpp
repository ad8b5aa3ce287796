// HTTP, by cpp-httplib: it reads requests and writes answers; this class tells it what to do
// with them. Thread-safe: every connection answers with it at once. Owned by the transport;
// refers to the traffic counts, which outlive it.
#pragma once

#include "http/exchange.hpp"
#include "http/message.hpp"
#include "http/problem.hpp"
#include "http/traffic.hpp"

#include <httplib.h>

#include <functional>

namespace pickup::http {

class protocol : private httplib::Server {
public:
  /// Answers a request; called by many threads at once.
  using application = std::function<response(const request&)>;
  /// Whether a connection may serve another request; asked when an answer is written.
  using stay = std::function<exchange::afterwards()>;

  protocol(application answer, stay then, traffic& counts);

  /// Reads the request of `x` and writes its answer; nothing is sent yet.
  void answer(exchange& x);

private:
  void respond(const httplib::Request& from, httplib::Response& to, std::string body);
  void read_and_respond(const httplib::Request& from, httplib::Response& to,
                        const httplib::ContentReader& read);
  void finish(const httplib::Request& from, httplib::Response& to);

  const application application_;
  const stay then_;
};

} // namespace pickup::http

// A server on a free port of this machine, with a gateway in memory. Owned by the test; stops
// with it.
#pragma once

#include "domain/gazetteer.hpp"
#include "domain/service_areas.hpp"
#include "http/options.hpp"
#include "http/server.hpp"
#include "tests/http/fake_gateway.hpp"

#include <memory>
#include <thread>

namespace pickup::test {

/// Four places, the default ones among them.
const domain::gazetteer& places();

/// Taxis serve a rectangle about Seoul; pickups come everywhere.
const domain::service_areas& areas();

/// Few connections, short limits, a free port.
http::options small_options();

class running_server {
public:
  explicit running_server(const http::options& o = small_options());
  ~running_server();
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;

  fake_gateway& gateway() { return gateway_; }
  int port() const { return port_; }
  int operator_port() const { return operator_port_; }

  void drain(std::chrono::milliseconds limit = std::chrono::milliseconds{3500});
  /// Waits until run() has returned.
  void join();

private:
  fake_gateway gateway_;
  http::server server_;
  int port_ = 0;
  int operator_port_ = 0;
  std::thread thread_;
};

} // namespace pickup::test

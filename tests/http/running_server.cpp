#include "tests/http/running_server.hpp"

#include <stdexcept>
#include <utility>

namespace pickup::test {

using namespace std::chrono_literals;

const domain::gazetteer& places() {
  static const auto known =
      *domain::gazetteer::parse("name,romanised,lat,lng\n"
                                "서울시청,Seoul City Hall,37.5663,126.9779\n"
                                "서울역,Seoul Station,37.5547,126.9707\n"
                                "마포구,Mapo-gu,37.5663,126.9014\n"
                                "이수역,Isu Station,37.4853,126.9819\n");
  return known;
}

const domain::service_areas& areas() {
  using domain::position;
  static const auto served = std::move(*domain::service_areas::make(
      {{"서울",
        domain::service::taxi,
        {{{*position::at(37.43, 126.76), *position::at(37.43, 127.18),
           *position::at(37.70, 127.18), *position::at(37.70, 126.76),
           *position::at(37.43, 126.76)},
          {}}}}}));
  return served;
}

http::options small_options() {
  http::options o;
  o.listen = "127.0.0.1:0";
  o.operator_listen = "0";
  o.threads = 2;
  o.connections = 32;
  o.request_read_limit = 2s;
  o.write_limit = 2s;
  o.keep_alive = 10s;
  return o;
}

running_server::running_server(const http::options& o)
    : server_(o, gateway_, gateway_, gateway_, places(), areas()) {
  const auto port = server_.bind();
  if (!port)
    throw std::runtime_error{port.error().text};
  port_ = port->customers;
  operator_port_ = port->operators.value_or(0);
  thread_ = std::thread{[this] { server_.run(); }};
}

running_server::~running_server() {
  drain(0ms);
  join();
}

void running_server::drain(std::chrono::milliseconds limit) {
  server_.drain(limit);
}

void running_server::join() {
  if (thread_.joinable())
    thread_.join();
}

} // namespace pickup::test

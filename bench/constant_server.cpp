// The yardstick of bench/create_call and bench/mix: cpp-httplib as it is, answering every POST
// with the same 201, a GET with the same 200, a PUT or DELETE with 204. What pickupd answers
// less than this is the price of deciding and of being durable.
//   bench_constant_server PORT

#include <httplib.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace {

// As long as a real answer, so that both servers write the same number of bytes.
const std::string answer =
    R"({"id":123456,"service":"pickup","tel":"01012345678","location":null,"lat":37.512345,)"
    R"("lng":127.012345,"parcelType":"under10kg","cost":10000,"memo":null,"status":"호출확정",)"
    R"("phase":"CONFIRMED","courier":{"id":57,"name":"택배기사 57호","tel":"01000000057",)"
    R"("vehicle":"서울 12가 3457","distance":1234.5},"createdAt":"2026-01-01T00:00:00.000Z",)"
    R"("updatedAt":"2026-01-01T00:00:00.001Z","seq":123456,)"
    R"("correlationId":"0123456789abcdef0123456789abcdef",)"
    R"("_links":{"self":{"href":"/pickupcalls/123456"}}})";

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: bench_constant_server PORT\n";
    return 2;
  }
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(256); };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(1'000'000'000);
  server.set_keep_alive_timeout(60);

  // The library's backlog of 5 would leave some of the benchmark's connections waiting for a
  // second SYN: the yardstick is its speed at answering, not that.
  int listener = -1;
  server.set_socket_options([&](int fd) {
    listener = fd;
    httplib::default_socket_options(fd);
  });
  const auto empty = [](const httplib::Request&, httplib::Response& response) {
    response.status = 204;
  };
  server.Put(".*", empty);
  server.Delete(".*", empty);
  server.Get(".*", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(answer, "application/json");
  });
  server.Post(".*", [](const httplib::Request&, httplib::Response& response) {
    response.status = 201;
    response.set_content(answer, "application/json");
  });
  if (!server.bind_to_port("127.0.0.1", std::atoi(argv[1])) || ::listen(listener, 4096) != 0) {
    std::cerr << "bench_constant_server: listen on 127.0.0.1:" << argv[1] << ": refused\n";
    return 1;
  }
  return server.listen_after_bind() ? 0 : 1;
}

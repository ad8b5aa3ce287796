#include "http/head_check.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/http/running_server.hpp"

#include <boost/fiber/future/promise.hpp>
#include <catch2/catch.hpp>
#include <zlib.h>

#include <atomic>
#include <exception>
#include <future>
#include <thread>
#include <vector>

using namespace pickup;
using namespace pickup::test;
using namespace std::chrono_literals;

namespace {

constexpr auto short_call = R"({"tel":"01012345678"})";
constexpr auto live = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";

std::string chunked(std::string_view chunks, std::string_view more_headers = "") {
  std::string text =
      "POST /pickupcalls HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n";
  return text.append(more_headers).append("\r\n").append(chunks);
}

std::string gzipped(std::string text) {
  z_stream z{};
  REQUIRE(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&z, text.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(text.data());
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

bool is_listened_to(int port) {
  try {
    const raw_client reached{port};
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

// Holds the first request inside the gateway until let go; its thread serves others meanwhile.
class gate {
public:
  explicit gate(fake_gateway& g) {
    g.before_create = [this] {
      if (closed_.exchange(true))
        return;
      entered_.set_value();
      let_go_.get_future().wait();
    };
  }
  void await_entry() { entered_.get_future().wait(); }
  void open() { let_go_.set_value(); }

private:
  std::atomic<bool> closed_{false};
  boost::fibers::promise<void> entered_;
  boost::fibers::promise<void> let_go_;
};

} // namespace

TEST_CASE("a taken port is refused") {
  running_server first;
  auto o = small_options();
  o.listen = "127.0.0.1:" + std::to_string(first.port());
  fake_gateway gateway;
  http::server second{o, gateway, gateway, gateway, places(), areas()};
  const auto port = second.bind();
  REQUIRE_FALSE(port);
  CHECK(port.error().text == "listen: " + o.listen + ": Address already in use");
}

TEST_CASE("an address that is not ours is refused") {
  auto o = small_options();
  o.listen = "192.0.2.1:0";
  fake_gateway gateway;
  CHECK_FALSE(http::server{o, gateway, gateway, gateway, places(), areas()}.bind());
}

TEST_CASE("a default place that nobody knows is refused at the start") {
  auto o = small_options();
  o.default_place_taxi = "아무데도";
  fake_gateway gateway;
  const auto port = http::server{o, gateway, gateway, gateway, places(), areas()}.bind();
  REQUIRE_FALSE(port);
  CHECK(port.error().text == "start http: default place \"아무데도\": not in the gazetteer");
}

TEST_CASE("pipelined requests are answered in order") {
  running_server s;
  raw_client client{s.port()};
  client.send(post("/pickupcalls", short_call) + live + post("/pickupcalls", "{}") + "\r\n"
              + live);
  CHECK(client.receive().status == 201);
  CHECK(client.receive().status == 200);
  CHECK(client.receive().status == 400);
  CHECK(client.receive().status == 200);
}

TEST_CASE("the place of a call on a Korean path is percent-encoded") {
  running_server s;
  CHECK(exchange(s.port(), post("/택시호출s", short_call)).headers.at("Location")
        == "/%ED%83%9D%EC%8B%9C%ED%98%B8%EC%B6%9Cs/1");
}

TEST_CASE("a connection is kept until the client wants it closed") {
  running_server s;
  raw_client client{s.port()};
  for (int i = 0; i < 100; ++i)
    CHECK(client.send(live).receive().status == 200);
  const auto last = client.send("GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n").receive();
  CHECK(last.headers.at("Connection") == "close");
  CHECK(client.is_closed_silently());
}

TEST_CASE("an HTTP/1.0 client is answered, and kept when it asks") {
  running_server s;
  CHECK(exchange(s.port(), "GET /livez HTTP/1.0\r\n\r\n").headers.at("Connection") == "close");
  raw_client client{s.port()};
  const auto* request = "GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  CHECK(client.send(request).receive().headers.at("Connection") == "keep-alive");
  CHECK(client.send(request).receive().status == 200);
}

TEST_CASE("a client may say in any case, among other options, that it closes") {
  running_server s;
  raw_client client{s.port()};
  const auto a = client.send("GET /livez HTTP/1.1\r\nConnection: TE, Close\r\n\r\n").receive();
  CHECK(a.headers.at("Connection") == "close");
  CHECK(client.is_closed_silently());
}

TEST_CASE("an answer says no more than it must") {
  running_server s;
  const auto a = exchange(s.port(), "GET /livez HTTP/1.1\r\nAccept-Encoding: gzip, br\r\n"
                                    "Range: bytes=0-1\r\n\r\n");
  CHECK(a.status == 200);
  CHECK(a.body == R"({"status":"up"})");
  CHECK(a.headers.size() == 3); // Content-Type, Content-Length, X-Correlation-Id
  const auto none = exchange(s.port(), "OPTIONS /livez HTTP/1.1\r\n\r\n");
  CHECK(none.status == 204);
  CHECK(none.headers.size() == 2); // Allow, X-Correlation-Id
}

TEST_CASE("the longest range that is read needs no more stack than there is") {
  running_server s;
  const auto range = "Range: bytes=" + std::string(256 - 14, '0') + "-";
  REQUIRE(range.size() == 256);
  CHECK(exchange(s.port(), "GET /livez HTTP/1.1\r\n" + range + "\r\n\r\n").status != 431);
  CHECK(exchange(s.port(), "GET /livez HTTP/1.1\r\n" + range + "0\r\n\r\n").status == 431);
}

TEST_CASE("a path as long as a line may be is looked up like any other") {
  running_server s;
  const std::string start = "GET /", end = " HTTP/1.1";
  const auto longest = std::string(http::max_line - start.size() - end.size(), 'a');
  CHECK(exchange(s.port(), start + longest + end + "\r\n\r\n").status == 404);
  CHECK(exchange(s.port(), start + longest + "a" + end + "\r\n\r\n").status == 414);
  CHECK(exchange(s.port(), "POST /" + longest.substr(1) + end + "\r\n\r\n").status == 404);
}

TEST_CASE("a request may come in pieces") {
  running_server s;
  raw_client client{s.port()};
  const auto text = post("/pickupcalls", short_call);
  for (const char c : text)
    client.send({&c, 1});
  CHECK(client.receive().status == 201);
}

TEST_CASE("a body that drips is cut off when the request's time is over") {
  auto o = small_options();
  o.request_read_limit = 50ms;
  running_server s{o};
  raw_client client{s.port()};
  const auto a =
      client.send("POST /pickupcalls HTTP/1.1\r\nContent-Length: 20\r\n\r\n{").receive();
  CHECK(a.status == 408);
  CHECK(a.headers.at("Connection") == "close");
}

TEST_CASE("a head that drips is cut off when the request's time is over") {
  auto o = small_options();
  o.request_read_limit = 50ms;
  running_server s{o};
  CHECK(exchange(s.port(), "GET /livez HTTP/1.1\r\nX-Slow: ").status == 408);
}

TEST_CASE("an idle connection is closed without a word") {
  auto o = small_options();
  o.keep_alive = 50ms;
  running_server s{o};
  raw_client client{s.port()};
  CHECK(client.send(live).receive().status == 200);
  CHECK(client.is_closed_silently());
}

TEST_CASE("a client that goes away in the middle harms nobody") {
  running_server s;
  raw_client{s.port()}.send("POST /pickupcalls HTTP/1.1\r\nContent-Length: 20\r\n\r\n{");
  raw_client{s.port()}.send("GET /liv");
  CHECK(exchange(s.port(), live).status == 200);
}

TEST_CASE("a client that waits for leave to send its body gets it") {
  running_server s;
  raw_client client{s.port()};
  client.send("POST /pickupcalls HTTP/1.1\r\nContent-Type: application/json\r\n"
              "Expect: 100-continue\r\nContent-Length: 21\r\n\r\n");
  client.send(short_call);
  CHECK(client.receive().status == 201);
}

TEST_CASE("leave to send a body is given as soon as it is asked for") {
  running_server s;
  raw_client client{s.port()};
  client.send("POST /pickupcalls HTTP/1.1\r\nContent-Type: application/json\r\n"
              "Expect: 100-continue\r\nContent-Length: 21\r\n\r\n");
  CHECK(client.receive_line() == "HTTP/1.1 100 Continue");
}

TEST_CASE("the rest of a request that is answered early is not taken for another one") {
  running_server s;
  raw_client client{s.port()};
  const auto a =
      client.send("GET /livez HTTP/1.1\r\nContent-Length: 31\r\n\r\n" + std::string{live})
          .receive();
  CHECK(a.status == 200);
  CHECK(a.headers.at("Connection") == "close");
  CHECK(client.is_closed_silently());
}

TEST_CASE("a POST that announces no body has none") {
  running_server s;
  raw_client client{s.port()};
  client.send(std::string{"POST /couriers/1/jobs/1/arrived HTTP/1.1\r\n\r\n"} + live);
  CHECK(client.receive().status == 404);
  CHECK(client.receive().status == 200);
}

TEST_CASE("a body may come in chunks") {
  running_server s;
  std::string chunks;
  for (const char c : std::string_view{short_call})
    chunks.append("1\r\n").append(1, c).append("\r\n");
  CHECK(exchange(s.port(), chunked(chunks + "0\r\n\r\n")).status == 201);
}

TEST_CASE("a body in broken chunks is refused") {
  running_server s;
  CHECK(exchange(s.port(), chunked("x\r\n\r\n")).status == 400);
}

TEST_CASE("a body in chunks is limited like any other") {
  running_server s;
  const auto chunk = "8000\r\n" + std::string(0x8000, ' ') + "\r\n";
  const auto a = exchange(s.port(), chunked(chunk + chunk + chunk + "0\r\n\r\n"));
  CHECK(a.status == 413);
  CHECK(a.headers.at("Content-Type") == "application/problem+json");
}

TEST_CASE("chunk framing without end is refused") {
  auto o = small_options();
  o.max_body = 100;
  running_server s{o};
  CHECK(exchange(s.port(), chunked(std::string{"1;"}.append(2000, 'x'))).status == 413);
}

TEST_CASE("a compressed body is unpacked") {
  running_server s;
  CHECK(exchange(s.port(),
                 post("/pickupcalls", gzipped(short_call), "Content-Encoding: gzip\r\n"))
            .status
        == 201);
}

TEST_CASE("a body that is compressed otherwise, or not as it says, is refused") {
  running_server s;
  const auto status = [&s](std::string_view encoding) {
    return exchange(s.port(), post("/pickupcalls", short_call,
                                   "Content-Encoding: " + std::string{encoding} + "\r\n"))
        .status;
  };
  CHECK(status("zstd") == 415);
  CHECK(status("gzip") == 400);
  CHECK(status("identity") == 201);
}

TEST_CASE("a small body that unpacks to a large one is refused") {
  running_server s;
  const auto bomb = gzipped(std::string(10'000'000, ' '));
  REQUIRE(bomb.size() < 65'536);
  CHECK(exchange(s.port(), post("/pickupcalls", bomb, "Content-Encoding: gzip\r\n")).status
        == 413);
}

TEST_CASE("a body over 64 KiB is refused, one of exactly 64 KiB is not") {
  running_server s;
  const auto body = [](std::size_t size) {
    const std::string start = R"({"tel":"01012345678","x":")";
    return start + std::string(size - start.size() - 2, 'a') + "\"}";
  };
  CHECK(exchange(s.port(), post("/pickupcalls", body(65'536))).status == 201);
  CHECK(exchange(s.port(), post("/pickupcalls", body(65'537))).status == 413);
}

TEST_CASE("bad heads are answered with a problem, and the connection closed") {
  running_server s;
  raw_client client{s.port()};
  const auto a = client
                     .send("POST /pickupcalls HTTP/1.1\r\nContent-Length: 1\r\n"
                           "Content-Length: 1\r\n\r\n{"
                           + std::string{live})
                     .receive();
  CHECK(a.status == 400);
  CHECK(a.headers.at("Content-Type") == "application/problem+json");
  CHECK(a.headers.at("X-Correlation-Id").size() == 32);
  CHECK(client.is_closed_silently());
  for (const auto* line : {"GET", "GET /livez", "GET /livez HTTP/2.0", "GET /livez HTTP/1.1 x",
                           "/livez HTTP/1.1", "\x01"})
    CHECK(exchange(s.port(), std::string{line} + "\r\n\r\n").status == 400);
  CHECK(exchange(s.port(), "GET /livez HTTP/1.1\r\nRange: x\r\n\r\n").status == 416);
  std::string many = "GET /livez HTTP/1.1\r\n";
  for (int i = 0; i < 101; ++i)
    many += "X: 1\r\n";
  CHECK(exchange(s.port(), many + "\r\n").status == 431);
}

TEST_CASE("a connection too many is told to come back, though it says nothing") {
  auto o = small_options();
  o.connections = 2;
  running_server s{o};
  gate g{s.gateway()};
  raw_client served{s.port()};
  served.send(post("/pickupcalls", short_call));
  g.await_entry();
  raw_client slow{s.port()};
  slow.send("POST /pickupcalls HTTP/1.1\r\nContent-Type: application/json\r\n"
            "Expect: 100-continue\r\nContent-Length: 21\r\n\r\n");
  REQUIRE(slow.receive_line() == "HTTP/1.1 100 Continue"); // and so is not idle
  raw_client refused{s.port()};
  const auto a = refused.receive();
  CHECK(a.status == 503);
  CHECK(a.headers.at("Retry-After") == "1");
  CHECK(a.headers.at("Content-Type") == "application/problem+json");
  CHECK(refused.is_closed_silently());
  CHECK(exchange(s.port(), post("/pickupcalls", short_call)).status == 503);
  CHECK(exchange(s.port(), live).status == 200); // there is always room to ask after health
  g.open();
  CHECK(served.receive().status == 201);
}

TEST_CASE("an idle connection makes way for a new one") {
  auto o = small_options();
  o.connections = 2;
  running_server s{o};
  raw_client first{s.port()};
  CHECK(first.send(live).receive().status == 200);
  raw_client second{s.port()};
  CHECK(second.send(live).receive().status == 200);
  // Just after its answer a connection need not be idle yet: either may be the longest, or the
  // new one may find room in what is kept for health.
  int answered = 400;
  for (int turn = 0; turn < 100 && answered == 400; ++turn) {
    CHECK(exchange(s.port(), live).status == 200);
    answered = first.send(live).receive().status + second.send(live).receive().status;
  }
  CHECK(answered == 200);
}

TEST_CASE("a client that sends many requests at once leaves others their turn") {
  auto o = small_options();
  o.threads = 1;
  running_server s{o};
  raw_client other{s.port()};
  CHECK(other.send(live).receive().status == 200);
  int turns = 0;
  int turns_before_other = 0;
  s.gateway().before_alive = [&] {
    if (++turns == 10)
      other.send("GET /readyz HTTP/1.1\r\n\r\n");
  };
  s.gateway().before_not_ready = [&] { turns_before_other = turns; };
  raw_client greedy{s.port()};
  std::string many;
  for (int i = 0; i < 300; ++i)
    many += live;
  greedy.send(many);
  CHECK(other.receive().status == 200);
  for (int i = 0; i < 300; ++i)
    CHECK(greedy.receive().status == 200);
  CHECK(turns_before_other >= 10);
  CHECK(turns_before_other < 150);
}

TEST_CASE("a request that waits holds up nobody else on its thread") {
  auto o = small_options();
  o.threads = 1;
  running_server s{o};
  gate g{s.gateway()};
  raw_client waiting{s.port()};
  waiting.send(post("/pickupcalls", short_call));
  g.await_entry();
  CHECK(exchange(s.port(), live).status == 200);
  g.open();
  CHECK(waiting.receive().status == 201);
}

TEST_CASE("at most half of the connections hold answers back") {
  auto o = small_options();
  o.connections = 2;
  running_server s{o};
  gate g{s.gateway()};
  raw_client holding{s.port()};
  holding.send(post("/pickupcalls", short_call, "Prefer: wait=5\r\n"));
  g.await_entry();
  const auto a = exchange(s.port(), post("/pickupcalls", short_call, "Prefer: wait=5\r\n"));
  CHECK(a.status == 201);
  CHECK_FALSE(a.headers.contains("Preference-Applied"));
  g.open();
  CHECK(holding.receive().headers.at("Preference-Applied") == "wait=5");
}

TEST_CASE("a request too many is refused unread, and its connection kept") {
  auto o = small_options();
  o.in_flight = 1;
  running_server s{o};
  gate g{s.gateway()};
  raw_client first{s.port()};
  first.send(post("/pickupcalls", short_call));
  g.await_entry();
  raw_client second{s.port()};
  const auto refused = second.send(post("/pickupcalls", short_call)).receive();
  CHECK(refused.status == 503);
  CHECK(refused.headers.at("Retry-After") == "1");
  CHECK(refused.headers.at("Content-Type") == "application/problem+json");
  CHECK_FALSE(refused.headers.contains("Connection"));
  CHECK(second.send(live).receive().status == 200);
  // What has not arrived whole is not waited for.
  raw_client third{s.port()};
  const auto closed =
      third.send("POST /pickupcalls HTTP/1.1\r\nContent-Length: 9\r\n\r\n").receive();
  CHECK(closed.status == 503);
  CHECK(closed.headers.at("Connection") == "close");
  g.open();
  CHECK(first.receive().status == 201);
  CHECK(second.send(post("/pickupcalls", short_call)).receive().status == 201);
}

TEST_CASE("a refusal of a request that is not read heeds what its head says of the answer") {
  auto o = small_options();
  o.in_flight = 1;
  running_server s{o};
  gate g{s.gateway()};
  raw_client first{s.port()};
  first.send(post("/pickupcalls", short_call));
  g.await_entry();
  raw_client heading{s.port()};
  heading.send("HEAD /pickupcalls HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(heading.receive_line() == "HTTP/1.1 503 Service Unavailable");
  while (!heading.receive_line().empty()) {
  }
  CHECK(heading.send(live).receive_line() == "HTTP/1.1 200 OK"); // no body came before it
  for (const auto* head : {"GET /pickupcalls HTTP/1.1\r\nConnection: Upgrade, Close\r\n",
                           "GET /pickupcalls HTTP/1.0\r\n"}) {
    raw_client closing{s.port()};
    const auto refused = closing.send(std::string{head}.append("Host: a\r\n\r\n")).receive();
    CHECK(refused.status == 503);
    CHECK(refused.headers.at("Connection") == "close");
    CHECK(closing.is_closed_silently());
  }
  g.open();
  CHECK(first.receive().status == 201);
}

TEST_CASE("a body that is on its way takes nobody's place") {
  auto o = small_options();
  o.in_flight = 1;
  running_server s{o};
  raw_client slow{s.port()};
  slow.send("POST /pickupcalls HTTP/1.1\r\nContent-Type: application/json\r\n"
            "Expect: 100-continue\r\nContent-Length: 21\r\n\r\n");
  REQUIRE(slow.receive_line() == "HTTP/1.1 100 Continue"); // its head was read, and let in
  slow.receive_line();
  slow.send(std::string_view{short_call}.substr(0, 5));
  for (int i = 0; i < 10; ++i)
    CHECK(exchange(s.port(), post("/pickupcalls", short_call)).status == 201);
  slow.send(std::string_view{short_call}.substr(5));
  CHECK(slow.receive().status == 201);
}

TEST_CASE("an answer that is held takes nobody's place") {
  auto o = small_options();
  o.in_flight = 1;
  running_server s{o};
  gate g{s.gateway()};
  raw_client holding{s.port()};
  holding.send(post("/pickupcalls", short_call, "Prefer: wait=5\r\n"));
  g.await_entry();
  CHECK(exchange(s.port(), post("/pickupcalls", short_call)).status == 201);
  g.open();
  CHECK(holding.receive().status == 201);
}

TEST_CASE("operators are answered on their own port, whatever the other one does") {
  auto o = small_options();
  o.operator_listen = "127.0.0.1:0";
  o.in_flight = 1;
  running_server s{o};
  gate g{s.gateway()};
  raw_client busy{s.port()};
  busy.send(post("/pickupcalls", short_call));
  g.await_entry();
  for (const auto* path : {"/livez", "/readyz", "/metrics"})
    CHECK(exchange(s.operator_port(), std::string{"GET "} + path + " HTTP/1.1\r\n\r\n").status
          == 200);
  CHECK(exchange(s.operator_port(), post("/livez", "{}")).status == 405);
  CHECK(exchange(s.operator_port(), post("/pickupcalls", short_call)).status == 404);
  g.open();
  CHECK(busy.receive().status == 201);
}

TEST_CASE("a drain closes idle connections and finishes what is in flight") {
  running_server s;
  gate g{s.gateway()};
  raw_client idle{s.port()};
  CHECK(idle.send(live).receive().status == 200);
  raw_client busy{s.port()};
  busy.send(post("/pickupcalls", short_call));
  g.await_entry();
  s.drain();
  CHECK(idle.is_closed_silently());
  while (is_listened_to(s.port()))
    std::this_thread::yield();
  g.open();
  const auto a = busy.receive();
  CHECK(a.status == 201);
  CHECK(a.headers.at("Connection") == "close");
  CHECK(busy.is_closed_silently());
  s.join();
}

TEST_CASE("a drain does not wait for ever") {
  running_server s;
  gate g{s.gateway()};
  raw_client stuck{s.port()};
  stuck.send(post("/pickupcalls", short_call));
  g.await_entry();
  s.drain(50ms);
  s.join();
  CHECK(stuck.is_closed_silently());
  g.open();
}

TEST_CASE("a drain of a server nobody uses is over at once") {
  running_server s;
  const auto started = std::chrono::steady_clock::now();
  s.drain();
  s.join();
  CHECK(std::chrono::steady_clock::now() - started < 1s);
}

TEST_CASE("many clients at once are all answered") {
  running_server s;
  std::vector<std::future<int>> answers;
  for (int i = 0; i < 16; ++i)
    answers.push_back(std::async(std::launch::async, [&s] {
      raw_client client{s.port()};
      int good = 0;
      for (int n = 0; n < 50; ++n)
        good += client.send(post("/pickupcalls", short_call)).receive().status == 201 ? 1 : 0;
      return good;
    }));
  for (auto& a : answers)
    CHECK(a.get() == 50);
}

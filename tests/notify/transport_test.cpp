// The transport over real sockets, against a small server in this process.
#include "notify/transport.hpp"
#include "tests/notify/letters.hpp"

#include <catch2/catch.hpp>
#include <httplib.h>

#include <atomic>
#include <future>
#include <set>
#include <thread>

using namespace pickup;
using namespace pickup::notify;
using namespace pickup::testing;

namespace {

class small_server {
public:
  small_server() {
    server.new_task_queue = [] { return new httplib::ThreadPool{8}; };
    port = server.bind_to_any_port("127.0.0.1");
    thread_ = std::thread{[this] { server.listen_after_bind(); }};
    while (!server.is_running())
      std::this_thread::yield();
  }
  ~small_server() {
    server.stop();
    thread_.join();
  }

  options settings() const {
    options o;
    o.in_flight = 2;
    o.alimtalk.base_url = "http://127.0.0.1:" + std::to_string(port);
    o.alimtalk.app_key = "app";
    o.alimtalk.secret_key = "secret";
    o.alimtalk.connect_timeout = 300ms;
    o.alimtalk.request_timeout = 300ms;
    return o;
  }

  httplib::Server server;
  int port = 0;

private:
  std::thread thread_;
};

answer exchange(transport& t, request r) {
  std::promise<answer> promise;
  t.submit(std::move(r), [&](answer a) { promise.set_value(std::move(a)); });
  return promise.get_future().get();
}

std::unique_ptr<transport> transport_of(const options& o) {
  auto made = make_http_transport(o);
  REQUIRE(made);
  return std::move(*made);
}

const request question{provider::alimtalk, "GET", "/messages/R%201/1", "", ""};

} // namespace

TEST_CASE("a request goes to the account, with its secret and its key, over one connection") {
  small_server s;
  std::set<int> ports;
  s.server.Post("/alimtalk/v2.3/appkeys/app/messages",
                [&](const httplib::Request& q, httplib::Response& a) {
                  ports.insert(q.remote_port);
                  a.set_content(q.get_header_value("X-Secret-Key") + " "
                                    + q.get_header_value("X-NC-API-IDEMPOTENCY-KEY") + " "
                                    + q.get_header_value("Content-Type") + " " + q.body,
                                "text/plain");
                });
  auto o = s.settings();
  o.in_flight = 1;
  const auto t = transport_of(o);
  for (int i = 0; i < 3; ++i) {
    const auto a = exchange(*t, {provider::alimtalk, "POST", "/messages", "{}", "key"});
    CHECK(a.status == 200);
    CHECK(a.body == "secret key application/json;charset=UTF-8 {}");
  }
  CHECK(ports.size() == 1);
}

TEST_CASE("Retry-After comes with the answer") {
  small_server s;
  s.server.Get(".*", [](const httplib::Request&, httplib::Response& a) {
    a.status = 429;
    a.set_header("Retry-After", "7");
  });
  const auto t = transport_of(s.settings());
  const auto a = exchange(*t, question);
  CHECK(a.status == 429);
  CHECK(a.retry_after == 7s);
}

TEST_CASE("a provider that does not answer in time may have the request") {
  small_server s;
  std::promise<void> end;
  const auto ended = end.get_future().share();
  s.server.Get(".*", [ended](const httplib::Request&, httplib::Response&) { ended.wait(); });
  const auto t = transport_of(s.settings());
  const auto a = exchange(*t, question);
  CHECK(a.status == 0);
  CHECK(a.may_have_arrived);
  end.set_value();
}

TEST_CASE("a provider that cannot be reached does not have it") {
  auto o = small_server{}.settings(); // the server is gone
  const auto t = transport_of(o);
  const auto a = exchange(*t, question);
  CHECK(a.status == 0);
  CHECK_FALSE(a.may_have_arrived);
}

TEST_CASE("an answer that is too large is cut off") {
  small_server s;
  s.server.Get(".*", [](const httplib::Request&, httplib::Response& a) {
    a.set_content(std::string(3 << 20, 'x'), "text/plain");
  });
  const auto t = transport_of(s.settings());
  const auto a = exchange(*t, question);
  CHECK(a.status == 0);
  CHECK(a.error == "the answer is too large");
}

TEST_CASE("stopping answers everything, and soon") {
  small_server s;
  std::promise<void> end;
  const auto ended = end.get_future().share();
  s.server.Get(".*", [ended](const httplib::Request&, httplib::Response&) { ended.wait(); });
  auto o = s.settings();
  o.alimtalk.request_timeout = 1min;
  const auto t = transport_of(o);
  std::atomic<int> answered = 0;
  for (int i = 0; i < 10; ++i)
    t->submit(question, [&](const answer&) { ++answered; });
  t->stop();
  CHECK(answered == 10);
  t->submit(question, [&](const answer& a) { answered += a.may_have_arrived ? 0 : 1; });
  CHECK(answered == 11);
  end.set_value();
}

TEST_CASE("a certificate file that cannot be used is refused at once") {
  small_server s;
  auto o = s.settings();
  o.alimtalk.ca_file = "/nowhere/ca.pem";
  const auto made = make_http_transport(o);
  REQUIRE_FALSE(made);
  CHECK(made.error().text
        == "alimtalk.ca_file: must be a file of certificates (PEM), got \"/nowhere/ca.pem\"");
}

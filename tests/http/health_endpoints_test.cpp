#include "tests/http/client.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace pickup;
using namespace pickup::test;

TEST_CASE("a server is alive while the actors answer") {
  company c;
  CHECK(c.http.get("/livez").status == 200);
  c.server.gateway().scheduler_answers = false;
  CHECK(c.http.get("/livez").status == 503);
}

TEST_CASE("a server that is not ready says why") {
  company c;
  CHECK(c.http.get("/readyz").status == 200);
  c.server.gateway().reasons_not_ready = {"dispatcher pickup/0: rebuilding", "journal: closed"};
  const auto down = c.http.get("/readyz");
  CHECK(down.status == 503);
  CHECK(std::string{down.json["detail"].GetString()}
        == "check readiness: dispatcher pickup/0: rebuilding; journal: closed");
  CHECK(down.header("Content-Type") == "application/problem+json");
}

TEST_CASE("metrics are the gateway's and the server's own") {
  company c;
  c.server.gateway().own_metrics = {{"pickup_calls", "Live calls.", false, "", 7}};
  c.http.get("/nothing");
  const auto metrics = c.http.get("/metrics");
  CHECK(metrics.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(metrics.text.find("pickup_calls 7\n") != std::string::npos);
  CHECK(metrics.text.find("pickupd_http_requests_total{method=\"GET\",status=\"4xx\"} 1\n")
        != std::string::npos);
  // Those of the requests before are closed a little after their answers.
  while (c.http.get("/metrics").text.find("pickupd_http_connections 1\n") == std::string::npos)
    std::this_thread::yield();
}

TEST_CASE("HEAD answers like GET, without the body") {
  company c;
  const auto head = c.http.send("HEAD", "/livez");
  CHECK(head.status == 200);
  CHECK(head.text.empty());
  CHECK(head.header("Content-Length") == "15");
  CHECK(head.header("Accept-Ranges").empty());
}

TEST_CASE("OPTIONS tells what may be done") {
  company c;
  const auto options = c.http.send("OPTIONS", "/pickupcalls/1");
  CHECK(options.status == 204);
  CHECK(options.header("Allow") == "GET, HEAD, DELETE, OPTIONS");
  CHECK(options.header("Content-Length").empty());
}

TEST_CASE("a wrong method is refused with the right ones") {
  company c;
  for (const auto* method : {"PUT", "DELETE", "PATCH", "TRACE", "CONNECT"}) {
    const auto refused = c.http.send(method, "/pickupcalls");
    CHECK(refused.status == 405);
    CHECK(refused.header("Allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(refused.header("Content-Type") == "application/problem+json");
  }
}

TEST_CASE("a method that is not HTTP's is a wrong one like others") {
  company c;
  const auto refused = c.http.send("BREW", "/pickupcalls");
  CHECK(refused.status == 405);
  CHECK(refused.header("Allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(refused.header("Content-Type") == "application/problem+json");
  CHECK(c.http.send("BREW", "/nothing").status == 404);
}

TEST_CASE("a body that is not JSON by its own word is refused") {
  company c;
  const auto status = [&c](const std::string& type) {
    return c.http
        .send("POST", "/pickupcalls", {{"Content-Type", type}}, R"({"tel":"01012345678"})")
        .status;
  };
  CHECK(status("application/json") == 201);
  CHECK(status("Application/JSON; charset=\"UTF-8\"") == 201);
  CHECK(status("text/plain") == 415);
  CHECK(status("application/x-www-form-urlencoded") == 415);
  CHECK(status("multipart/form-data; boundary=x") == 415);
  CHECK(status("application/json; charset=euc-kr") == 415);
}

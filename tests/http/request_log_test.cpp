#include "http/request_log.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace std::chrono_literals;

namespace {

http::logged_request request(std::string id, domain::timestamp at, std::string path = "/") {
  return {at, "GET", std::move(path), 200, 1ms, std::move(id)};
}

} // namespace

TEST_CASE("requests are found by what they caused, oldest first") {
  http::request_log log;
  log.add(request("b", domain::timestamp{3s}));
  log.add(request("a", domain::timestamp{2s}));
  log.add(request("c", domain::timestamp{1s}));
  const auto found = log.find({"a", "b", "x"});
  REQUIRE(found.size() == 2);
  CHECK(found[0].correlation_id == "a");
  CHECK(found[1].correlation_id == "b");
}

TEST_CASE("only the latest requests are kept") {
  http::request_log log;
  for (int i = 0; i < 5000; ++i)
    log.add(request("same", domain::timestamp{std::chrono::seconds{i}}));
  const auto found = log.find({"same"});
  CHECK(found.size() == 1024);
  CHECK(found.back().at == domain::timestamp{4999s});
  CHECK(found.front().at == domain::timestamp{3976s});
}

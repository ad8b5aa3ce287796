#include "http/request_log.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace pickup;
using namespace std::chrono_literals;

namespace {

http::logged_request request(std::string id, domain::timestamp at,
                             std::string path = "/pickupcalls") {
  return {at, "POST", std::move(path), 201, 1ms, std::move(id)};
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

TEST_CASE("of one correlation id only the latest requests are kept") {
  http::request_log log;
  for (int i = 0; i < 5000; ++i)
    log.add(request("same", domain::timestamp{std::chrono::seconds{i}}));
  const auto found = log.find({"same"});
  REQUIRE(found.size() == http::request_log::most_of_one);
  CHECK(found.back().at == domain::timestamp{4999s});
  CHECK(found.front().at == domain::timestamp{4744s});
}

TEST_CASE("one correlation id for all requests does not drive out those of others") {
  http::request_log log;
  for (int i = 0; i < 100; ++i)
    log.add(request("other " + std::to_string(i), domain::timestamp{1s}));
  for (int i = 0; i < 100'000; ++i)
    log.add(request("same", domain::timestamp{2s}));
  for (int i = 0; i < 100; ++i)
    CHECK(log.find({"other " + std::to_string(i)}).size() == 1);
}

TEST_CASE("of many correlation ids the latest requests are kept") {
  http::request_log log;
  constexpr int many = 100'000;
  for (int i = 0; i < many; ++i)
    log.add(request(std::to_string(i / 2), domain::timestamp{std::chrono::seconds{i}}));
  CHECK(log.find({"0", "1", "2"}).empty());
  CHECK(log.find({std::to_string(many / 2 - 1)}).size() == 2);
  std::set<std::string> all;
  for (int i = 0; i < many / 2; ++i)
    all.insert(std::to_string(i));
  CHECK(log.find(all).size() == 8 * 4096);
}

TEST_CASE("what cannot have changed a call does not drive out what has") {
  http::request_log log;
  log.add(request("made", domain::timestamp{1s}));
  auto read = request("read", domain::timestamp{2s});
  read.method = "GET";
  auto refused = request("refused", domain::timestamp{2s}, "/nowhere");
  refused.status = 404;
  for (const auto& other :
       {read, refused, request("place", domain::timestamp{2s}, "/couriers/5/location"),
        request("places", domain::timestamp{2s}, "/couriers/locations")}) {
    log.add(other);
    CHECK(log.find({other.correlation_id}).empty());
  }
  CHECK(log.find({"made"}).size() == 1);
}

TEST_CASE("a long path is kept in part") {
  http::request_log log;
  log.add(request("long", domain::timestamp{1s}, '/' + std::string(7000, 'x')));
  CHECK(log.find({"long"}).front().path.size() == 200);
}

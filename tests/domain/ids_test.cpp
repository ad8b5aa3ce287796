#include "domain/ids.hpp"

#include <catch2/catch.hpp>

#include <type_traits>
#include <unordered_set>

using namespace pickup::domain;

namespace {

constexpr shard_id pickup_0{service::pickup, zone_no{0}};
constexpr shard_id taxi_0{service::taxi, zone_no{0}};
constexpr std::uint64_t last_n = (std::uint64_t{1} << 40) - 1;

} // namespace

TEST_CASE("identities of different kinds do not mix") {
  STATIC_REQUIRE_FALSE(std::is_constructible_v<courier_id, seq_no>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<std::uint64_t, courier_id>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<courier_id, std::uint64_t>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<std::uint64_t, call_id>);
}

TEST_CASE("identities are as small as their numbers") {
  STATIC_REQUIRE(sizeof(call_id) == 8);
  STATIC_REQUIRE(sizeof(courier_id) == 8);
  STATIC_REQUIRE(sizeof(version_no) == 4);
}

TEST_CASE("calls count from 1 in each service's first zone") {
  CHECK(call_id{pickup_0, 1}.number() == 1);
  CHECK(call_id{taxi_0, 1}.number() == 1);
  CHECK(call_id{pickup_0, 1} != call_id{taxi_0, 1});
}

TEST_CASE("a call's number in another zone is zone times 2^40 plus its place") {
  const call_id id{{service::taxi, zone_no{3}}, 7};
  CHECK(id.number() == 3 * (std::uint64_t{1} << 40) + 7);
}

TEST_CASE("a call knows its service, its shard and its place there") {
  for (auto s : services)
    for (const unsigned zone : {0U, 1U, 255U, 8191U, 65535U})
      for (const std::uint64_t n : {std::uint64_t{1}, std::uint64_t{12345}, last_n}) {
        const shard_id shard{s, zone_no{static_cast<std::uint16_t>(zone)}};
        const call_id id{shard, n};
        CHECK(id.service() == s);
        CHECK(id.shard() == shard);
        CHECK(id.n() == n);
        CHECK(call_id::from_packed(id.packed()) == id);
      }
}

TEST_CASE("every call of the first 8,192 zones has a number a JSON reader keeps exactly") {
  const call_id last{{service::taxi, zone_no{8191}}, last_n};
  CHECK(last.number() == call_id::max_number);
  CHECK(call_id::max_number == 9'007'199'254'740'991);
}

TEST_CASE("a number and its service name the call") {
  for (auto s : services)
    for (const unsigned zone : {0U, 8191U}) {
      const call_id id{{s, zone_no{static_cast<std::uint16_t>(zone)}}, 42};
      CHECK(call_id::of_number(s, id.number()) == id);
    }
}

TEST_CASE("no call has the number 0 or one of 2^53 and above") {
  CHECK_FALSE(call_id::of_number(service::pickup, 0));
  CHECK_FALSE(call_id::of_number(service::pickup, call_id::max_number + 1));
  CHECK_FALSE(call_id::of_number(service::taxi, ~std::uint64_t{0}));
  CHECK(call_id::of_number(service::pickup, call_id::max_number));
}

TEST_CASE("calls of a shard sort by their place") {
  CHECK(call_id{pickup_0, 9} < call_id{pickup_0, 10});
  CHECK(call_id{pickup_0, last_n} < call_id{{service::pickup, zone_no{1}}, 1});
  CHECK(call_id{{service::pickup, zone_no{65535}}, last_n} < call_id{taxi_0, 1});
}

TEST_CASE("identities are keys of hash tables") {
  const std::unordered_set<call_id> calls{call_id{pickup_0, 1}, call_id{taxi_0, 1}};
  const std::unordered_set<shard_id> shards{pickup_0, taxi_0, {service::pickup, zone_no{1}}};
  const std::unordered_set<courier_id> couriers{courier_id{1}, courier_id{1}};
  CHECK(calls.size() == 2);
  CHECK(shards.size() == 3);
  CHECK(couriers.size() == 1);
}

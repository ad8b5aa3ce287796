// Lists of couriers are whole, though they are made a part at a time.
#include "actors/courier_list.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/stores.hpp"

#include <boost/fiber/fiber.hpp>
#include <boost/fiber/operations.hpp>
#include <catch2/catch.hpp>

#include <cstdint>
#include <string>
#include <vector>

using namespace pickup;
using namespace pickup::testing;

namespace {

constexpr std::uint64_t many = 2300;

/// Every third drives a taxi, the last but one is deleted.
void hire_many(storage::journal& to) {
  for (std::uint64_t id = 1; id <= many; ++id)
    REQUIRE(append(to, batch_of(new_courier(id % 3 == 0 ? taxi_0 : pickup_0, id))));
  auto gone = to.view().find(domain::courier_id{many - 1})->courier;
  gone.deleted = true;
  REQUIRE(append(to, batch_of(gone)));
}

std::vector<std::uint64_t> ids(const domain::page<domain::courier_view>& of) {
  std::vector<std::uint64_t> all;
  for (const auto& c : of.items)
    all.push_back(c.courier.id.value());
  return all;
}

} // namespace

TEST_CASE("a page of thousands of couriers is cut from all that match, and all are counted") {
  in_memory store;
  hire_many(store.journal());
  const auto& v = store.view();
  const auto all = actors::list_couriers(v, {}, {1, 1000});
  CHECK(all.total == many - 1);
  REQUIRE(all.items.size() == 1000);
  CHECK(all.items.front().courier.id.value() == 1001);
  CHECK(ids(actors::list_couriers(v, {}, {2, 1000})).back() == many);
  CHECK(actors::list_couriers(v, {domain::service::taxi}, {}).total == many / 3);
  domain::courier_filter named;
  named.text = "기사 217호";
  CHECK(ids(actors::list_couriers(v, named, {})) == std::vector<std::uint64_t>{217});
  CHECK(actors::list_couriers(v, named, {}).total == 1);
  CHECK(actors::list_couriers(v, {}, {99, 1000}).items.empty());
}

TEST_CASE("while a long list is made, others of the thread have their turns") {
  in_memory store;
  hire_many(store.journal());
  int turns = 0;
  bool done = false;
  boost::fibers::fiber other{[&] {
    for (; !done; ++turns)
      boost::this_fiber::yield();
  }};
  actors::list_couriers(store.view(), {}, {});
  done = true;
  other.join();
  CHECK(turns >= 4);
}

#include "domain/courier.hpp"

#include "tests/domain/dispatch_scene.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace pickup::domain;
using namespace pickup::testing;

namespace {

const courier plain = [] {
  courier c;
  c.id = courier_id{12};
  c.version = version_no{3};
  c.name = "택배기사 1호";
  c.tel = "01012345678";
  c.vehicle = "12가3456";
  c.classes = class_set::all_of(service::pickup);
  c.capacity = 2;
  return c;
}();

} // namespace

TEST_CASE("a change of nothing changes nothing") {
  CHECK(changed(plain, {}) == plain);
}

TEST_CASE("a change sets what it names and keeps the rest") {
  auto expected = plain;
  expected.name = "김기사";
  expected.on_shift = false;
  courier_change change;
  change.name = "김기사";
  change.on_shift = false;
  CHECK(changed(plain, change) == expected);
}

TEST_CASE("everything but identity can be changed at once") {
  class_set only_light;
  only_light.insert(light);
  const auto after = changed(plain, {"a", "b", "c", only_light, 7, false, true});
  CHECK(after.id == plain.id);
  CHECK(after.version == plain.version);
  CHECK(after.shard() == plain.shard());
  CHECK(after.name == "a");
  CHECK(after.tel == "b");
  CHECK(after.vehicle == "c");
  CHECK(after.classes == only_light);
  CHECK(after.capacity == 7);
  CHECK_FALSE(after.on_shift);
  CHECK(after.deleted);
}

TEST_CASE("a courier's capacity starts at 20 parcels or one taxi ride") {
  CHECK(default_capacity(service::pickup) == 20);
  CHECK(default_capacity(service::taxi) == 1);
}

TEST_CASE("a courier without jobs may be changed in any way, and deleted") {
  auto after = plain;
  after.capacity = 1;
  after.classes = {};
  CHECK(admissible(after, {}));
  after.deleted = true;
  CHECK(admissible(after, {}));
}

TEST_CASE("a courier with live jobs cannot be deleted") {
  auto after = plain;
  after.deleted = true;
  const auto checked = admissible(after, {light});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == errc::conflict);
  CHECK(checked.error().text == "delete courier 12: has 1 live jobs");
  CHECK(checked.error().facts == std::vector<fact>{{"load", "1"}});
}

TEST_CASE("capacity may go down to the load, not below") {
  CHECK(admissible(plain, {light, heavy}));
  const auto checked = admissible(plain, {light, heavy, light});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == errc::conflict);
  CHECK(checked.error().text == "change courier 12: capacity 2 is below its 3 live jobs");
}

TEST_CASE("the class of a live job cannot be taken away") {
  auto after = plain;
  after.classes = {};
  after.classes.insert(light);
  CHECK(admissible(after, {light}));
  const auto checked = admissible(after, {light, heavy});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == errc::conflict);
  CHECK(checked.error().text == "change courier 12: has a live job of class over10kg");
}

TEST_CASE("going off shift is allowed with live jobs") {
  auto after = plain;
  after.on_shift = false;
  CHECK(admissible(after, {light, heavy}));
}

#include "domain/views.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace pickup::domain;

namespace {

courier_view view_of(std::uint64_t id, std::string name) {
  courier_view v;
  v.courier.id = courier_id{id};
  v.courier.name = std::move(name);
  v.courier.capacity = 2;
  v.seen.where = position::at(37.5, 127);
  return v;
}

bool is_found(const courier_view& c, std::string text) {
  courier_filter filter;
  filter.text = std::move(text);
  return matches(filter, c);
}

} // namespace

TEST_CASE("a courier is found by id, or by any part of the name") {
  const auto c = view_of(17, "택배기사 1호 KIM");
  for (const auto* text : {"", "17", "택배", "기사 1호", "kim", "Kim", "호 k"})
    CHECK(is_found(c, text));
  for (const auto* text : {"7", "017", "taxi", "기사1호", "kimm", "택배기사 1호 KIM2"})
    CHECK_FALSE(is_found(c, text));
}

TEST_CASE("a courier is found by how they stand") {
  auto c = view_of(1, "a");
  const auto stands = [&](std::string_view as) {
    for (const auto other : standings) {
      courier_filter filter;
      filter.standing = other;
      CHECK(matches(filter, c) == (other == as));
    }
  };
  stands("free");
  c.load = 1;
  stands("busy");
  c.load = 2;
  stands("full");
  c.seen.where.reset();
  stands("unplaced");
  c.lost = true;
  stands("lost");
  c.courier.on_shift = false;
  stands("off_shift");
}

TEST_CASE("a courier is found by place") {
  auto c = view_of(1, "a");
  courier_filter on_map;
  on_map.placed = true;
  courier_filter here;
  here.within = box{*position::at(37, 126), *position::at(38, 128)};
  CHECK(matches(on_map, c));
  CHECK(matches(here, c));
  c.seen.where = position::at(36, 127);
  CHECK(matches(on_map, c));
  CHECK_FALSE(matches(here, c));
  c.seen.where.reset();
  CHECK_FALSE(matches(on_map, c));
  CHECK_FALSE(matches(here, c));
}

TEST_CASE("a courier is found by service, and never once deleted") {
  auto c = view_of(1, "a");
  CHECK(matches({service::pickup}, c));
  CHECK_FALSE(matches({service::taxi}, c));
  c.courier.deleted = true;
  CHECK_FALSE(matches({}, c));
}

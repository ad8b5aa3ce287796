// Short ways to say what is to be committed. Pure functions.
#pragma once

#include "domain/call.hpp"
#include "domain/explanation.hpp"
#include "storage/journal.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pickup::testing {

inline constexpr domain::shard_id pickup_0{domain::service::pickup, domain::zone_no{0}};
inline constexpr domain::shard_id pickup_1{domain::service::pickup, domain::zone_no{1}};
inline constexpr domain::shard_id taxi_0{domain::service::taxi, domain::zone_no{0}};

inline const domain::timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}
                                    + std::chrono::hours{12}};
inline constexpr domain::duration max_wait = std::chrono::minutes{30};
inline constexpr std::uint32_t usual_capacity = 20; ///< of couriers

/// The place of a call from request_of(), and of a courier some 250 m away.
inline const auto place_of_calls = *domain::position::at(37.4863, 126.982);
inline const auto place_of_couriers = *domain::position::at(37.4863, 126.98483);
inline const auto way_to_calls = domain::distance(place_of_couriers, place_of_calls);

inline domain::call_request request_of(domain::shard_id shard, std::string tel) {
  domain::call_request r;
  r.wanted = domain::default_class(shard.service);
  r.tel = std::move(tel);
  r.location = "이수";
  r.where = place_of_calls;
  return r;
}

inline storage::batch batch_of(domain::decision made, domain::timestamp at = noon) {
  return {at, "", {}, storage::call_change{std::move(made), {}}};
}

/// The n-th call of a shard, as it first comes to the journal: registered, without a courier.
inline domain::decision new_call(domain::shard_id shard, std::uint64_t n,
                                 std::string tel = "01050958718") {
  auto made = domain::then(domain::request(domain::call_id{shard, n},
                                           request_of(shard, std::move(tel)), noon, max_wait),
                           domain::manage{}, noon);
  REQUIRE(made);
  return *made;
}

/// The n-th call of a shard, to be dispatched at `due`.
inline domain::decision scheduled_call(domain::shard_id shard, std::uint64_t n,
                                       domain::timestamp due, std::string tel = "01050958718") {
  auto what = request_of(shard, std::move(tel));
  what.pickup_at = due + std::chrono::minutes{15};
  auto made =
      domain::then(domain::request(domain::call_id{shard, n}, std::move(what), noon, max_wait),
                   domain::schedule{due}, noon);
  REQUIRE(made);
  return *made;
}

inline domain::decision next(const domain::call& before, const domain::command& what,
                             domain::timestamp at = noon) {
  auto made = domain::step(before, what, at);
  REQUIRE(made);
  return *made;
}

/// A parcel's call from request_of() to somebody from new_courier() whom nobody else was
/// considered beside.
inline domain::assign to(std::uint64_t courier) {
  domain::explanation why;
  why.where = place_of_calls;
  why.reach = domain::metres{5'000};
  domain::considered chosen;
  chosen.courier = domain::courier_id{courier};
  chosen.version = domain::version_no{1};
  chosen.classes = domain::class_set::all_of(domain::service::pickup);
  chosen.capacity = usual_capacity;
  chosen.where = place_of_couriers;
  why.couriers = {chosen};
  return {domain::courier_id{courier}, way_to_calls, domain::explained(std::move(why))};
}

inline domain::job_report report(std::uint64_t courier, domain::job_step step) {
  return {domain::courier_id{courier}, step};
}

inline domain::courier new_courier(domain::shard_id shard, std::uint64_t id) {
  domain::courier c;
  c.id = domain::courier_id{id};
  c.service = shard.service;
  c.zone = shard.zone;
  c.name = "기사 " + std::to_string(id) + "호";
  c.tel = "0107777000" + std::to_string(id % 10);
  c.vehicle = "12가3456";
  c.classes = domain::class_set::all_of(shard.service);
  c.capacity = usual_capacity;
  return c;
}

inline storage::batch batch_of(domain::courier record,
                               std::optional<domain::sighting> seen = {}) {
  return {noon, "", {}, storage::courier_change{std::move(record), seen}};
}

/// An operator's action, audited in a shard.
inline storage::batch audit_of(domain::shard_id shard, std::string action,
                               domain::timestamp at = noon) {
  return {at, "", {}, storage::audit_change{shard, {"kim", std::move(action), "call 1", ""}}};
}

} // namespace pickup::testing

// Couriers and calls on one line to the north of Seoul's city hall, at noon.
#pragma once

#include "domain/board.hpp"

#include <chrono>
#include <cstdint>

namespace pickup::testing {

constexpr domain::metres reach{20'000};
const domain::timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}
                             + std::chrono::hours{12}};

constexpr auto light = domain::service_class::under10kg;
constexpr auto heavy = domain::service_class::over10kg;

/// A point so many kilometres north of city hall.
inline domain::position north(double km) {
  return *domain::position::at(37.5665 + km / 111.195, 126.978);
}

inline domain::courier record(std::uint64_t id, std::uint32_t capacity = 1) {
  domain::courier c;
  c.id = domain::courier_id{id};
  c.version = domain::version_no{1};
  c.classes = domain::class_set::all_of(domain::service::pickup);
  c.capacity = capacity;
  return c;
}

inline domain::call_id call_no(std::uint64_t n) {
  return {{domain::service::pickup, domain::zone_no{0}}, n};
}

/// A call at city hall, made n seconds after noon.
inline domain::ticket asking(std::uint64_t n, domain::service_class wanted = light) {
  domain::ticket t;
  t.call = call_no(n);
  t.version = domain::version_no{1};
  t.wanted = wanted;
  t.where = north(0);
  t.created_at = noon + std::chrono::seconds{n};
  t.wait_until = t.created_at + std::chrono::minutes{30};
  return t;
}

} // namespace pickup::testing

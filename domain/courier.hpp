// Couriers as the company registers them. Pure values and rules.
#pragma once

#include "domain/ids.hpp"
#include "domain/position.hpp"
#include "domain/result.hpp"
#include "domain/service.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::domain {

/// The largest number of jobs a courier may be allowed to carry at once.
inline constexpr std::uint32_t max_capacity = 1'000'000;

constexpr std::uint32_t default_capacity(service s) {
  return s == service::pickup ? 20 : 1;
}

/// What is stored of a courier. Load and place are not: load is the count of live assignments,
/// places are kept apart because they change all the time.
struct courier {
  courier_id id;
  version_no version; ///< how many commits this record has seen
  domain::service service = domain::service::pickup;
  zone_no zone; ///< the home shard's
  std::string name;
  std::string tel;
  std::string vehicle; ///< number plate; empty when none was given
  class_set classes;
  std::uint32_t capacity = 1;
  bool on_shift = true;
  bool demo = false; ///< a demo courier is never lost: nobody sends its heartbeats
  bool deleted =
      false; ///< kept, so that old assignments still have a name and ids are not reused

  shard_id shard() const { return {service, zone}; }

  friend bool operator==(const courier&, const courier&) = default;
};

/// Where a courier was last known to be, and when they were last heard of. Either may be
/// unknown: a place given at registration is no sign of life, and a job report tells no place.
struct sighting {
  std::optional<position> where;
  std::optional<timestamp> at;

  friend bool operator==(const sighting&, const sighting&) = default;
};

/// Whether a courier may get one more job: on shift, heard of, placed and below capacity.
/// @param load jobs carried now
/// @param lost not heard of for too long
bool can_take_job(const courier& c, std::uint32_t load, const std::optional<position>& where,
                  bool lost);

/// How a courier may stand, as operators read it: "busy" has jobs, and room for more.
inline constexpr std::array<std::string_view, 6> standings{"free",      "busy", "full",
                                                           "off_shift", "lost", "unplaced"};

/// How a courier stands: one of `standings`.
std::string_view standing(const courier& c, std::uint32_t load,
                          const std::optional<position>& where, bool lost);

/// A change to a courier; what is unset stays.
struct courier_change {
  std::optional<std::string> name;
  std::optional<std::string> tel;
  std::optional<std::string> vehicle;
  std::optional<class_set> classes;
  std::optional<std::uint32_t> capacity;
  std::optional<bool> on_shift;
  bool remove = false; ///< delete the courier
};

/// The record after `change`.
courier changed(courier before, const courier_change& change);

/// Refuses a change that would break a promise: a courier with live jobs cannot be deleted, nor
/// given less capacity than jobs, nor lose the class of one (errc::conflict).
/// @param jobs the classes of its live and reserved jobs, one element a job
status_result admissible(const courier& after, const std::vector<service_class>& jobs);

} // namespace pickup::domain

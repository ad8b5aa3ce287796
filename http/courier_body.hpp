// The bodies that make, change and place couriers. Pure.
#pragma once

#include "actors/gateway.hpp"
#include "domain/courier.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pickup::http {

/// A new courier, not yet numbered.
struct courier_order {
  domain::courier record;
  std::optional<domain::position> where;
};

/// A change to a courier and where they are now, if the body says.
struct courier_edit {
  domain::courier_change change;
  std::optional<domain::position> where;

  /// Whether the record itself is to be changed.
  bool changes_record() const;
};

/// One of many locations that was refused.
struct refused_location {
  std::size_t index = 0;           ///< among all of the body, from 0
  std::optional<std::uint64_t> id; ///< the courier's, if it could be read
  domain::error why;
};

/// What a body of many locations says. Of several good ones for a courier the last stays: the
/// earlier are superseded.
struct courier_locations_order {
  std::vector<actors::located> places;
  std::vector<std::size_t> indices; ///< of `places` in the body
  std::uint64_t superseded = 0;
  std::vector<refused_location> refused;
  bool too_many = false; ///< then the rest was not looked at
};

// Errors of all: invalid_argument.

domain::result<courier_order> read_new_courier(const std::string& body);
/// @param s the service of the courier to be changed; it cannot be changed itself
domain::result<courier_edit> read_courier_edit(const std::string& body, domain::service s);
/// `lat` and `lng`, both required.
domain::result<domain::position> read_location(const std::string& body);
/// An array, or a line each, of a courier's `id` with `lat` and `lng`.
domain::result<courier_locations_order> read_locations(const std::string& body,
                                                       std::size_t most);

} // namespace pickup::http

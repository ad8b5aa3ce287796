// The bodies that make, change and place couriers. Pure.
#pragma once

#include "domain/courier.hpp"
#include "domain/result.hpp"

#include <optional>
#include <string>

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

// Errors of all: invalid_argument.

domain::result<courier_order> read_new_courier(const std::string& body);
/// @param s the service of the courier to be changed; it cannot be changed itself
domain::result<courier_edit> read_courier_edit(const std::string& body, domain::service s);
/// `lat` and `lng`, both required.
domain::result<domain::position> read_location(const std::string& body);

} // namespace pickup::http

// The collections of the API and the names their fields have. Constant data.
#pragma once

#include "domain/service.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::http {

/// What a collection shows.
enum class view : std::uint8_t {
  calls,   ///< calls as the customer sees them
  manages, ///< the same calls as the dispatcher manages them
  assigns, ///< assignments
};

enum class language : std::uint8_t { english, korean };

/// How the fields are named that have a Korean and an English name.
struct field_names {
  std::string_view tel, customer_tel, location, status, cost, pickup_class, taxi_class, driver,
      driver_tel, vehicle, pickup_at;
};

const field_names& names(language l);

struct collection {
  std::string name; ///< as in the path and in `_embedded`
  std::string path; ///< "/" and the name, percent-encoded
  domain::service service;
  http::view view;
  http::language language;
};

/// All there are.
const std::vector<collection>& collections();

/// The collection a path's first segment names; null when none.
const collection* find_collection(std::string_view name);

/// The calls of the same service, in the same language.
const collection& calls_of(const collection& c);

} // namespace pickup::http

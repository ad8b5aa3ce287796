// Where something is that names a place, gives coordinates, or says nothing.
// Thread-safe. Copies share the gazetteer, which outlives them.
#pragma once

#include "domain/gazetteer.hpp"
#include "domain/result.hpp"
#include "domain/service.hpp"
#include "http/options.hpp"
#include "http/problem.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pickup::http {

class place_finder {
public:
  struct place {
    std::string name; ///< as it was given; empty when only coordinates were
    domain::position where;
  };

  /// Errors: invalid_argument when a default place is not in the gazetteer.
  static domain::result<place_finder> make(const options& o, const domain::gazetteer& places);

  /// Coordinates win over a name; without both it is where the service usually is. Nothing when
  /// nobody knows the name.
  std::optional<place> find(std::optional<std::string> name,
                            std::optional<domain::position> where, domain::service s) const;

  /// Says that nobody knows the name, and which are near in spelling.
  problem unknown(std::string_view name) const;

private:
  place_finder(const domain::gazetteer& places, domain::named_place pickup,
               domain::named_place taxi);

  const domain::gazetteer* places_;
  domain::named_place usual_pickup_;
  domain::named_place usual_taxi_;
};

} // namespace pickup::http

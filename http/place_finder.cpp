#include "http/place_finder.hpp"

#include <utility>

namespace pickup::http {

place_finder::place_finder(const domain::gazetteer& places, domain::named_place pickup,
                           domain::named_place taxi)
    : places_(&places), usual_pickup_(std::move(pickup)), usual_taxi_(std::move(taxi)) {}

domain::result<place_finder> place_finder::make(const options& o,
                                                const domain::gazetteer& places) {
  const auto& per_pickup = o.default_place_pickup;
  const auto& per_taxi = o.default_place_taxi;
  for (const auto& name : {per_pickup, per_taxi})
    if (!places.find(name))
      return domain::error{domain::errc::invalid_argument,
                           "start http: default place \"" + name + "\": not in the gazetteer",
                           {}};
  return place_finder{places, *places.find(per_pickup), *places.find(per_taxi)};
}

std::optional<place_finder::place> place_finder::find(std::optional<std::string> name,
                                                      std::optional<domain::position> where,
                                                      domain::service s) const {
  if (where)
    return place{std::move(name).value_or(""), *where};
  if (!name) {
    const auto& usual = s == domain::service::pickup ? usual_pickup_ : usual_taxi_;
    return place{usual.name, usual.where};
  }
  const auto found = places_->find(*name);
  if (!found)
    return std::nullopt;
  return place{std::move(*name), found->where};
}

problem place_finder::unknown(std::string_view name) const {
  auto p = http_problem(422, "find place: \"" + std::string{name}
                                 + "\": not known; name another or give lat and lng");
  p.near = places_->near(name);
  return p;
}

} // namespace pickup::http

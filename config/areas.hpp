// Where the services come to, as configured. Thread-safe: keeps nothing.
#pragma once

#include "config/settings.hpp"
#include "domain/result.hpp"
#include "domain/service_areas.hpp"

#include <string>

namespace pickup::config {

/// Reads GeoJSON (RFC 7946): a FeatureCollection of features that are a Polygon or MultiPolygon
/// each, with the properties `name` and, for an area of one service, `service` ("pickup" or
/// "taxi"). Positions are longitude, latitude; an altitude is passed over, as are other
/// properties. Errors: invalid_argument, naming the feature.
domain::result<domain::service_areas> parse_areas(const std::string& geojson);

/// The areas of the file the settings name; without one, services come everywhere. Errors: io;
/// invalid_argument, naming the file.
domain::result<domain::service_areas> read_areas(const settings& s);

} // namespace pickup::config

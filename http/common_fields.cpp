#include "http/common_fields.hpp"

#include <algorithm>

namespace pickup::http {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

} // namespace

bool is_tel(std::string_view text) {
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  return digits >= 9 && digits <= 15 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || c == '+' || c == '-' || c == ' ';
         });
}

domain::result<std::optional<std::string>> read_tel(const json_object& body, field names) {
  // Separators are free, but not without end: the number is stored as written.
  auto tel = body.text(names, {0, 64});
  if (tel && *tel && !is_tel(**tel))
    return bad_field(*names.begin(), "must have 9 to 15 digits; + - and spaces are allowed");
  return tel;
}

domain::result<std::optional<domain::position>> read_position(const json_object& body) {
  const auto lat = body.number({"lat", "위도"});
  if (!lat)
    return lat.error();
  const auto lng = body.number({"lng", "경도"});
  if (!lng)
    return lng.error();
  if (!*lat && !*lng)
    return std::optional<domain::position>{};
  if (!*lng)
    return bad_field("lng", "must come with lat");
  if (!*lat)
    return bad_field("lat", "must come with lng");
  const auto where = domain::position::at(**lat, **lng);
  if (!where)
    return bad_field("lat, lng", "must be within ±90 and ±180 degrees, got "
                                     + std::to_string(**lat) + ", " + std::to_string(**lng));
  return where;
}

} // namespace pickup::http

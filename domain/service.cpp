#include "domain/service.hpp"

namespace pickup::domain {

std::string_view name(service s) {
  return s == service::pickup ? "pickup" : "taxi";
}

std::string_view name(service_class c) {
  switch (c) {
  case service_class::under10kg: return "under10kg";
  case service_class::over10kg: return "over10kg";
  case service_class::standard: return "standard";
  case service_class::deluxe: return "deluxe";
  case service_class::van: return "van";
  }
  return "";
}

std::optional<service> parse_service(std::string_view text) {
  for (auto s : services)
    if (name(s) == text)
      return s;
  return std::nullopt;
}

std::optional<service_class> parse_service_class(std::string_view text) {
  if (text == "10kg이하")
    return service_class::under10kg;
  if (text == "10kg이상")
    return service_class::over10kg;
  for (auto c : service_classes)
    if (name(c) == text)
      return c;
  return std::nullopt;
}

class_set class_set::all_of(service s) {
  class_set set;
  for (auto c : service_classes)
    if (service_of(c) == s)
      set.insert(c);
  return set;
}

std::vector<service_class> class_set::items() const {
  std::vector<service_class> result;
  for (auto c : service_classes)
    if (contains(c))
      result.push_back(c);
  return result;
}

} // namespace pickup::domain

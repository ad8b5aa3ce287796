#include "config/places.hpp"

#include "config/text_file.hpp"

namespace pickup::config {

domain::result<std::string> read_places(const settings& s) {
  if (s.places_file.empty())
    return std::string{builtin_places()};
  return read_text_file(s.places_file);
}

} // namespace pickup::config

// Places by name. Immutable once parsed, so shared between threads without locks.
#pragma once

#include "domain/position.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pickup::domain {

/// A place people call by name.
struct named_place {
  std::string name;      ///< in Korean, e.g. "마포구"
  std::string romanised; ///< e.g. "Mapo-gu"
  position where;
};

/// Finds places by Korean or romanised name. Case, spaces, hyphens and the suffixes 구/동/역
/// (-gu/-dong/-station) make no difference, unless the exact name is known: 마포 and 마포구 are
/// two places, 서대문동 is found as 서대문. Where two places share a name, the earlier one has
/// it.
class gazetteer {
public:
  /// Reads "name,romanised,lat,lng" lines after a header line. Errors name the line.
  static result<gazetteer> parse(std::string_view csv);

  std::optional<named_place> find(std::string_view name) const;

  /// The names nearest in spelling, best first, at most `most`; for "did you mean". Empty when
  /// nothing is alike.
  std::vector<std::string> near(std::string_view name, std::size_t most = 3) const;

  std::size_t size() const { return places_.size(); }

private:
  void index();
  void add_key(std::string key, std::size_t place);

  /// A key taken apart into letters, to compare it with what was typed.
  struct spelling {
    std::u32string letters;
    std::size_t place;
  };

  std::vector<named_place> places_;
  std::unordered_map<std::string, std::size_t> by_key_; ///< folded names, into places_
  std::vector<spelling> spellings_;                     ///< of every key
};

} // namespace pickup::domain

#include "domain/gazetteer.hpp"

#include "domain/spelling.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace pickup::domain {

namespace {

constexpr std::string_view header = "name,romanised,lat,lng";

// -- folding

/// `text` in lower case without spaces and hyphens.
std::string folded(std::string_view text) {
  std::string key;
  for (const char c : text)
    if (c != ' ' && c != '-')
      key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return key;
}

std::ptrdiff_t characters(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

/// A folded name without its suffix. One character alone names nothing: 중구 and 명동 stay
/// whole.
std::string_view without_suffix(std::string_view key) {
  constexpr std::array<std::string_view, 6> suffixes{"구", "동", "역", "gu", "dong", "station"};
  for (const auto suffix : suffixes)
    if (key.ends_with(suffix)) {
      const auto stem = key.substr(0, key.size() - suffix.size());
      return characters(stem) >= 2 ? stem : key;
    }
  return key;
}

// -- reading

/// Takes what comes before the next `separator` off `text`, and the separator with it.
std::string_view take_until(std::string_view& text, char separator) {
  const auto part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return part;
}

std::string_view take_line(std::string_view& text) {
  auto line = take_until(text, '\n');
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}

std::optional<double> parse_degrees(std::string_view text) {
  double value = 0;
  const auto end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc{} || rest != end)
    return std::nullopt;
  return value;
}

error bad_line(std::size_t line, std::string_view reason) {
  std::string text = "read places: line " + std::to_string(line) + ": ";
  return {errc::invalid_argument, text.append(reason), {}};
}

result<named_place> parse_place(std::string_view line, std::size_t number) {
  if (std::ranges::count(line, ',') != std::ranges::count(header, ','))
    return bad_line(number, "must be " + std::string{header} + ", got " + std::string{line});
  named_place place;
  place.name = take_until(line, ',');
  place.romanised = take_until(line, ',');
  if (folded(place.name).empty())
    return bad_line(number, "a place has no name");
  const auto lat = parse_degrees(take_until(line, ','));
  const auto lng = parse_degrees(line);
  const auto where = lat && lng ? position::at(*lat, *lng) : std::nullopt;
  if (!where)
    return bad_line(number,
                    place.name + " is not on earth: lat must be -90 … 90, lng -180 … 180");
  place.where = *where;
  return place;
}

} // namespace

result<gazetteer> gazetteer::parse(std::string_view csv) {
  gazetteer g;
  if (const auto first = take_line(csv); first != header)
    return bad_line(1, "must be the header " + std::string{header});
  for (std::size_t number = 2; !csv.empty(); ++number) {
    const auto line = take_line(csv);
    if (line.empty())
      continue;
    auto place = parse_place(line, number);
    if (!place)
      return std::move(place.error());
    g.places_.push_back(*std::move(place));
  }
  g.index();
  return g;
}

void gazetteer::index() {
  // All whole names before any shortened one: an exact name always wins.
  for (std::size_t i = 0; i < places_.size(); ++i) {
    add_key(folded(places_[i].name), i);
    add_key(folded(places_[i].romanised), i);
  }
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto name = folded(places_[i].name);
    const auto stem = without_suffix(name);
    // The Korean name knows where a suffix is one: Daegu is no "Dae-gu".
    if (stem.size() == name.size())
      continue;
    add_key(std::string{stem}, i);
    add_key(std::string{without_suffix(folded(places_[i].romanised))}, i);
  }
}

void gazetteer::add_key(std::string key, std::size_t place) {
  if (key.empty())
    return;
  const auto [entry, added] = by_key_.emplace(std::move(key), place);
  if (added)
    spellings_.push_back({letters_of(entry->first), place});
}

std::optional<named_place> gazetteer::find(std::string_view name) const {
  const auto key = folded(name);
  auto found = by_key_.find(key);
  if (found == by_key_.end())
    found = by_key_.find(std::string{without_suffix(key)});
  if (found == by_key_.end())
    return std::nullopt;
  return places_[found->second];
}

std::vector<std::string> gazetteer::near(std::string_view name, std::size_t most) const {
  // A slip or two in a word are a misspelling, more make it another word. The cap also bounds
  // the work for a hostile name: only keys of about its length are compared.
  constexpr std::size_t most_slips = 4;
  const auto typed = letters_of(folded(name));
  const auto limit = std::min(most_slips, 1 + typed.size() / 4);

  std::vector<std::pair<std::size_t, std::size_t>> ranked; // distance, place
  for (const auto& s : spellings_) {
    // Half a name is no misspelling, but it is how long ones are typed: 구로디지털 for …단지.
    const bool begun = !typed.empty() && s.letters.starts_with(typed);
    const auto d = begun ? 1 : spelling_distance(typed, s.letters, limit);
    if (d <= limit)
      ranked.emplace_back(d, s.place);
  }
  std::ranges::sort(ranked);

  std::vector<std::string> names;
  for (const auto& [distance, place] : ranked) {
    if (names.size() == most)
      break;
    if (std::ranges::find(names, places_[place].name) == names.end())
      names.push_back(places_[place].name);
  }
  return names;
}

} // namespace pickup::domain

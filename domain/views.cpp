#include "domain/views.hpp"

#include <algorithm>

namespace pickup::domain {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// No byte of UTF-8 beyond ASCII is one of ASCII, so bytes can be compared.
bool contains(std::string_view whole, std::string_view part) {
  return !std::ranges::search(whole, part, {}, lower, lower).empty() || part.empty();
}

} // namespace

bool matches(const courier_filter& wanted, const courier_view& c) {
  const auto& record = c.courier;
  if (record.deleted || (wanted.service && record.service != *wanted.service))
    return false;
  if (!wanted.standing.empty()
      && standing(record, c.load, c.seen.where, c.lost) != wanted.standing)
    return false;
  const auto& where = c.seen.where;
  if ((wanted.placed && !where)
      || (wanted.within && !(where && wanted.within->contains(*where))))
    return false;
  return contains(record.name, wanted.text) || std::to_string(record.id.value()) == wanted.text;
}

} // namespace pickup::domain

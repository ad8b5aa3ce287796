// How views keep phases, what became of assignments, and telephone numbers in their columns.
#pragma once

#include "domain/call.hpp"
#include "storage/code_column.hpp"
#include "storage/tel_column.hpp"

#include <cstdint>
#include <string_view>

namespace pickup::storage {

/// What became of an assignment, as a code of its column.
struct assignment_code {
  static constexpr code_column::code live = 1;
  static constexpr code_column::code canceled = 2;
  static constexpr code_column::code finished = 3;
};

constexpr auto all_phases = static_cast<code_column::mask>(~1U);

constexpr code_column::code code_of(domain::phase p) {
  return static_cast<code_column::code>(p);
}

/// The codes of the phases for which `wanted` holds.
template <class Wanted>
code_column::mask phases(Wanted wanted) {
  code_column::mask mask = 0;
  for (auto i = code_of(domain::phase::requested); i <= code_of(domain::last_phase); ++i)
    if (wanted(static_cast<domain::phase>(i)))
      mask |= code_column::bit(i);
  return mask;
}

/// A phone number's digits as one number, a leading 1 keeping the zeros: equal if and only if
/// the digits are. At most 15 digits are ever accepted.
constexpr tel_column::tel tel_code(std::string_view tel) {
  tel_column::tel code = 1;
  for (const char c : tel)
    if (c >= '0' && c <= '9')
      code = code * 10 + static_cast<std::uint64_t>(c - '0');
  return code;
}

} // namespace pickup::storage

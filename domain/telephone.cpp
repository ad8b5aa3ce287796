#include "domain/telephone.hpp"

#include <algorithm>
#include <iterator>

namespace pickup::domain {

std::string masked(std::string_view tel) {
  std::string digits;
  std::ranges::copy_if(tel, std::back_inserter(digits),
                       [](char c) { return c >= '0' && c <= '9'; });
  if (digits.size() < 6)
    return std::string(digits.size(), '*');
  std::fill(digits.begin() + 3, digits.end() - 2, '*');
  return digits;
}

} // namespace pickup::domain

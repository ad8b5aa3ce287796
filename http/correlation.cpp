#include "http/correlation.hpp"

#include <algorithm>
#include <random>

namespace pickup::http {

namespace {

constexpr std::string_view hex = "0123456789abcdef";

bool usable(std::string_view id) {
  return !id.empty() && id.size() <= 128
         && std::all_of(id.begin(), id.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// version "-" 32 digits "-" 16 digits "-" flags, all lower-case hexadecimal.
std::string_view trace_id(std::string_view traceparent) {
  constexpr std::size_t begin = 3;
  constexpr std::size_t length = 32;
  if (traceparent.size() < 55 || traceparent[2] != '-' || traceparent[35] != '-'
      || traceparent[52] != '-')
    return {};
  const auto id = traceparent.substr(begin, length);
  if (id.find_first_not_of(hex) != id.npos || id.find_first_not_of('0') == id.npos)
    return {};
  return id;
}

std::string random_id() {
  thread_local std::mt19937_64 bits = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64{seed};
  }();
  std::string id;
  id.reserve(32);
  for (std::size_t half = 0; half < 2; ++half)
    for (auto word = bits(); id.size() < 16 * (half + 1); word >>= 4)
      id += hex[word & 15];
  return id;
}

} // namespace

std::string correlation_id_of(std::string_view x_correlation_id, std::string_view traceparent) {
  if (usable(x_correlation_id))
    return std::string{x_correlation_id};
  if (const auto id = trace_id(traceparent); !id.empty())
    return std::string{id};
  return random_id();
}

} // namespace pickup::http

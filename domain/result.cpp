#include "domain/result.hpp"

namespace pickup::domain {

std::string_view name(errc code) {
  switch (code) {
  case errc::invalid_argument: return "invalid_argument";
  case errc::not_found: return "not_found";
  case errc::conflict: return "conflict";
  case errc::unavailable: return "unavailable";
  case errc::overloaded: return "overloaded";
  case errc::timeout: return "timeout";
  case errc::stale: return "stale";
  case errc::unknown_outcome: return "unknown_outcome";
  case errc::io: return "io";
  case errc::corrupt: return "corrupt";
  case errc::newer_format: return "newer_format";
  case errc::locked: return "locked";
  case errc::key_reused: return "key_reused";
  case errc::out_of_range: return "out_of_range";
  }
  return "";
}

} // namespace pickup::domain

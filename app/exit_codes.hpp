// How the programs end: the numbers of sysexits.h, for service managers and scripts.
#pragma once

#include "domain/result.hpp"

#include <sysexits.h>

namespace pickup::app {

/// What a start that failed for this reason ends with.
constexpr int exit_code(domain::errc code) {
  switch (code) {
  case domain::errc::invalid_argument: return EX_CONFIG;
  case domain::errc::corrupt:
  case domain::errc::newer_format: return EX_DATAERR;
  case domain::errc::locked: return EX_TEMPFAIL;
  case domain::errc::io: return EX_IOERR;
  case domain::errc::unavailable: return EX_UNAVAILABLE;
  default: return EX_SOFTWARE;
  }
}

} // namespace pickup::app

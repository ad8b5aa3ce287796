#include "app/pickupctl/phase.hpp"

namespace pickup::ctl {

std::optional<domain::phase> phase_of(const json_value& call) {
  const auto said = call["phase"].text().value_or("");
  for (auto p = domain::phase::requested; p <= domain::last_phase;
       p = static_cast<domain::phase>(static_cast<int>(p) + 1))
    if (name(p) == said)
      return p;
  return std::nullopt;
}

} // namespace pickup::ctl

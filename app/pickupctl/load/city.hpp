// The simulated city: where people are, how one gets about, how much they call. Pure, but for
// the chance that is handed in.
#pragma once

#include "domain/position.hpp"

#include <cstdint>
#include <random>

namespace pickup::ctl {

using chance = std::mt19937_64;

/// A number in [0, 1).
double share(chance& c);

/// Somewhere in Seoul, more often near its busy places.
domain::position somewhere(chance& c);

/// So far on the straight line to `goal`; not farther than there.
domain::position on_the_way(domain::position from, domain::position goal, domain::metres far);

/// How many call at a time of day, in parts of a day from midnight: 1 on the average.
double demand(double time_of_day);

} // namespace pickup::ctl

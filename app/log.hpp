// The log of the process, on its standard error. To be started once, before other threads.
#pragma once

#include "config/settings.hpp"

namespace pickup::app {

/// From now on spdlog writes lines as the settings say.
void start_log(const config::settings& s);

} // namespace pickup::app

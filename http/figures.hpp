// The samples of /metrics as JSON: what the console shows of the node as a whole. Pure.
#pragma once

#include "actors/metric.hpp"
#include "domain/time.hpp"
#include "http/json_writer.hpp"

#include <string>
#include <vector>

namespace pickup::http {

/// All samples, taken at `at`; version and start of the process are among them.
void write_figures(json_writer& out, const std::vector<actors::metric>& samples,
                   domain::timestamp at, const std::vector<std::string>& not_ready);

} // namespace pickup::http

// Why couriers were chosen, as JSON for operators. Thread-safe: it only reads what it is given.
#pragma once

#include "domain/ids.hpp"
#include "domain/views.hpp"
#include "http/json_writer.hpp"

#include <vector>

namespace pickup::http {

/// Every explained assignment of a call, the first of them first.
void write_explanations(json_writer& out, domain::call_id call,
                        const std::vector<domain::assignment_explanation>& all);

} // namespace pickup::http

// What a journal entry says, for people and for scripts. Pure.
#pragma once

#include "storage/entry.hpp"

#include <string>

namespace pickup::ctl {

/// How much of what identifies a customer or courier is shown.
enum class numbers { masked, in_full };

/// One line.
std::string to_line(const storage::entry& e, numbers show);

/// One JSON object.
std::string to_json(const storage::entry& e, numbers show);

/// "pickup/0:17".
std::string position_of(const storage::entry& e);

} // namespace pickup::ctl

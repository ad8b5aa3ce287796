// The words customers read, in Korean. Pure functions.
#pragma once

#include "domain/call.hpp"
#include "domain/courier.hpp"
#include "storage/entry.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pickup::notify {

/// What a customer is told, on one line.
/// @param courier the one the message is about; nothing when it is about none
std::string message_text(const storage::call_entry& what,
                         const std::optional<domain::courier>& courier);

/// "1.2km", "340m".
std::string about(domain::metres distance);
/// How far the courier was whom this entry assigns; 0 when it assigns none.
domain::metres assigned_distance(const storage::call_entry& what);
/// What a stranger wrote, without what would break a line.
std::string one_line(std::string text);

/// `text` with the number `tel`, where it stands in it, masked.
std::string masked(std::string text, std::string_view tel);

/// The identity of an intent, e.g. "pickup/0:17".
std::string intent_id(const storage::entry& e);

} // namespace pickup::notify

// The texts that the provider has approved, with variables like #{기사}, and what fills them.
// Pure functions.
#pragma once

#include "domain/call.hpp"
#include "domain/courier.hpp"
#include "domain/result.hpp"
#include "storage/entry.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pickup::notify {

struct message_template {
  std::string code; ///< the provider's name for it
  std::string text;
};

/// One for every kind of message.
using template_set = std::map<domain::message, message_template>;

/// The values of variables, by name.
using variables = std::map<std::string, std::string, std::less<>>;

/// Checks a set against the provider's limits: every kind has one; a code of 1 to 20
/// characters; a text of 1 to 1,000 with fewer than 40 variables, each of them one that this
/// kind fills. Errors: invalid_argument, naming the kind.
domain::status_result check(const template_set& all);

/// What a message of this entry fills in. No value is longer than its variable by more than the
/// 14 characters the provider allows: longer ones end in "…".
/// @param courier the one the message is about; nothing when it is about none
variables variables_of(const storage::call_entry& what,
                       const std::optional<domain::courier>& courier);

/// The text with its variables filled in.
std::string filled(std::string_view text, const variables& values);

/// Those of the values that the text names.
variables used_by(std::string_view text, const variables& values);

/// How many bytes a text has in EUC-KR, which SMS is measured in.
std::size_t sms_size(std::string_view text);

} // namespace pickup::notify

// The error of an actor that ends by an exception, telling what it was handling.
#pragma once

#include <caf/error.hpp>
#include <caf/local_actor.hpp>

#include <string>

namespace pickup::supervision {

/// For an actor's exception handler: notes the type of the message that is being handled.
caf::error crash_error(caf::local_actor& self, std::string what);

/// The type of message that crash_error() noted; empty for any other error.
std::string message_type_of(const caf::error& reason);

} // namespace pickup::supervision

// Telephone numbers as strangers may see them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace pickup::domain {

/// A number fit for logs and screens: "010******78".
std::string masked(std::string_view tel);

} // namespace pickup::domain

// The description of the API in OpenAPI 3.1: http/openapi.yaml, as it was when this was built.
#pragma once

#include <string_view>

namespace pickup::http {

std::string_view openapi_document();

} // namespace pickup::http

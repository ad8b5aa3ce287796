// Errors as clients read them: problem+json (RFC 9457). Plain values.
//
// Which status an error has:
//   400  the request breaks the documented form: not JSON, a wrong type, a value out of range
//   or
//        outside its documented set (class, service, status), a malformed path or query
//   404  no such path, id or job        405  the path has no such method
//   408  did not arrive whole in time   409  not legal in the present state
//   413, 414, 415, 416, 431             too large, or of a kind not read here
//   422  well-formed, but names a place nobody knows or serves, a time that is past or too far,
//        or an idempotency key of another request
//   500  a fault of this server
//   503  try again (Retry-After); when the text says so, the outcome is not known
#pragma once

#include "domain/position.hpp"
#include "domain/result.hpp"
#include "http/json_writer.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::http {

struct problem {
  int status = 500;
  std::string code;                ///< stable, e.g. "not_found"; the `type` is a URN made of it
  std::string detail;              ///< for people
  std::vector<domain::fact> facts; ///< further members
  std::vector<std::string> near;   ///< spellings that would have been understood
  std::optional<domain::metres> distance; ///< to what was near enough to name
};

problem to_problem(const domain::error& e);

/// A problem the HTTP layer finds itself; its code follows from the status.
problem http_problem(int status, std::string detail);

/// Its members in an object that has begun: type, title, status, detail and the facts.
void write_members(json_writer& out, const problem& p);

/// The answer that says so.
response to_response(const problem& p, std::string_view correlation_id);

} // namespace pickup::http

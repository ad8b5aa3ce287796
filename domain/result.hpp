// Values or errors. Immutable once made; as thread-safe as any plain value.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pickup::domain {

/// Why something was refused or failed. The numbers appear in logs: append, never renumber.
enum class errc : std::uint8_t {
  invalid_argument = 1, ///< a value breaks a documented limit or form
  not_found = 2,        ///< the named thing does not exist
  conflict = 3,         ///< not legal in the present state
  unavailable = 4,      ///< a part that must confirm is down or restarting; try again
  overloaded = 5,       ///< refused to protect the rest; try again later
  timeout = 6,          ///< no answer in time; the outcome may still become true
  stale = 7,            ///< based on a state that has moved on
  unknown_outcome = 8,  ///< storage failed half-way: neither true nor false yet
  io = 9,               ///< the operating system or the disk refused
  corrupt = 10,         ///< stored bytes fail their checks
  newer_format = 11,    ///< written by a later version of this program
  locked = 12,          ///< another process owns it
  key_reused = 13,      ///< an idempotency key came back with another request
  out_of_range = 14,    ///< well-formed, but not what can be done now: too early, too late
};

/// The stable name of a code, e.g. "not_found".
std::string_view name(errc code);

/// A named value a machine may read beside the text, e.g. {"phase", "PICKED_UP"}.
using fact = std::pair<std::string, std::string>;

/// What went wrong. `text` reads "action: object: reason", with values.
struct error {
  errc code;
  std::string text;
  std::vector<fact> facts;

  friend bool operator==(const error&, const error&) = default;
};

/// The value of a call that has nothing to tell but that it succeeded.
struct done {
  friend bool operator==(done, done) = default;
};

/// Either a T or an error.
template <class T>
class [[nodiscard]] result {
public:
  result(T value) : either_(std::move(value)) {}
  result(domain::error problem) : either_(std::move(problem)) {}

  explicit operator bool() const { return std::holds_alternative<T>(either_); }

  /// The value; undefined when this is an error.
  T& operator*() { return *std::get_if<T>(&either_); }
  const T& operator*() const { return *std::get_if<T>(&either_); }
  T* operator->() { return std::get_if<T>(&either_); }
  const T* operator->() const { return std::get_if<T>(&either_); }

  /// The error; undefined when this is a value.
  domain::error& error() { return *std::get_if<domain::error>(&either_); }
  const domain::error& error() const { return *std::get_if<domain::error>(&either_); }

private:
  std::variant<T, domain::error> either_;
};

using status_result = result<done>;

/// The value, where an error cannot be dealt with.
/// @throws std::runtime_error with the error's text
template <class T>
T must(result<T> either) {
  if (!either)
    throw std::runtime_error{either.error().text};
  return std::move(*either);
}

} // namespace pickup::domain

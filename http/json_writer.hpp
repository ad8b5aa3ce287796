// Writes one JSON text: RapidJSON's writer, with the few words the answers need.
// Not thread-safe. Owned by the function that fills it; at most one per thread at a time, as
// all of a thread's share its buffer.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace pickup::http {

class json_writer {
public:
  json_writer();
  ~json_writer();
  json_writer(const json_writer&) = delete;
  json_writer& operator=(const json_writer&) = delete;

  json_writer& begin_object();
  json_writer& end_object();
  json_writer& begin_array();
  json_writer& end_array();
  json_writer& key(std::string_view name);

  json_writer& value(std::string_view text);
  json_writer& value(const char* text) { return value(std::string_view{text}); }
  json_writer& value(double number);
  json_writer& value(std::signed_integral auto number) { return integer(number); }
  json_writer& value(std::unsigned_integral auto number) { return natural(number); }
  json_writer& value(bool flag);
  json_writer& null();

  /// Absent values are null, never missing.
  template <class T>
  json_writer& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }

  template <class T>
  json_writer& field(std::string_view name, const T& v) {
    return key(name).value(v);
  }

  /// A field whose value is an object of these names and texts.
  json_writer& field_of_texts(std::string_view name,
                              std::span<const std::pair<std::string, std::string>> texts);

  /// The finished text; the writer is done with.
  std::string take();

private:
  json_writer& integer(std::int64_t number);
  json_writer& natural(std::uint64_t number);

  struct state;
  state& state_; ///< the thread's own, so that answers do not allocate a buffer each
};

} // namespace pickup::http

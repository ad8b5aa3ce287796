// JSON that a server answered, read leniently: what is absent or of another kind is nothing, so
// that the tool and the server need not be of the same day.
// Not thread-safe. Values point into their document, which has to outlive them.
#pragma once

#include "domain/result.hpp"

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pickup::ctl {

class json_value {
public:
  json_value() = default; ///< absent
  explicit json_value(simdjson::dom::element e) : element_(e) {}

  /// A member, or one of a member: "running.message".
  json_value operator[](std::string_view path) const;
  /// The elements of an array.
  std::vector<json_value> items() const;
  /// The members of an object, in its order.
  std::vector<std::pair<std::string_view, json_value>> members() const;

  std::optional<std::string_view> text() const;
  std::optional<double> number() const;
  std::optional<std::uint64_t> whole() const;
  bool is_true() const;
  /// Neither absent nor null.
  explicit operator bool() const;

  /// For people: texts printable, numbers short, "-" for nothing.
  std::string shown() const;
  /// As JSON again.
  std::string json() const;

private:
  std::optional<simdjson::dom::element> element_;
};

class json_document {
public:
  /// Errors: corrupt. An empty text is a document without a root.
  static domain::result<json_document> parse(const std::string& text);

  const json_value& root() const { return root_; }
  json_value operator[](std::string_view path) const { return root_[path]; }

private:
  std::unique_ptr<simdjson::dom::parser> parser_; ///< keeps what the values point to
  json_value root_;
};

} // namespace pickup::ctl

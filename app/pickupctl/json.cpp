#include "app/pickupctl/json.hpp"

#include "app/pickupctl/width.hpp"

#include <array>
#include <charconv>

namespace pickup::ctl {

namespace {

template <class T>
std::optional<T> as(const std::optional<simdjson::dom::element>& e) {
  T value{};
  if (!e || e->get(value) != simdjson::SUCCESS)
    return std::nullopt;
  return value;
}

// Places to the metre, times to the microsecond.
std::string short_number(double n) {
  constexpr int decimals = 5;
  std::array<char, 64> digits{};
  const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), n,
                                            std::chars_format::fixed, decimals);
  std::string text{digits.data(), failure == std::errc{} ? end : digits.data()};
  if (text.find('.') != text.npos)
    text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.'))
    text.pop_back();
  return text;
}

std::string shown_array(const json_value& array) {
  std::string text;
  for (const auto& item : array.items())
    text += (text.empty() ? "" : ", ") + item.shown();
  return text.empty() ? "-" : text;
}

} // namespace

json_value json_value::operator[](std::string_view path) const {
  auto at = *this;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const auto fields = as<simdjson::dom::object>(at.element_);
    simdjson::dom::element member;
    if (!fields || fields->at_key(path.substr(0, dot)).get(member) != simdjson::SUCCESS)
      return {};
    at = json_value{member};
    path.remove_prefix(dot == path.npos ? path.size() : dot + 1);
  }
  return at;
}

std::vector<json_value> json_value::items() const {
  std::vector<json_value> all;
  if (const auto array = as<simdjson::dom::array>(element_))
    for (const auto item : *array)
      all.emplace_back(item);
  return all;
}

std::vector<std::pair<std::string_view, json_value>> json_value::members() const {
  std::vector<std::pair<std::string_view, json_value>> all;
  if (const auto fields = as<simdjson::dom::object>(element_))
    for (const auto& member : *fields)
      all.emplace_back(member.key, json_value{member.value});
  return all;
}

std::optional<std::string_view> json_value::text() const {
  return as<std::string_view>(element_);
}

std::optional<double> json_value::number() const {
  return as<double>(element_);
}

std::optional<std::uint64_t> json_value::whole() const {
  return as<std::uint64_t>(element_);
}

bool json_value::is_true() const {
  return as<bool>(element_).value_or(false);
}

json_value::operator bool() const {
  return element_ && !element_->is_null();
}

std::string json_value::shown() const {
  if (!*this)
    return "-";
  switch (element_->type()) {
  case simdjson::dom::element_type::STRING: return printable(*text());
  case simdjson::dom::element_type::INT64:
  case simdjson::dom::element_type::UINT64: return json();
  case simdjson::dom::element_type::DOUBLE: return short_number(*number());
  case simdjson::dom::element_type::BOOL: return is_true() ? "yes" : "no";
  case simdjson::dom::element_type::ARRAY: return shown_array(*this);
  default: return printable(json());
  }
}

std::string json_value::json() const {
  return element_ ? simdjson::minify(*element_) : "null";
}

domain::result<json_document> json_document::parse(const std::string& text) {
  json_document read;
  if (text.empty())
    return read;
  read.parser_ = std::make_unique<simdjson::dom::parser>();
  simdjson::dom::element root;
  if (const auto failed = read.parser_->parse(text).get(root); failed != simdjson::SUCCESS)
    return domain::error{domain::errc::corrupt,
                         std::string{"read answer: JSON: "} + simdjson::error_message(failed),
                         {}};
  read.root_ = json_value{root};
  return read;
}

} // namespace pickup::ctl

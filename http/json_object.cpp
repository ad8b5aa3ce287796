#include "http/json_object.hpp"

#include "http/text.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <new>

namespace pickup::http {

namespace {

namespace dom = simdjson::dom;

domain::error bad_body(std::string reason) {
  return {domain::errc::invalid_argument, "read body: " + std::move(reason), {}};
}

domain::error not_an_object() {
  return bad_body("must be a JSON object");
}

// simdjson says that a text is not JSON, but not where; RapidJSON finds the place. Iterative,
// so that depth is no danger.
std::string describe(const std::string& body, simdjson::error_code code) {
  using namespace rapidjson;
  MemoryStream stream{body.data(), body.size()};
  BaseReaderHandler<> ignore;
  Reader reader;
  reader.Parse<kParseIterativeFlag | kParseValidateEncodingFlag>(stream, ignore);
  if (code == simdjson::DEPTH_ERROR)
    return "nested deeper than " + std::to_string(json_object::max_depth);
  if (!reader.HasParseError())
    return std::string{"not acceptable JSON: "} + simdjson::error_message(code);
  return "not JSON at byte " + std::to_string(reader.GetErrorOffset()) + ": "
         + GetParseError_En(reader.GetParseErrorCode());
}

dom::parser& own_parser() {
  thread_local dom::parser parser = [] {
    dom::parser p;
    // Later growth keeps the depth.
    if (p.allocate(4096, json_object::max_depth))
      throw std::bad_alloc{};
    return p;
  }();
  return parser;
}

std::optional<double> as_number(dom::element e) {
  if (double number = 0; e.get(number) == simdjson::SUCCESS)
    return number;
  if (std::string_view text; e.get(text) == simdjson::SUCCESS)
    return parse_number(text);
  return std::nullopt;
}

// Also 10.0 and 1e3, as long as a fraction would show.
std::optional<std::int64_t> as_whole(dom::element e) {
  if (std::int64_t number = 0; e.get(number) == simdjson::SUCCESS)
    return number;
  if (std::string_view text; e.get(text) == simdjson::SUCCESS) {
    std::int64_t number = 0;
    const auto* last = text.data() + text.size();
    if (const auto [end, wrong] = std::from_chars(text.data(), last, number);
        wrong == std::errc{} && end == last)
      return number;
  }
  constexpr double fractions_end = 4'503'599'627'370'496; // 2^52
  const auto number = as_number(e);
  if (!number || std::trunc(*number) != *number || std::abs(*number) >= fractions_end)
    return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

} // namespace

domain::error bad_field(std::string_view name, std::string_view reason) {
  return bad_body(std::string{name}.append(": ").append(reason));
}

domain::result<json_object> json_object::parse(const std::string& body) {
  dom::element root;
  if (const auto code = own_parser().parse(body).get(root))
    return bad_body(describe(body, code));
  dom::object fields;
  if (root.get(fields))
    return not_an_object();
  return json_object{fields};
}

domain::status_result
json_object::parse_each(const std::string& body,
                        const std::function<bool(domain::result<json_object>)>& take) {
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first == body.npos)
    return bad_body("is empty");
  return body[first] == '[' ? parse_array(body, take) : parse_lines(body, take);
}

domain::status_result
json_object::parse_array(const std::string& body,
                         const std::function<bool(domain::result<json_object>)>& take) {
  // Its own: what a large body takes is given back.
  dom::parser parser;
  if (parser.allocate(body.size(), max_depth))
    throw std::bad_alloc{};
  dom::array items;
  if (const auto code = parser.parse(body).get(items))
    return bad_body(describe(body, code));
  for (const auto item : items) {
    dom::object fields;
    if (!take(item.get(fields) ? domain::result<json_object>{not_an_object()}
                               : json_object{fields}))
      break;
  }
  return domain::done{};
}

domain::status_result
json_object::parse_lines(std::string_view lines,
                         const std::function<bool(domain::result<json_object>)>& take) {
  std::optional<domain::error> first_failure;
  bool has_object = false;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    const std::string line{lines.substr(0, end)};
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (line.find_first_not_of(" \t\r") == line.npos)
      continue;
    auto parsed = parse(line);
    has_object = has_object || parsed;
    if (!parsed && !first_failure)
      first_failure = parsed.error();
    if (!take(std::move(parsed)))
      break;
  }
  if (!has_object)
    return *first_failure;
  return domain::done{};
}

std::optional<dom::element> json_object::find(field names) const {
  std::optional<dom::element> found;
  for (const auto [key, value] : fields_)
    if (std::find(names.begin(), names.end(), key) != names.end())
      found = value;
  if (found && found->is_null())
    return std::nullopt;
  return found;
}

domain::result<std::optional<std::string>> json_object::text(field names,
                                                             text_length allowed) const {
  const auto found = find(names);
  if (!found)
    return std::optional<std::string>{};
  std::string_view text;
  if (found->get(text))
    return bad_field(*names.begin(), "must be a string");
  if (text.find('\0') != text.npos)
    return bad_field(*names.begin(), "must not contain NUL");
  if (const auto n = characters(text); n < allowed.least || n > allowed.most)
    return bad_field(*names.begin(), "must have " + std::to_string(allowed.least) + " to "
                                         + std::to_string(allowed.most) + " characters, got "
                                         + std::to_string(n));
  return std::optional{std::string{text}};
}

domain::result<std::optional<double>> json_object::number(field names) const {
  const auto found = find(names);
  if (!found)
    return std::optional<double>{};
  const auto number = as_number(*found);
  if (!number || !std::isfinite(*number))
    return bad_field(*names.begin(), "must be a finite number");
  return number;
}

domain::result<std::optional<std::int64_t>> json_object::whole(field names, std::int64_t least,
                                                               std::int64_t most) const {
  const auto found = find(names);
  if (!found)
    return std::optional<std::int64_t>{};
  const auto number = as_whole(*found);
  if (!number || *number < least || *number > most)
    return bad_field(*names.begin(), "must be a whole number from " + std::to_string(least)
                                         + " to " + std::to_string(most));
  return number;
}

domain::result<std::optional<bool>> json_object::flag(field names) const {
  const auto found = find(names);
  if (!found)
    return std::optional<bool>{};
  if (bool value = false; found->get(value) == simdjson::SUCCESS)
    return std::optional{value};
  std::string_view text;
  if (found->get(text) == simdjson::SUCCESS && (text == "true" || text == "false"))
    return std::optional{text == "true"};
  return bad_field(*names.begin(), "must be true or false");
}

domain::result<std::optional<std::vector<std::string>>> json_object::texts(field names) const {
  const auto found = find(names);
  if (!found)
    return std::optional<std::vector<std::string>>{};
  dom::array items;
  if (found->get(items))
    return bad_field(*names.begin(), "must be an array of strings");
  std::vector<std::string> out;
  for (const auto item : items) {
    std::string_view text;
    if (item.get(text))
      return bad_field(*names.begin(), "must be an array of strings");
    out.emplace_back(text);
  }
  return std::optional{std::move(out)};
}

} // namespace pickup::http

#include "http/head_check.hpp"

#include "http/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace pickup::http {

namespace {

constexpr std::string_view line_end = "\r\n";

// The library matches Range with a regular expression that recurses for every character: the
// longest line it takes needs more than 4 MiB of stack.
constexpr std::size_t max_range_line = 256;

problem malformed(std::string_view why) {
  return http_problem(400, std::string{"read request: "}.append(why));
}

problem too_large(std::string_view what, std::size_t limit, std::string_view unit) {
  return http_problem(
      431,
      std::string{"read request: "}.append(what).append(std::to_string(limit)).append(unit));
}

// Whether the lines hold control characters, or ends that are not CR LF: the library skips
// lines that end otherwise, and would find other headers than this check.
bool has_stray_controls(std::string_view lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto c = static_cast<unsigned char>(lines[i]);
    if (c >= 0x20 ? c != 0x7f : c == '\t')
      continue;
    const auto ends_line = c == '\r' ? i + 1 == lines.size() || lines[i + 1] == '\n'
                                     : c == '\n' && i > 0 && lines[i - 1] == '\r';
    if (!ends_line)
      return true;
  }
  return false;
}

// The length of a method the library would call a malformed line; 0 when it knows it.
std::size_t odd_method(std::string_view line) {
  constexpr std::array known{"GET",     "HEAD",    "POST",  "PUT",   "DELETE",
                             "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI"};
  const auto method = line.substr(0, line.find(' '));
  const auto is_token =
      !method.empty() && method.size() < line.size()
      && std::ranges::all_of(method, [](char c) { return c >= 'A' && c <= 'Z'; });
  return !is_token || std::ranges::find(known, method) != known.end() ? 0 : method.size();
}

// Whether this is the request that may be large, as clients spell it. Spelt otherwise, e.g.
// with needless percent signs, it is as small as the others.
bool takes_bulk(std::string_view line) {
  constexpr std::string_view bulk = "POST /couriers/locations";
  if (!line.starts_with(bulk))
    return false;
  const auto rest = line.substr(bulk.size());
  return rest.starts_with(' ') || rest.starts_with('?') || rest.starts_with("/ ");
}

std::optional<problem> read_length(std::string_view value, request_extent& extent) {
  std::uint64_t length = 0;
  const auto* last = value.data() + value.size();
  const auto [end, failure] = std::from_chars(value.data(), last, length);
  if (failure == std::errc::invalid_argument || end != last)
    return malformed("Content-Length is not a number");
  if (failure == std::errc::result_out_of_range || length > extent.most_body)
    return http_problem(413, "read request: the body is longer than "
                                 + std::to_string(extent.most_body) + " bytes");
  extent.body = length;
  return std::nullopt;
}

// Whether a Connection header's list of options says "close".
bool says_close(std::string_view options) {
  while (!options.empty()) {
    const auto comma = std::min(options.find(','), options.size());
    if (equals_ignoring_case(trimmed(options.substr(0, comma)), "close"))
      return true;
    options.remove_prefix(std::min(comma + 1, options.size()));
  }
  return false;
}

std::optional<problem> check_line(std::string_view line, request_extent& extent) {
  if (line.size() > max_line)
    return too_large("a header is longer than ", max_line, " bytes");
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  if (colon == line.npos || name.empty() || name.find_first_of(" \t") != name.npos)
    return malformed("a header line is not NAME: VALUE");
  if (line.size() > max_range_line && equals_ignoring_case(name, "range"))
    return too_large("Range is longer than ", max_range_line, " bytes");

  const auto value = trimmed(line.substr(colon + 1));
  if (equals_ignoring_case(name, "idempotency-key")) {
    // The library drops headers without a value, and takes one of two.
    if (value.empty() || extent.has_key)
      return malformed("Idempotency-Key is empty, or there are two");
    extent.has_key = true;
  }

  if (equals_ignoring_case(name, "connection") && says_close(value))
    extent.closes = true;
  if (equals_ignoring_case(name, "content-encoding"))
    extent.encoded = true;

  const auto is_length = equals_ignoring_case(name, "content-length");
  if (!is_length && !equals_ignoring_case(name, "transfer-encoding"))
    return std::nullopt;
  if (extent.body || extent.chunked)
    return malformed("more than one Content-Length or Transfer-Encoding");
  if (is_length)
    return read_length(value, extent);
  if (!equals_ignoring_case(value, "chunked"))
    return http_problem(501, "read request: no Transfer-Encoding but chunked is known");
  extent.chunked = true;
  return std::nullopt;
}

} // namespace

std::variant<incomplete, request_extent, problem> check_head(std::string_view bytes,
                                                             const head_limits& limits) {
  const auto first_end = bytes.find(line_end);
  if (std::min(first_end, bytes.size()) > max_line)
    return http_problem(414, "read request: the request line is longer than "
                                 + std::to_string(max_line) + " bytes");
  const auto end = bytes.find("\r\n\r\n");
  const auto arrived = bytes.substr(0, end);
  if (first_end != bytes.npos && arrived.size() > first_end + line_end.size() + limits.bytes)
    return too_large("the headers are longer than ", limits.bytes, " bytes");
  if (has_stray_controls(arrived))
    return malformed("lines must end with CR LF and have no other control characters");
  if (end == bytes.npos)
    return incomplete{};

  request_extent extent{end + 4};
  const auto first = bytes.substr(0, first_end);
  extent.odd_method = odd_method(first);
  extent.closes = first.ends_with(" HTTP/1.0");
  extent.most_body = takes_bulk(first) ? limits.bulk_body : limits.body;
  std::size_t lines = 0;
  for (auto at = first_end; at < end;) {
    const auto begin = at + line_end.size();
    at = bytes.find(line_end, begin);
    if (++lines > limits.lines)
      return too_large("more than ", limits.lines, " headers");
    if (auto wrong = check_line(bytes.substr(begin, at - begin), extent))
      return *std::move(wrong);
  }
  extent.bulk = extent.most_body > limits.body
                && (extent.chunked || extent.encoded || extent.body.value_or(0) > limits.body);
  return extent;
}

} // namespace pickup::http

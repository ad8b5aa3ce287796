#include "http/paging.hpp"

#include "http/text.hpp"

namespace pickup::http {

namespace {

domain::error bad_parameter(std::string_view name, std::string_view value, std::string range) {
  return {domain::errc::invalid_argument,
          "read query: " + std::string{name} + ": must be a whole number from "
              + std::move(range) + ", got \"" + std::string{value} + "\"",
          {}};
}

// Everything of the query that is not about paging, to go on with a '?' and the page.
std::string page_link_base(std::string_view path, const target& t) {
  std::string base{path};
  base += '?';
  for (const auto& [key, value] : t.query)
    if (key != "page" && key != "size")
      base += percent_encoded(key) + "=" + percent_encoded(value) + "&";
  return base;
}

} // namespace

domain::result<actors::page_request> read_page_request(const target& t) {
  actors::page_request part;
  if (const auto text = t.parameter("page")) {
    const auto index = parse_decimal(*text);
    if (!index)
      return bad_parameter("page", *text, "0 to " + std::to_string(max_exact));
    part.index = *index;
  }
  if (const auto text = t.parameter("size")) {
    const auto size = parse_decimal(*text);
    if (!size || *size == 0 || *size > max_page_size)
      return bad_parameter("size", *text, "1 to " + std::to_string(max_page_size));
    part.size = *size;
  }
  return part;
}

void write_paging(json_writer& out, std::string_view path, const target& t,
                  actors::page_request part, std::uint64_t total) {
  const auto pages = (total + part.size - 1) / part.size;
  const auto base = page_link_base(path, t);
  const auto link = [&](std::string_view relation, std::uint64_t index) {
    out.key(relation).begin_object();
    out.field("href",
              base + "page=" + std::to_string(index) + "&size=" + std::to_string(part.size));
    out.end_object();
  };
  out.key("_links").begin_object();
  link("self", part.index);
  link("first", 0);
  if (part.index > 0)
    link("prev", part.index - 1);
  if (part.index + 1 < pages)
    link("next", part.index + 1);
  link("last", pages == 0 ? 0 : pages - 1);
  out.end_object();
  out.key("page").begin_object();
  out.field("size", part.size);
  out.field("totalElements", total);
  out.field("totalPages", pages);
  out.field("number", part.index);
  out.end_object();
}

} // namespace pickup::http

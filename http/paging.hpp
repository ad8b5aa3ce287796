// Lists in pages, in HAL form. Pure.
#pragma once

#include "actors/gateway.hpp"
#include "domain/result.hpp"
#include "http/json_writer.hpp"
#include "http/target.hpp"

#include <string>
#include <string_view>

namespace pickup::http {

/// The largest page a client may ask for.
inline constexpr std::uint64_t max_page_size = 200;

/// `page` (from 0) and `size` (1 to 200). Errors: invalid_argument.
domain::result<actors::page_request> read_page_request(const target& t);

/// Writes `_links` and `page`: what is where in a list of `total` items.
/// @param path the list's own, percent-encoded; its other query parameters stay in the links
void write_paging(json_writer& out, std::string_view path, const target& t,
                  actors::page_request part, std::uint64_t total);

/// A whole list; `write_item(out, item)` writes one.
template <class T, class WriteItem>
std::string to_json(const actors::page<T>& items, std::string_view key, std::string_view path,
                    const target& t, actors::page_request part, WriteItem write_item) {
  json_writer out;
  out.begin_object();
  out.key("_embedded").begin_object().key(key).begin_array();
  for (const auto& item : items.items)
    write_item(out, item);
  out.end_array().end_object();
  write_paging(out, path, t, part, items.total);
  out.end_object();
  return out.take();
}

} // namespace pickup::http

#include "http/options.hpp"

#include "domain/options.hpp"
#include "http/endpoint.hpp"

namespace pickup::http {

domain::status_result validate(const options& o) {
  return domain::option_checks{}
      .require(parse_endpoint(o.listen).has_value(), "http.listen",
               "be HOST:PORT with a port from 0 to 65535", '"' + o.listen + '"')
      .between("http.threads", o.threads, 0, 256)
      // Waiting answers take up to half the connections, so one must be left for the others.
      .between("http.connections", o.connections, 2, 16'384)
      .between("http.in_flight", o.in_flight, 1, 65'536)
      .between("http.max_body", o.max_body, 1, 64 * 1'024 * 1'024)
      .between("http.max_bulk_body", o.max_bulk_body, 1, 64 * 1'024 * 1'024)
      .between("http.max_bulk_items", o.max_bulk_items, 1, 1'000'000)
      .between("http.bulk_in_flight", o.bulk_in_flight, 1, 65'536)
      .between("http.max_headers", o.max_headers, 1, 10'000)
      .between("http.max_header_bytes", o.max_header_bytes, 256, 1'024 * 1'024)
      .positive("http.keep_alive", o.keep_alive)
      .positive("http.request_read_limit", o.request_read_limit)
      .positive("http.write_limit", o.write_limit)
      .require(o.operator_listen == "0" || parse_endpoint(o.operator_listen), "operator.listen",
               "be HOST:PORT with a port from 0 to 65535, or \"0\" for none",
               '"' + o.operator_listen + '"')
      .not_empty("http.default_place_pickup", o.default_place_pickup)
      .not_empty("http.default_place_taxi", o.default_place_taxi)
      .first_refusal();
}

} // namespace pickup::http

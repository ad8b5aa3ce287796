// What can be set about the HTTP server. Plain values, checked by validate(); see
// config/pickupd.toml for the cost of too high and too low.
#pragma once

#include "domain/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace pickup::http {

using namespace std::chrono_literals;

struct options {
  std::string listen = "127.0.0.1:8080";      ///< HOST:PORT; port 0 picks a free one
  std::uint32_t threads = 0;                  ///< that serve connections; 0: as many as cores
  std::uint32_t connections = 4096;           ///< served at once; more get 503
  std::uint32_t in_flight = 256;              ///< requests decided at once; more get 503
  std::uint32_t max_body = 65'536;            ///< bytes
  std::uint32_t max_bulk_body = 2'097'152;    ///< bytes, of POST /couriers/locations
  std::uint32_t max_bulk_items = 10'000;      ///< locations in one of those
  std::uint32_t bulk_in_flight = 16;          ///< of those larger than max_body, at once
  std::uint32_t max_headers = 100;            ///< header lines of a request
  std::uint32_t max_header_bytes = 16'384;    ///< all header lines together
  std::chrono::milliseconds keep_alive = 30s; ///< an idle connection is closed after this
  std::chrono::milliseconds request_read_limit = 10s; ///< for a whole request to arrive
  std::chrono::milliseconds write_limit = 10s;        ///< for an answer to be taken
  std::string operator_listen = "127.0.0.1:9090";     ///< HOST:PORT for operators; "0": nowhere
  std::string console_dir; ///< the console's built files; empty: there are none
  std::string
      operator_token; ///< what requests under /admin must show; empty: there is no /admin
  std::string default_place_pickup = "서울시청"; ///< where a call without a place is
  std::string default_place_taxi = "서울역";
};

/// The first value that cannot work, by its name in the configuration file.
domain::status_result validate(const options& o);

} // namespace pickup::http

// A well-behaved client and its answers as JSON. Owned by the test.
#pragma once

#include "tests/http/running_server.hpp"

#include <httplib.h>
#include <rapidjson/document.h>

#include <string>

namespace pickup::test {

struct answer {
  int status = 0;
  httplib::Headers headers;
  std::string text;
  rapidjson::Document json; ///< null when the text is no JSON

  std::string header(const std::string& name) const;
};

inline std::string text(const rapidjson::Value& v) {
  return v.GetString();
}

class client {
public:
  explicit client(int port) : http_("127.0.0.1", port) {}

  answer get(const std::string& target);
  answer post(const std::string& target, const std::string& body,
              const httplib::Headers& headers = {});
  answer patch(const std::string& target, const std::string& body);
  answer put(const std::string& target, const std::string& body);
  answer del(const std::string& target);
  answer send(const std::string& method, const std::string& target,
              const httplib::Headers& headers = {}, const std::string& body = {});

private:
  httplib::Client http_;
};

/// A server and one client of it.
struct company {
  explicit company(const http::options& o = small_options()) : server(o), http(server.port()) {}

  running_server server;
  client http;
};

} // namespace pickup::test

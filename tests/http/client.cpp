#include "tests/http/client.hpp"

#include <stdexcept>

namespace pickup::test {

std::string answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

answer client::send(const std::string& method, const std::string& target,
                    const httplib::Headers& headers, const std::string& body) {
  httplib::Request r;
  r.method = method;
  r.path = target;
  r.headers = headers;
  r.body = body;
  auto received = http_.send(r);
  if (!received)
    throw std::runtime_error{"no answer: " + to_string(received.error())};
  answer a{received->status, received->headers, received->body, {}};
  if (a.json.Parse(a.text.data(), a.text.size()).HasParseError())
    a.json.SetNull();
  return a;
}

answer client::get(const std::string& target) {
  return send("GET", target);
}

answer client::post(const std::string& target, const std::string& body,
                    const httplib::Headers& headers) {
  auto all = headers;
  all.emplace("Content-Type", "application/json");
  return send("POST", target, all, body);
}

answer client::patch(const std::string& target, const std::string& body) {
  return send("PATCH", target, {{"Content-Type", "application/json"}}, body);
}

answer client::put(const std::string& target, const std::string& body) {
  return send("PUT", target, {{"Content-Type", "application/json"}}, body);
}

answer client::del(const std::string& target) {
  return send("DELETE", target);
}

} // namespace pickup::test

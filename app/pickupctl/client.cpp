#include "app/pickupctl/client.hpp"

#include "app/exit_codes.hpp"
#include "app/pickupctl/width.hpp"
#include "http/target.hpp"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace pickup::ctl {

namespace {

using domain::errc;
using domain::error;
using namespace std::chrono_literals;

// Longer than any answer that is held on purpose: a window of actors' figures is a minute.
constexpr auto answer_limit = 75s;
constexpr auto connect_limit = 5s;

// What the refusal says for itself.
std::string detail_of(const httplib::Response& answer) {
  if (const auto problem = json_document::parse(answer.body))
    for (const auto* member : {"detail", "title"})
      if (const auto text = (*problem)[member].text())
        return printable(*text);
  return {};
}

error refusal(std::string_view method, const std::string& target,
              const httplib::Response& answer) {
  const auto status = std::to_string(answer.status);
  auto text = detail_of(answer);
  if (text.empty())
    text = std::string{method} + ' ' + target + ": refused: " + status;
  if (answer.status == 401)
    text +=
        " (give --token, PICKUPD_OPERATOR_TOKEN, or the --data-dir that has operator.token)";
  return {errc::conflict, std::move(text), {{"status", status}}};
}

// As httplib finds it.
std::string host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != url.npos)
    url.remove_prefix(scheme + 3);
  if (url.starts_with('['))
    return std::string{url.substr(1, url.find(']') - 1)};
  return std::string{url.substr(0, url.find_first_of(":/?#"))};
}

} // namespace

struct client::connection {
  std::string url;
  httplib::Client http;
  httplib::Headers headers;
};

client::client(std::string url, const headers& every)
    : connection_(new connection{url, httplib::Client{url}, {}}) {
  auto& http = connection_->http;
  connection_->headers.insert(every.begin(), every.end());
  http.set_keep_alive(true);
  http.set_tcp_nodelay(true);
  http.set_url_encode(false); // targets are encoded already
  http.set_connection_timeout(connect_limit);
  http.set_read_timeout(answer_limit);
}

client::~client() = default;
client::client(client&&) noexcept = default;

domain::result<std::string> client::send(std::string_view method, const std::string& target,
                                         const std::string& body) {
  auto& [url, http, every] = *connection_;
  if (!http.is_valid())
    return error{errc::invalid_argument, "ask server: " + url + ": is no http://HOST:PORT", {}};
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.headers = every;
  request.body = body;
  if (!body.empty())
    request.headers.emplace("Content-Type", "application/json");
  auto answer = http.send(request);
  if (!answer)
    return error{errc::unavailable,
                 "ask server: " + url
                     + (answer.error() == httplib::Error::Connection ? ": cannot connect"
                                                                     : ": no answer"),
                 {}};
  if (answer->status / 100 != 2)
    return refusal(method, target, *answer);
  return std::move(answer->body);
}

domain::result<json_document> client::ask(std::string_view method, const std::string& target,
                                          const std::string& body) {
  const auto answer = send(method, target, body);
  return answer ? json_document::parse(*answer) : answer.error();
}

void client::interrupt() {
  connection_->http.stop();
}

void client::wait_at_most(std::chrono::seconds limit) {
  connection_->http.set_read_timeout(limit);
}

bool is_on_this_machine(std::string_view url) {
  const auto host = host_of(url);
  in_addr v4{};
  in6_addr v6{};
  constexpr std::uint8_t loopback = 127;
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1)
    return (ntohl(v4.s_addr) >> 24) == loopback;
  if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1)
    return IN6_IS_ADDR_LOOPBACK(&v6);
  return host == "localhost";
}

std::string token_for_server(const settings& s) {
  if (!s.token.empty() || !(s.data_dir_typed || is_on_this_machine(s.server)))
    return s.token;
  std::ifstream file{std::filesystem::path{s.data_dir} / "operator.token"};
  std::string token;
  std::getline(file, token);
  return token;
}

client to_operators(const settings& s) {
  headers every{{"X-Operator", http::percent_encoded(s.operator_name)}};
  if (const auto token = token_for_server(s); !token.empty())
    every.emplace_back("Authorization", "Bearer " + token);
  return {s.server, every};
}

client to_customers(const settings& s) {
  return {s.api, {}};
}

std::string with_query(std::string path,
                       const std::vector<std::pair<std::string, std::string>>& parameters) {
  auto separator = '?';
  for (const auto& [name, value] : parameters) {
    if (value.empty())
      continue;
    path += separator + name + '=' + http::percent_encoded(value);
    separator = '&';
  }
  return path;
}

std::string_view status_of(const error& why) {
  const auto status = std::ranges::find(why.facts, "status", &domain::fact::first);
  return status == why.facts.end() ? std::string_view{} : status->second;
}

bool is_gone(const error& why) {
  const auto status = status_of(why);
  return status == "404" || status == "409";
}

int ending(const error& why) {
  if (const auto status = status_of(why); !status.empty())
    return status == "401" ? EX_NOPERM : EXIT_FAILURE;
  switch (why.code) {
  case errc::invalid_argument: return EX_USAGE;
  case errc::not_found: return EX_NOINPUT;
  default: return app::exit_code(why.code);
  }
}

} // namespace pickup::ctl

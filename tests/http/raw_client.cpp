#include "tests/http/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace pickup::test {

raw_client::raw_client(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  timeval patience{10, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error{"cannot connect"};
}

raw_client::~raw_client() {
  ::close(fd_);
}

raw_client& raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0)
      break; // the server has hung up, which is for the test to judge
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return *this;
}

bool raw_client::fill() {
  std::array<char, 4096> piece;
  const auto n = ::recv(fd_, piece.data(), piece.size(), 0);
  if (n < 0 && errno == EAGAIN)
    throw std::runtime_error{"no answer"};
  if (n > 0)
    buffer_.append(piece.data(), static_cast<std::size_t>(n));
  return n > 0;
}

std::string raw_client::receive_line(std::string_view ending) {
  auto end = buffer_.find(ending);
  while (end == buffer_.npos) {
    if (!fill())
      return {};
    end = buffer_.find(ending);
  }
  auto line = buffer_.substr(0, end);
  buffer_.erase(0, end + ending.size());
  return line;
}

raw_answer raw_client::receive() {
  raw_answer a;
  const auto first = receive_line();
  if (first.empty())
    return a;
  a.status = std::stoi(first.substr(9, 3));
  for (auto line = receive_line(); !line.empty(); line = receive_line())
    a.headers[line.substr(0, line.find(':'))] = line.substr(line.find(':') + 2);
  if (a.status < 200)
    return receive();
  if (const auto length = a.headers.find("Content-Length"); length != a.headers.end()) {
    const auto n = std::stoul(length->second);
    while (buffer_.size() < n && fill())
      ;
    a.body = buffer_.substr(0, n);
    buffer_.erase(0, n);
  }
  return a;
}

bool raw_client::is_closed_silently() {
  while (fill())
    ;
  return buffer_.empty();
}

raw_answer exchange(int port, std::string_view request) {
  return raw_client{port}.send(request).receive();
}

std::string post(std::string_view path, std::string_view body, std::string_view more_headers) {
  std::string text = "POST ";
  text.append(path).append(" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n");
  text.append(more_headers).append("Content-Length: ").append(std::to_string(body.size()));
  return text.append("\r\n\r\n").append(body);
}

} // namespace pickup::test

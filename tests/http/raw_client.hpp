// A TCP client that says exactly what the test tells it to. Owned by the test.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace pickup::test {

struct raw_answer {
  int status = 0; ///< 0: the server closed the connection without an answer
  std::map<std::string, std::string> headers;
  std::string body;
};

class raw_client {
public:
  explicit raw_client(int port);
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  raw_client& send(std::string_view bytes);
  /// The next answer, after any 1xx.
  raw_answer receive();
  /// The next line of an answer, a 1xx too.
  std::string receive_line(std::string_view ending = "\r\n");
  /// Waits until the server closes; whether it sent nothing more.
  bool is_closed_silently();

private:
  bool fill();

  int fd_;
  std::string buffer_;
};

/// Sends one request on a connection of its own.
raw_answer exchange(int port, std::string_view request);

/// A POST of JSON to `path`, as raw text.
std::string post(std::string_view path, std::string_view body,
                 std::string_view more_headers = "");

} // namespace pickup::test

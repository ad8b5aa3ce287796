#include "http/head_check.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace pickup::http;

namespace {

const head_limits limits{10, 1000, 500, 2000};

using outcome = std::variant<incomplete, request_extent, problem>;

outcome head_with(std::string_view lines) {
  return check_head(std::string{"POST /x HTTP/1.1\r\n"}.append(lines).append("\r\n"), limits);
}

int status(const outcome& o) {
  const auto* p = std::get_if<problem>(&o);
  return p ? p->status : 0;
}

} // namespace

TEST_CASE("a head without a body ends with its empty line") {
  const std::string text = "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\nrest";
  const auto extent = std::get<request_extent>(check_head(text, limits));
  CHECK(extent.head == text.size() - 4);
  CHECK_FALSE(extent.body);
  CHECK_FALSE(extent.chunked);
}

TEST_CASE("a head tells how long its body is, in any case and with spaces around") {
  CHECK(std::get<request_extent>(head_with("content-LENGTH:  7 \r\n")).body == 7U);
  CHECK(std::get<request_extent>(head_with("Transfer-ENCODING:Chunked\r\n")).chunked);
}

TEST_CASE("a head that has not arrived whole is incomplete") {
  for (const auto* text : {"", "GET", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\nHost: x\r\n"})
    CHECK(std::holds_alternative<incomplete>(check_head(text, limits)));
}

TEST_CASE("an idempotency key without a value, or with two, is refused") {
  CHECK(status(head_with("Idempotency-Key:\r\n")) == 400);
  CHECK(status(head_with("idempotency-KEY: \t\r\n")) == 400);
  CHECK(status(head_with("Idempotency-Key: 1\r\n")) == 0);
  CHECK(status(head_with("Idempotency-Key: 1\r\nidempotency-key: 1\r\n")) == 400);
}

TEST_CASE("an ambiguous length is refused") {
  CHECK(status(head_with("Content-Length: 1\r\nContent-Length: 1\r\n")) == 400);
  CHECK(status(head_with("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")) == 400);
  CHECK(status(head_with("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n")) == 400);
  CHECK(status(head_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"))
        == 400);
  CHECK(status(head_with("Transfer-Encoding: gzip, chunked\r\n")) == 501);
}

TEST_CASE("a length that is no number is refused") {
  for (const auto* length : {"", "-1", "+1", "x", "1,1", "0x1", "1 1"})
    CHECK(status(head_with(std::string{"Content-Length: "} + length + "\r\n")) == 400);
}

TEST_CASE("a body announced too long is refused before it is read") {
  CHECK(status(head_with("Content-Length: 500\r\n")) == 0);
  CHECK(status(head_with("Content-Length: 501\r\n")) == 413);
  CHECK(status(head_with("Content-Length: 99999999999999999999999\r\n")) == 413);
}

TEST_CASE("only the path that takes many things at once may have a larger body") {
  const auto head = [](std::string_view line, std::string_view length) {
    return check_head(std::string{line}
                          .append(" HTTP/1.1\r\nContent-Length: ")
                          .append(length)
                          .append("\r\n\r\n"),
                      limits);
  };
  for (const auto* line : {"POST /couriers/locations", "POST /couriers/locations/",
                           "POST /couriers/locations?x=1"}) {
    CHECK(status(head(line, "2001")) == 413);
    const auto large = head(line, "2000");
    REQUIRE(status(large) == 0);
    CHECK(std::get<request_extent>(large).bulk);
    CHECK(std::get<request_extent>(large).most_body == 2000);
    CHECK_FALSE(std::get<request_extent>(head(line, "500")).bulk);
  }
  for (const auto* line : {"PUT /couriers/locations", "POST /couriers/locationsx",
                           "POST /couriers/locations/1", "POST /couriers"})
    CHECK(status(head(line, "501")) == 413);
  const auto chunked = check_head(
      "POST /couriers/locations HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", limits);
  CHECK(std::get<request_extent>(chunked).bulk);
  const auto encoded = check_head("POST /couriers/locations HTTP/1.1\r\nContent-Length: 5\r\n"
                                  "Content-Encoding: gzip\r\n\r\n",
                                  limits);
  CHECK(std::get<request_extent>(encoded).bulk);
}

TEST_CASE("too many headers, or too long ones, are refused") {
  std::string lines;
  for (int i = 0; i < 10; ++i)
    lines += "X: 1\r\n";
  CHECK(status(head_with(lines)) == 0);
  CHECK(status(head_with(lines + "X: 1\r\n")) == 431);
  CHECK(status(head_with("X: " + std::string(1000, 'a') + "\r\n")) == 431);
  // Also when the end is not in sight.
  CHECK(status(check_head("GET / HTTP/1.1\r\nX: " + std::string(1000, 'a'), limits)) == 431);
}

TEST_CASE("a line longer than the library takes is refused") {
  const head_limits wide{100, 16'384, 0, 0};
  const auto header = "GET / HTTP/1.1\r\nX:" + std::string(max_line - 2, 'a');
  CHECK(status(check_head(header + "\r\n\r\n", wide)) == 0);
  CHECK(status(check_head(header + "a\r\n\r\n", wide)) == 431);
  CHECK(status(check_head("GET /" + std::string(max_line, 'a'), wide)) == 414);
}

TEST_CASE("a range that would take much stack to match is refused") {
  CHECK(status(head_with("Range: bytes=0-99\r\n")) == 0);
  CHECK(status(head_with("RANGE: bytes=0" + std::string(300, '0') + "-\r\n")) == 431);
}

TEST_CASE("header lines that could be read in two ways are refused") {
  for (const auto* lines : {"X\r\n", ": 1\r\n", "Content-Length : 1\r\n", "X: 1\r\n folded\r\n",
                            "X: 1\r\n Content-Length: 1\r\n", "X: a\x01\r\n", "X: a\x7f\r\n",
                            "X: 1\nContent-Length: 1\r\n", "X: 1\rContent-Length: 1\r\n"})
    CHECK(status(head_with(lines)) == 400);
  CHECK(status(check_head("GET / HTTP/1.1\nHost: x\n\n", limits)) == 400);
  CHECK(status(check_head(std::string{"GET /\0 HTTP/1.1\r\n\r\n", 19}, limits)) == 400);
}

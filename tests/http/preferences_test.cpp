#include "http/correlation.hpp"
#include "http/preferences.hpp"
#include "http/traffic.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::http;
using namespace std::chrono_literals;

TEST_CASE("a preference to wait is found among others and limited to 30 s") {
  CHECK(parse_wait("wait=5") == 5s);
  CHECK(parse_wait("respond-async, Wait = 7; x=1") == 7s);
  CHECK(parse_wait("wait=\"3\"") == 3s);
  CHECK(parse_wait("wait=9000") == 30s);
}

TEST_CASE("an unreadable preference is ignored") {
  for (const auto* text :
       {"", "wait", "wait=", "wait=x", "wait=-1", "wait=1.5", "waits=3", ","})
    CHECK(parse_wait(text) == 0s);
}

TEST_CASE("an idempotency key is 1 to 255 visible ASCII characters") {
  const auto key = [](std::string_view text) {
    request r;
    r.idempotency_key = text;
    return read_idempotency_key(r);
  };
  CHECK(**key("\"a-b_c\"") == "\"a-b_c\"");
  CHECK(key(std::string(255, 'k')));
  CHECK_FALSE(key(std::string(256, 'k')));
  CHECK_FALSE(key("a b"));
  CHECK_FALSE(key("열쇠"));
  CHECK_FALSE(*key(""));
}

TEST_CASE("a printable correlation id is kept") {
  CHECK(correlation_id_of("order 7/a", "") == "order 7/a");
  CHECK(correlation_id_of(std::string(128, 'x'), "") == std::string(128, 'x'));
}

TEST_CASE("without one, the trace id of the trace context is taken") {
  CHECK(correlation_id_of("", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        == "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST_CASE("without either, or with bad ones, a random correlation id is made") {
  const auto a = correlation_id_of("", "");
  CHECK(a.size() == 32);
  CHECK(a != correlation_id_of("", ""));
  CHECK(correlation_id_of("줄", "").size() == 32);
  CHECK(correlation_id_of(std::string(129, 'x'), "").size() == 32);
  const auto* zeros = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
  CHECK(correlation_id_of("", zeros) != std::string(32, '0'));
}

TEST_CASE("metrics of one name share one HELP and TYPE") {
  CHECK(to_prometheus({{"b_total", "B.", true, "x=\"1\"", 1},
                       {"a", "A.", false, "", 0.5},
                       {"b_total", "B.", true, "x=\"2\"", 2}})
        == "# HELP a A.\n# TYPE a gauge\na 0.5\n"
           "# HELP b_total B.\n# TYPE b_total counter\n"
           "b_total{x=\"1\"} 1\nb_total{x=\"2\"} 2\n");
}

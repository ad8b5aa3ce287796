#include "config/settings.hpp"
#include "http/endpoint.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace pickup;
using namespace std::chrono_literals;

namespace {

/// What validate() says of the defaults after `change`; empty when it accepts them.
std::string refusal(const std::function<void(config::settings&)>& change) {
  config::settings s;
  change(s);
  const auto valid = config::validate(s);
  return valid ? std::string{} : valid.error().text;
}

} // namespace

TEST_CASE("the defaults are valid") {
  CHECK(config::validate({}));
}

TEST_CASE("a refusal names its option as a fact") {
  config::settings s;
  s.actors.dispatch.max_wait = -3s;
  const auto valid = config::validate(s);
  REQUIRE_FALSE(valid);
  CHECK(valid.error().code == domain::errc::invalid_argument);
  CHECK(valid.error().facts == std::vector<domain::fact>{{"option", "dispatch.max_wait"}});
}

TEST_CASE("a pickup distance that is not positive is refused") {
  CHECK(refusal([](auto& s) { s.actors.dispatch.max_pickup_distance_m = -3; })
        == "dispatch.max_pickup_distance_m: must be positive, got -3");
}

TEST_CASE("a pickup distance without a number is refused") {
  CHECK(refusal([](auto& s) {
          s.actors.dispatch.max_pickup_distance_m = std::numeric_limits<double>::quiet_NaN();
        })
        == "dispatch.max_pickup_distance_m: must be positive, got nan");
}

TEST_CASE("a waiting time that is not positive is refused") {
  CHECK(refusal([](auto& s) { s.actors.dispatch.max_wait = -3s; })
        == "dispatch.max_wait: must be positive, got -3s");
}

TEST_CASE("a retention that is negative or beyond ten years is refused, none is not") {
  CHECK(refusal([](auto& s) { s.actors.retention.ended_calls = -1h; })
        == "retention.ended_calls: must not be negative, got -1h");
  CHECK(refusal([](auto& s) { s.actors.retention.ended_calls = 87841h; })
        == "retention.ended_calls: must be at most 87840h, got 87841h");
  CHECK(refusal([](auto& s) { s.actors.retention.ended_calls = 0h; }).empty());
}

TEST_CASE("a waiting time beyond a year is refused") {
  CHECK(refusal([](auto& s) { s.actors.dispatch.max_wait = 8785h; })
        == "dispatch.max_wait: must be at most 8784h, got 8785h");
}

TEST_CASE("a breaker's times are bounded below and above") {
  CHECK(refusal([](auto& s) { s.actors.breaker.window = 99ms; })
        == "breaker.window: must be at least 100ms, got 99ms");
  CHECK(refusal([](auto& s) { s.actors.breaker.window = 100ms; }).empty());
  CHECK(refusal([](auto& s) { s.actors.breaker.window = 8785h; })
        == "breaker.window: must be at most 8784h, got 8785h");
  CHECK(refusal([](auto& s) { s.actors.breaker.max_wait = 8785h; })
        == "breaker.max_wait: must be at most 8784h, got 8785h");
  CHECK(refusal([](auto& s) {
          s.actors.breaker.max_wait = s.actors.breaker.wait - 1ms;
        }).starts_with("breaker.max_wait: must be at least breaker.wait"));
}

TEST_CASE(
    "a lead of scheduled calls that is no time, or longer than the longest plan, is refused") {
  CHECK(refusal([](auto& s) { s.actors.dispatch.lead_time = 0s; })
        == "dispatch.lead_time: must be positive, got 0s");
  CHECK(refusal([](auto& s) { s.actors.dispatch.max_ahead = -1h; })
        == "dispatch.max_ahead: must be positive, got -1h");
  CHECK(refusal([](auto& s) { s.actors.dispatch.max_ahead = 14min; })
        == "dispatch.max_ahead: must be at least dispatch.lead_time (15min), got 14min");
}

TEST_CASE("losing couriers at once is refused") {
  CHECK(refusal([](auto& s) { s.actors.dispatch.courier_lost_after = 0s; })
        == "dispatch.courier_lost_after: must be positive, got 0s");
}

TEST_CASE("a dispatcher that may take no time to answer is refused") {
  CHECK(refusal([](auto& s) { s.actors.dispatch.manage_timeout = 0ms; })
        == "dispatch.manage_timeout: must be positive, got 0s");
}

TEST_CASE("an idempotency window that is not positive is refused") {
  CHECK(refusal([](auto& s) { s.actors.dispatch.idempotency_window = -24h; })
        == "dispatch.idempotency_window: must be positive, got -24h");
}

TEST_CASE("a shortest pause that is not positive is refused") {
  CHECK(refusal([](auto& s) { s.actors.dispatch.assign_pause_min = 0ms; })
        == "dispatch.assign_pause_min: must be positive, got 0s");
}

TEST_CASE("a longest pause that is not positive is refused") {
  CHECK(refusal([](auto& s) { s.actors.dispatch.assign_pause_max = -1s; })
        == "dispatch.assign_pause_max: must be positive, got -1s");
}

TEST_CASE("a longest pause below the shortest is refused") {
  CHECK(refusal([](auto& s) { s.actors.dispatch.assign_pause_max = 99ms; })
        == "dispatch.assign_pause_max: must be at least dispatch.assign_pause_min (100ms), "
           "got 99ms");
}

TEST_CASE("a request limit that is not positive is refused") {
  CHECK(refusal([](auto& s) { s.actors.limits.request_timeout = 0s; })
        == "limits.request_timeout: must be positive, got 0s");
}

TEST_CASE("a request limit below the dispatcher's is refused") {
  CHECK(refusal([](auto& s) { s.actors.limits.request_timeout = 999ms; })
        == "limits.request_timeout: must be at least dispatch.manage_timeout (1s), got 999ms");
}

TEST_CASE("a call without a queue is refused") {
  CHECK(refusal([](auto& s) { s.actors.limits.call_queue = 0; })
        == "limits.call_queue: must be at least 1, got 0");
}

TEST_CASE("an endless queue of a call is refused") {
  CHECK(refusal([](auto& s) { s.actors.limits.call_queue = 65'537; })
        == "limits.call_queue: must be at most 65536, got 65537");
}

TEST_CASE("a thread for each core is accepted, written as 0") {
  CHECK(refusal([](auto& s) { s.actors.limits.scheduler_threads = 0; }).empty());
}

TEST_CASE("more than 256 scheduler threads are refused") {
  CHECK(refusal([](auto& s) { s.actors.limits.scheduler_threads = 257; })
        == "limits.scheduler_threads: must be at most 256, got 257");
}

TEST_CASE("a supervisor that never restarts is accepted") {
  CHECK(refusal([](auto& s) { s.actors.supervision.intensity = 0; }).empty());
}

TEST_CASE("more restarts for one call or courier than for all of them are refused") {
  constexpr auto why =
      "supervision.child_intensity: must be at most supervision.call_intensity "
      "and supervision.courier_intensity, got 5";
  CHECK(refusal([](auto& s) { s.actors.supervision.call_intensity = 4; }) == why);
  CHECK(refusal([](auto& s) { s.actors.supervision.courier_intensity = 4; }) == why);
}

TEST_CASE("a restart period that is not positive is refused") {
  CHECK(refusal([](auto& s) { s.actors.supervision.period = 0s; })
        == "supervision.period: must be positive, got 0s");
}

TEST_CASE("a message file without a name is refused") {
  CHECK(refusal([](auto& s) { s.actors.notify.message_file = ""; })
        == "notify.message_file: must not be empty, got \"\"");
}

TEST_CASE("a data directory without a name is refused") {
  CHECK(refusal([](auto& s) { s.storage.data_dir = ""; })
        == "storage.data_dir: must not be empty, got \"\"");
}

TEST_CASE("a group of no commits is refused") {
  CHECK(refusal([](auto& s) { s.storage.max_group = 0; })
        == "storage.max_group: must be at least 1, got 0");
}

TEST_CASE("a group of too many commits is refused") {
  CHECK(refusal([](auto& s) { s.storage.max_group = 65'537; })
        == "storage.max_group: must be at most 65536, got 65537");
}

TEST_CASE("a ledger without a queue is refused") {
  CHECK(refusal([](auto& s) { s.storage.queue = 0; })
        == "storage.queue: must be at least 1, got 0");
}

TEST_CASE("an endless queue of the ledger is refused") {
  CHECK(refusal([](auto& s) { s.storage.queue = 1'048'577; })
        == "storage.queue: must be at most 1048576, got 1048577");
}

TEST_CASE("a database without a write buffer is refused") {
  CHECK(refusal([](auto& s) { s.storage.write_buffer_mb = 0; })
        == "storage.write_buffer_mb: must be at least 1, got 0");
}

TEST_CASE("a write buffer beyond 4 GiB is refused") {
  CHECK(refusal([](auto& s) { s.storage.write_buffer_mb = 4'097; })
        == "storage.write_buffer_mb: must be at most 4096, got 4097");
}

TEST_CASE("a failed disk that is tried without a pause is refused") {
  CHECK(refusal([](auto& s) { s.storage.retry = 0s; })
        == "storage.retry: must be positive, got 0s");
}

TEST_CASE("free space beyond 1 TiB is refused") {
  CHECK(refusal([](auto& s) { s.storage.min_free_mb = 1'048'577; })
        == "storage.min_free_mb: must be at most 1048576, got 1048577");
}

TEST_CASE("a database without a block cache is refused") {
  CHECK(refusal([](auto& s) { s.storage.block_cache_mb = 0; })
        == "storage.block_cache_mb: must be at least 1, got 0");
}

TEST_CASE("a block cache beyond 1 TiB is refused") {
  CHECK(refusal([](auto& s) { s.storage.block_cache_mb = 1'048'577; })
        == "storage.block_cache_mb: must be at most 1048576, got 1048577");
}

TEST_CASE("an address to listen on that is not HOST:PORT is refused") {
  for (const std::string listen : {"", "8080", ":8080", "localhost", "localhost:", "h:http",
                                   "h:65536", "h:-1", "h:80 ", "::1:8080", "[]:80"})
    CHECK(refusal([&](auto& s) { s.http.listen = listen; })
          == "http.listen: must be HOST:PORT with a port from 0 to 65535, got \"" + listen
                 + '"');
}

TEST_CASE("an address to listen on is taken apart into host and port") {
  CHECK(http::parse_endpoint("127.0.0.1:8080") == http::endpoint{"127.0.0.1", 8080});
  CHECK(http::parse_endpoint("localhost:0") == http::endpoint{"localhost", 0});
  CHECK(http::parse_endpoint("[::1]:65535") == http::endpoint{"::1", 65535});
}

TEST_CASE("a single connection is refused, for half of them may be waiting") {
  CHECK(refusal([](auto& s) { s.http.connections = 1; })
        == "http.connections: must be at least 2, got 1");
}

TEST_CASE("more than 16384 connections are refused") {
  CHECK(refusal([](auto& s) { s.http.connections = 16'385; })
        == "http.connections: must be at most 16384, got 16385");
}

TEST_CASE("more than 256 threads are refused") {
  CHECK(refusal([](auto& s) { s.http.threads = 257; })
        == "http.threads: must be at most 256, got 257");
}

TEST_CASE("a server that takes no body is refused") {
  CHECK(refusal([](auto& s) { s.http.max_body = 0; })
        == "http.max_body: must be at least 1, got 0");
}

TEST_CASE("bodies beyond 64 MiB are refused") {
  CHECK(refusal([](auto& s) { s.http.max_body = 67'108'865; })
        == "http.max_body: must be at most 67108864, got 67108865");
}

TEST_CASE("a server that takes no batches, or endless ones, is refused") {
  CHECK(refusal([](auto& s) { s.http.max_bulk_body = 0; })
        == "http.max_bulk_body: must be at least 1, got 0");
  CHECK(refusal([](auto& s) { s.http.max_bulk_items = 1'000'001; })
        == "http.max_bulk_items: must be at most 1000000, got 1000001");
  CHECK(refusal([](auto& s) { s.http.bulk_in_flight = 0; })
        == "http.bulk_in_flight: must be at least 1, got 0");
}

TEST_CASE("a server that takes no headers is refused") {
  CHECK(refusal([](auto& s) { s.http.max_headers = 0; })
        == "http.max_headers: must be at least 1, got 0");
}

TEST_CASE("more than 10000 headers are refused") {
  CHECK(refusal([](auto& s) { s.http.max_headers = 10'001; })
        == "http.max_headers: must be at most 10000, got 10001");
}

TEST_CASE("headers too small for an ordinary request are refused") {
  CHECK(refusal([](auto& s) { s.http.max_header_bytes = 255; })
        == "http.max_header_bytes: must be at least 256, got 255");
}

TEST_CASE("headers beyond 1 MiB are refused") {
  CHECK(refusal([](auto& s) { s.http.max_header_bytes = 1'048'577; })
        == "http.max_header_bytes: must be at most 1048576, got 1048577");
}

TEST_CASE("a keep-alive time that is not positive is refused") {
  CHECK(refusal([](auto& s) { s.http.keep_alive = 0s; })
        == "http.keep_alive: must be positive, got 0s");
}

TEST_CASE("a read limit that is not positive is refused") {
  CHECK(refusal([](auto& s) { s.http.request_read_limit = -1500ms; })
        == "http.request_read_limit: must be positive, got -1500ms");
}

TEST_CASE("a write limit that is not positive is refused") {
  CHECK(refusal([](auto& s) { s.http.write_limit = 0s; })
        == "http.write_limit: must be positive, got 0s");
}

TEST_CASE("a default place without a name is refused") {
  CHECK(refusal([](auto& s) { s.http.default_place_pickup = ""; })
        == "http.default_place_pickup: must not be empty, got \"\"");
  CHECK(refusal([](auto& s) { s.http.default_place_taxi = ""; })
        == "http.default_place_taxi: must not be empty, got \"\"");
}

TEST_CASE("a log is text or JSON") {
  CHECK(refusal([](auto& s) { s.log_format = "xml"; })
        == "log.format: must be text or json, got \"xml\"");
}

TEST_CASE("an unknown log level is refused") {
  CHECK(refusal([](auto& s) { s.log_level = "loud"; })
        == "log.level: must be one of trace, debug, info, warn, error, off, got \"loud\"");
}

TEST_CASE("a mailbox that holds nothing is refused, of whatever kind of actor") {
  auto bound =
      GENERATE(&actors::mailboxes_options::new_calls, &actors::mailboxes_options::call,
               &actors::mailboxes_options::dispatcher, &actors::mailboxes_options::courier,
               &actors::mailboxes_options::ledger, &actors::mailboxes_options::notifier);
  const auto text = refusal([&](auto& s) { s.actors.mailboxes.*bound = 0; });
  CHECK(text.starts_with("mailboxes."));
  CHECK(text.ends_with("got 0"));
}

TEST_CASE("a mailbox of a call that takes more than a call may is refused") {
  CHECK(refusal([](auto& s) { s.actors.mailboxes.call = 65'537; })
        == "mailboxes.call: must be at most 65536, got 65537");
}

namespace {

/// What validate() says of a good account after `change`.
std::string account_refusal(const std::function<void(notify::options&)>& change) {
  return refusal([&](config::settings& s) {
    auto& o = s.actors.notify;
    o.channel = "alimtalk";
    o.alimtalk.app_key = o.alimtalk.secret_key = o.alimtalk.sender_key = "key";
    o.sms.base_url = "https://sms.example.com";
    o.sms.app_key = o.sms.secret_key = "key";
    o.sms.send_no = "0212345678";
    change(o);
  });
}

} // namespace

TEST_CASE("a channel is log or alimtalk") {
  CHECK(refusal([](auto& s) { s.actors.notify.channel = "pigeon"; })
        == "notify.channel: must be log or alimtalk, got \"pigeon\"");
}

TEST_CASE("accounts of providers that are not used need not be complete") {
  CHECK(refusal([](auto& s) { s.actors.notify.sms.base_url = "nonsense"; }) == "");
  CHECK(account_refusal([](auto&) {}) == "");
  CHECK(account_refusal([](auto& o) { o.sms = {}; }) == "");
}

TEST_CASE("an account without its keys is refused, and no secret is shown") {
  CHECK(account_refusal([](auto& o) { o.alimtalk.app_key = ""; })
        == "alimtalk.app_key: must not be empty, got \"\"");
  CHECK(account_refusal([](auto& o) { o.sms.secret_key = ""; })
        == "sms.secret_key: must not be empty, got \"\"");
  CHECK(account_refusal([](auto& o) { o.alimtalk.sender_key = std::string(41, 's'); })
        == "alimtalk.sender_key: must be 1 to 40 characters, got 41");
  CHECK(account_refusal([](auto& o) { o.sms.send_no = "02-123"; })
        == "sms.send_no: must be 1 to 13 digits, got \"02-123\"");
}

TEST_CASE("a provider's address is scheme, host and port") {
  const auto with = [](std::string url) {
    return account_refusal([&](auto& o) { o.alimtalk.base_url = std::move(url); });
  };
  CHECK(with("http://127.0.0.1:8080") == "");
  for (const auto* url : {"", "x", "ftp://h", "http://", "https://h/path", "h:80"})
    CHECK(with(url)
          == "alimtalk.base_url: must be http:// or https://, a host and perhaps a port, got \""
                 + std::string{url} + "\"");
}

TEST_CASE("times that would send a message twice are refused") {
  CHECK(account_refusal([](auto& o) { o.sms.settle = 9s; })
        == "sms.settle: must be at least sms.request_timeout (10s), got 9s");
  CHECK(account_refusal([](auto& o) { o.alimtalk.key_window = 10s; })
        == "alimtalk.key_window: must be longer than alimtalk.request_timeout (10s), got 10s");
  CHECK(account_refusal([](auto& o) { o.dead_after = 169h; })
        == "notify.dead_after: must be at most 168h, got 169h");
}

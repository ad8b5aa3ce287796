#include "app/pickupctl/load/fleet.hpp"

#include <catch2/catch.hpp>
#include <httplib.h>

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <utility>

namespace ctl = pickup::ctl;
namespace domain = pickup::domain;
using namespace std::chrono_literals;

namespace {

/// A server that knows calls by their phase, and nothing else.
class fake_server {
public:
  explicit fake_server(std::map<int, std::string> phases) : phases_(std::move(phases)) {
    http_.Get(R"(/pickupcalls/(\d+))", [this](const auto& request, auto& answer) {
      const auto known = phases_.find(std::stoi(request.matches[1]));
      answer.status = known == phases_.end() ? 404 : 200;
      if (known != phases_.end())
        answer.set_content(R"({"phase": ")" + known->second + "\"}", "application/json");
    });
    http_.Get("/(pickup|taxi)assigns",
              [](const auto&, auto& answer) { answer.set_content("{}", "application/json"); });
    port_ = http_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread{[this] { http_.listen_after_bind(); }};
    while (!http_.is_running())
      std::this_thread::yield();
  }

  ~fake_server() {
    http_.stop();
    thread_.join();
  }

  ctl::client client() const { return {"http://127.0.0.1:" + std::to_string(port_), {}}; }

private:
  std::map<int, std::string> phases_;
  httplib::Server http_;
  int port_ = 0;
  std::thread thread_;
};

} // namespace

TEST_CASE("calls that ended without us are no longer open once the fleet has asked") {
  const fake_server server{{{1, "UNFULFILLED"}, {2, "DISPATCHING"}, {3, "COMPLETED"}}};
  auto asking = server.client();
  ctl::call_book book;
  ctl::fleet cars{asking, book, {}};
  const auto long_ago = std::chrono::steady_clock::now() - 2min;
  for (std::uint64_t n = 1; n <= 4; ++n)
    book.made({domain::service::pickup, n}, *domain::position::at(37.5, 127), false, long_ago);
  cars.live({1, 1});
  CHECK(book.open() == std::vector{ctl::call_name{domain::service::pickup, 2}});
  CHECK(book.counts().ended_otherwise == 2);
  CHECK(book.counts().completed == 1);
}

TEST_CASE("a fleet leaves off where nobody answers") {
  ctl::client nobody{"http://127.0.0.1:1", {}};
  ctl::call_book book;
  ctl::fleet cars{nobody, book, {}};
  const auto ended = cars.end();
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == domain::errc::unavailable);
}

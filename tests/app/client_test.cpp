#include "app/pickupctl/client.hpp"

#include "app/pickupctl/program.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <fstream>

namespace ctl = pickup::ctl;

TEST_CASE("a server is on this machine when its address is a loopback one") {
  for (const auto* url : {"http://127.0.0.1:9090", "http://127.8.9.10", "http://[::1]:9090",
                          "http://localhost:9090", "localhost:9090"}) {
    CAPTURE(url);
    CHECK(ctl::is_on_this_machine(url));
  }
  for (const auto* url :
       {"http://10.0.0.1:9090", "http://127.0.0.1.example.com", "http://localhost.example.com",
        "http://localhost@example.com", "http://[2001:db8::1]:9090", "http://128.0.0.1", ""}) {
    CAPTURE(url);
    CHECK_FALSE(ctl::is_on_this_machine(url));
  }
}

TEST_CASE(
    "the token in the data directory is for a server here, or when the directory is typed") {
  const pickup::testing::temp_dir dir;
  std::ofstream{dir.path() / "operator.token"} << "sesame\n";
  ctl::settings s;
  s.data_dir = dir.path().string();
  CHECK(ctl::token_for_server(s) == "sesame");
  s.server = "http://elsewhere.example.com:9090";
  CHECK(ctl::token_for_server(s).empty());
  s.data_dir_typed = true;
  CHECK(ctl::token_for_server(s) == "sesame");
  s.token = "mine";
  CHECK(ctl::token_for_server(s) == "mine");
}

TEST_CASE("only the command line says that the data directory is typed") {
  ctl::program silent;
  silent.tool.parse("tree");
  CHECK_FALSE(silent.given.data_dir_typed);
  ctl::program typed;
  typed.tool.parse("tree --data-dir elsewhere");
  CHECK(typed.given.data_dir_typed);
  CHECK(typed.given.data_dir == "elsewhere");
}

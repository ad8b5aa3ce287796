#include "http/console_files.hpp"
#include "tests/http/client.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <sys/fsuid.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace pickup;
using namespace pickup::test;

namespace {

struct built_console {
  built_console() {
    std::filesystem::create_directories(dir.path() / "assets");
    std::ofstream{dir.path() / "index.html"} << "<title>page</title>";
    std::ofstream{dir.path() / "assets/main-1a2b.js"} << "go()";
    options.operator_listen = "127.0.0.1:0";
    options.operator_token = "sesame";
    options.console_dir = dir.path();
  }

  pickup::testing::temp_dir dir;
  http::options options = small_options();
};

/// Root may read everything: its thread is somebody else before the file system meanwhile.
class without_privileges {
public:
  without_privileges() : before_(static_cast<uid_t>(::setfsuid(65'534))) {}
  ~without_privileges() { ::setfsuid(before_); }
  without_privileges(const without_privileges&) = delete;
  without_privileges& operator=(const without_privileges&) = delete;

private:
  const uid_t before_;
};

} // namespace

TEST_CASE("the console's page is served to anybody, and kept by nobody") {
  built_console c;
  running_server server{c.options};
  client http{server.operator_port()};
  const auto page = http.get("/console/");
  CHECK(page.status == 200);
  CHECK(page.text == "<title>page</title>");
  CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
  CHECK(page.header("Cache-Control") == "no-cache");
  CHECK(page.header("Content-Security-Policy").starts_with("default-src 'self'"));
  CHECK(page.header("X-Content-Type-Options") == "nosniff");
  const auto again = http.send("GET", "/console/", {{"If-None-Match", page.header("ETag")}});
  CHECK(again.status == 304);
  CHECK(again.text.empty());
}

TEST_CASE("what the page needs is named after its content and kept for good") {
  built_console c;
  running_server server{c.options};
  client http{server.operator_port()};
  const auto script = http.get("/console/assets/main-1a2b.js");
  CHECK(script.text == "go()");
  CHECK(script.header("Content-Type") == "text/javascript; charset=utf-8");
  CHECK(script.header("Cache-Control") == "public, max-age=31536000, immutable");
}

TEST_CASE("the operators' port leads to the console") {
  built_console c;
  running_server server{c.options};
  client http{server.operator_port()};
  for (const auto* from : {"/", "/console"}) {
    const auto led = http.get(from);
    CHECK(led.status == 302);
    CHECK(led.header("Location") == "/console/");
  }
}

TEST_CASE("no file is served that was not there at the start, nor one outside") {
  built_console c;
  running_server server{c.options};
  std::ofstream{c.dir.path() / "late.html"} << "late";
  client http{server.operator_port()};
  for (const auto* path :
       {"/console/late.html", "/console/nothing", "/console/../../etc/passwd",
        "/console/%2e%2e/%2e%2e/etc/passwd", "/console/assets"})
    CHECK(http.get(path).status == 404);
  CHECK(http.send("POST", "/console/").status == 405);
}

TEST_CASE("a link to nothing in the console's directory is passed over") {
  built_console c;
  for (int i = 0; i < 40; ++i) // wherever the directory has its end
    std::filesystem::create_symlink("nowhere", c.dir.path() / ("link " + std::to_string(i)));
  const auto files = http::console_files::read(c.dir.path());
  REQUIRE(files);
  CHECK(files->answer({}, "").body == "<title>page</title>");
  CHECK(files->answer({}, "link 1").status == 404);
}

TEST_CASE("a console that cannot be read is refused, and nothing else") {
  built_console c;
  const auto closed = c.dir.path() / "assets";
  namespace fs = std::filesystem;
  fs::permissions(c.dir.path(), fs::perms::others_all, fs::perm_options::add);
  fs::permissions(closed, fs::perms::none);
  {
    const without_privileges somebody;
    const auto files = http::console_files::read(c.dir.path());
    REQUIRE_FALSE(files);
    CHECK(files.error().code == domain::errc::io);
    CHECK(files.error().text.starts_with("read console: " + c.dir.path().string() + ": "));
    CHECK_FALSE(http::console_files::read(c.dir.path() / "none"));
  }
  fs::permissions(closed, fs::perms::owner_all);
}

TEST_CASE("without the built files the page says how to get them") {
  auto o = small_options();
  o.operator_listen = "127.0.0.1:0";
  running_server server{o};
  client http{server.operator_port()};
  const auto page = http.get("/console/");
  CHECK(page.status == 200);
  CHECK(page.text.find("scripts/run") != std::string::npos);
}

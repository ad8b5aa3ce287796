#include "config/option_table.hpp"
#include "config/places.hpp"
#include "config/settings.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

using namespace pickup;
using namespace std::chrono_literals;

namespace {

/// A directory of its own with a pickupd.toml in it.
class toml_file {
public:
  explicit toml_file(std::string_view text) {
    auto name = (std::filesystem::temp_directory_path() / "pickup-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    dir_ = name;
    std::ofstream{path()} << text;
  }
  ~toml_file() { std::filesystem::remove_all(dir_); }
  toml_file(const toml_file&) = delete;
  toml_file& operator=(const toml_file&) = delete;

  std::filesystem::path path() const { return dir_ / "pickupd.toml"; }

  config::sources sources() const {
    config::sources from;
    from.file = path();
    return from;
  }

private:
  std::filesystem::path dir_;
};

/// Why a file with this text is refused, its name cut off: ":3: dispatch.max_wait: …".
std::string file_refusal(std::string_view text) {
  const toml_file file{text};
  const auto loaded = config::load(file.sources());
  if (loaded)
    return "accepted";
  CHECK(loaded.error().text.starts_with(file.path().string()));
  return loaded.error().text.substr(file.path().string().size());
}

config::sources environment(std::map<std::string, std::string> variables) {
  config::sources from;
  from.environment = std::move(variables);
  return from;
}

std::string environment_refusal(std::map<std::string, std::string> variables) {
  const auto loaded = config::load(environment(std::move(variables)));
  return loaded ? "accepted" : loaded.error().text;
}

} // namespace

TEST_CASE("without any source everything has its default") {
  const auto loaded = config::load({});
  REQUIRE(loaded);
  CHECK(config::list_options(*loaded) == config::list_options({}));
}

TEST_CASE("values of every kind are read from a file") {
  const toml_file file{R"(
    [http]
    listen = "[::1]:9000"
    connections = 8
    [dispatch]
    max_pickup_distance_m = 1500.5
    max_wait = "45min"
    manage_timeout = "250 ms"
    [demo]
    couriers = false
  )"};
  const auto loaded = config::load(file.sources());
  REQUIRE(loaded);
  CHECK(loaded->http.listen == "[::1]:9000");
  CHECK(loaded->http.connections == 8);
  CHECK(loaded->actors.dispatch.max_pickup_distance_m == 1500.5);
  CHECK(loaded->actors.dispatch.max_wait == 45min);
  CHECK(loaded->actors.dispatch.manage_timeout == 250ms);
  CHECK_FALSE(loaded->demo_couriers);
}

TEST_CASE("a distance may be written without a decimal point") {
  const toml_file file{"dispatch.max_pickup_distance_m = 300"};
  const auto loaded = config::load(file.sources());
  REQUIRE(loaded);
  CHECK(loaded->actors.dispatch.max_pickup_distance_m == 300);
}

TEST_CASE("the environment wins over the file, and a flag over both") {
  const toml_file file{
      "[http]\nlisten = \"h:1\"\nconnections = 5\n[storage]\ndata_dir = \"f\""};
  auto from = file.sources();
  from.environment = {{"PICKUPD_HTTP_LISTEN", "h:2"}, {"PICKUPD_STORAGE_DATA_DIR", "e"}};
  from.listen = "h:3";
  const auto loaded = config::load(from);
  REQUIRE(loaded);
  CHECK(loaded->http.listen == "h:3");
  CHECK(loaded->storage.data_dir == "e");
  CHECK(loaded->http.connections == 5);
}

TEST_CASE("values of every kind are read from the environment") {
  const auto loaded = config::load(environment({
      {"PICKUPD_DISPATCH_MAX_PICKUP_DISTANCE_M", "2e3"},
      {"PICKUPD_DISPATCH_MAX_WAIT", "90s"},
      {"PICKUPD_LIMITS_CALL_QUEUE", "7"},
      {"PICKUPD_DEMO_COURIERS", "false"},
      {"PICKUPD_HTTP_DEFAULT_PLACE_TAXI", "마포"},
  }));
  REQUIRE(loaded);
  CHECK(loaded->actors.dispatch.max_pickup_distance_m == 2000);
  CHECK(loaded->actors.dispatch.max_wait == 90s);
  CHECK(loaded->actors.limits.call_queue == 7);
  CHECK_FALSE(loaded->demo_couriers);
  CHECK(loaded->http.default_place_taxi == "마포");
}

TEST_CASE("no two options share a name in the environment") {
  config::settings s;
  std::set<std::string> names;
  for (const auto& o : config::options_of(s))
    CHECK(names.insert(o.environment_name()).second);
}

TEST_CASE("relative paths in a file are taken from the file's directory") {
  const toml_file file{"[storage]\ndata_dir = \"../d\"\n[places]\nfile = \"p.csv\""};
  const auto dir = file.path().parent_path();
  const auto loaded = config::load(file.sources());
  REQUIRE(loaded);
  CHECK(loaded->storage.data_dir == (dir.parent_path() / "d").string());
  CHECK(loaded->places_file == (dir / "p.csv").string());
}

TEST_CASE("absolute paths and no path at all stay as they are") {
  const toml_file file{"[storage]\ndata_dir = \"/d\"\n[places]\nfile = \"\""};
  const auto loaded = config::load(file.sources());
  REQUIRE(loaded);
  CHECK(loaded->storage.data_dir == "/d");
  CHECK(loaded->places_file.empty());
}

TEST_CASE("relative paths in the environment and in flags stay relative to the working "
          "directory") {
  auto from = environment({{"PICKUPD_PLACES_FILE", "p.csv"}});
  from.data_dir = std::string{"d"};
  const auto loaded = config::load(from);
  REQUIRE(loaded);
  CHECK(loaded->places_file == "p.csv");
  CHECK(loaded->storage.data_dir == "d");
}

TEST_CASE("a missing file is refused with the system's reason") {
  config::sources from;
  from.file = "no/such.toml";
  const auto loaded = config::load(from);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == domain::errc::io);
  CHECK(loaded.error().text == "read no/such.toml: No such file or directory");
}

TEST_CASE("a directory in place of a file is refused with the system's reason") {
  config::sources from;
  from.file = "/";
  const auto loaded = config::load(from);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().text == "read /: Is a directory");
}

TEST_CASE("an empty file changes nothing") {
  CHECK(file_refusal("") == "accepted");
}

TEST_CASE("what is not TOML is refused with its line") {
  CHECK(file_refusal("[http]\n\nconnections = = 3").starts_with(":3: "));
}

TEST_CASE("an option given twice is refused with its line") {
  CHECK(file_refusal("[http]\nconnections = 3\nconnections = 4").starts_with(":3: "));
}

TEST_CASE("an unknown key is refused by name and line") {
  CHECK(file_refusal("[http]\nconnection = 3") == ":2: http.connection: no such option");
}

TEST_CASE("an unknown section is refused by name and line") {
  CHECK(file_refusal("[http]\n[dispach]\nmax_wait = \"1s\"") == ":2: dispach: no such section");
}

TEST_CASE("an option outside of any section is refused by name and line") {
  CHECK(file_refusal("connections = 3") == ":1: connections: no such option");
}

TEST_CASE("a value in place of a section is refused") {
  CHECK(file_refusal("http = 3") == ":1: http: must be a section, got 3");
}

TEST_CASE("a section in place of a value is refused") {
  CHECK(file_refusal("[http.connections]\nmany = 3")
        == ":1: http.connections: must be a whole number from 0 to 4294967295, got a section");
}

TEST_CASE("an array in place of a value is refused") {
  CHECK(file_refusal("[http]\nconnections = [3]")
        == ":2: http.connections: must be a whole number from 0 to 4294967295, got an array");
}

TEST_CASE("a count in quotes is refused") {
  CHECK(file_refusal("[http]\nconnections = '3'")
        == ":2: http.connections: must be a whole number from 0 to 4294967295, got '3'");
}

TEST_CASE("a count with a fraction is refused") {
  CHECK(file_refusal("[http]\nconnections = 3.5")
        == ":2: http.connections: must be a whole number from 0 to 4294967295, got 3.5");
}

TEST_CASE("a count below zero is refused") {
  CHECK(file_refusal("[limits]\ncall_queue = -1")
        == ":2: limits.call_queue: must be a whole number from 0 to 4294967295, got \"-1\"");
}

TEST_CASE("a count beyond 32 bits is refused") {
  CHECK(file_refusal("[limits]\ncall_queue = 4294967296")
        == ":2: limits.call_queue: must be a whole number from 0 to 4294967295, "
           "got \"4294967296\"");
}

TEST_CASE("a length of time without a unit is refused") {
  CHECK(file_refusal("[dispatch]\nmax_wait = 30")
        == ":2: dispatch.max_wait: must be a length of time such as \"30min\" "
           "(ms, s, min, h), got 30");
  CHECK(file_refusal("[dispatch]\nmax_wait = \"30\"")
        == ":2: dispatch.max_wait: must be a length of time such as \"30min\" "
           "(ms, s, min, h), got \"30\"");
}

TEST_CASE("lengths of time in unknown units, in fractions and beyond counting are refused") {
  for (const std::string text : {"30m", "1.5h", "soon", "", "min", "9223372036854775807h"})
    CHECK(file_refusal("[dispatch]\nmax_wait = \"" + text + '"')
          == ":2: dispatch.max_wait: must be a length of time such as \"30min\" "
             "(ms, s, min, h), got \""
                 + text + '"');
}

TEST_CASE("a text without quotes around it is refused") {
  CHECK(file_refusal("[http]\nlisten = 8080")
        == ":2: http.listen: must be a text in quotes, got 8080");
}

TEST_CASE("a path that is no text is refused") {
  CHECK(file_refusal("[storage]\ndata_dir = true")
        == ":2: storage.data_dir: must be a path in quotes, got true");
}

TEST_CASE("a distance that is no number is refused") {
  CHECK(file_refusal("[dispatch]\nmax_pickup_distance_m = \"far\"")
        == ":2: dispatch.max_pickup_distance_m: must be a number, got 'far'");
}

TEST_CASE("a switch that is neither true nor false is refused") {
  CHECK(file_refusal("[demo]\ncouriers = 1")
        == ":2: demo.couriers: must be true or false, got 1");
}

TEST_CASE("a value that cannot work is refused with the line that set it") {
  CHECK(file_refusal("[dispatch]\n\nmax_wait = \"-3s\"")
        == ":3: dispatch.max_wait: must be positive, got -3s");
}

TEST_CASE("a value that cannot work is refused with the variable that set it") {
  CHECK(environment_refusal({{"PICKUPD_DISPATCH_MAX_WAIT", "0s"}})
        == "PICKUPD_DISPATCH_MAX_WAIT: dispatch.max_wait: must be positive, got 0s");
}

TEST_CASE("a value that cannot work is refused with the flag that set it") {
  config::sources from;
  from.listen = "nowhere";
  const auto loaded = config::load(from);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().text
        == "--listen: http.listen: must be HOST:PORT with a port from 0 to 65535, "
           "got \"nowhere\"");
}

TEST_CASE("a flag is the place of a bad value even when the file set it too") {
  const toml_file file{"[storage]\ndata_dir = \"d\""};
  auto from = file.sources();
  from.data_dir = "";
  const auto loaded = config::load(from);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().text == "--data-dir: storage.data_dir: must not be empty, got \"\"");
}

TEST_CASE("an unknown variable is refused by name") {
  CHECK(environment_refusal({{"PICKUPD_DISPACH_MAX_WAIT", "1s"}})
        == "PICKUPD_DISPACH_MAX_WAIT: no such option");
}

TEST_CASE("a variable with a value of another kind is refused by name") {
  CHECK(environment_refusal({{"PICKUPD_HTTP_CONNECTIONS", "many"}})
        == "PICKUPD_HTTP_CONNECTIONS: http.connections: must be a whole number from 0 to "
           "4294967295, "
           "got \"many\"");
  CHECK(environment_refusal({{"PICKUPD_DEMO_COURIERS", "yes"}})
        == "PICKUPD_DEMO_COURIERS: demo.couriers: must be true or false, got \"yes\"");
}

TEST_CASE("variables of other programs are not looked at") {
  CHECK(environment_refusal(
            {{"PATH", "/bin"}, {"PICKUP_X", "1"}, {"pickupd_http_connections", "x"}})
        == "accepted");
}

TEST_CASE("variables by which Kubernetes announces a Service called pickupd are let pass") {
  CHECK(environment_refusal({{"PICKUPD_SERVICE_HOST", "10.0.0.7"},
                             {"PICKUPD_SERVICE_PORT_HTTP", "8080"},
                             {"PICKUPD_PORT", "tcp://10.0.0.7:8080"},
                             {"PICKUPD_PORT_8080_TCP_ADDR", "10.0.0.7"}})
        == "accepted");
}

TEST_CASE("places come from the file the settings name") {
  const toml_file file{"name,romanised,lat,lng\n"};
  config::settings s;
  s.places_file = file.path().string();
  const auto places = config::read_places(s);
  REQUIRE(places);
  CHECK(*places == "name,romanised,lat,lng\n");
}

TEST_CASE("a missing file of places is refused") {
  config::settings s;
  s.places_file = "no/such.csv";
  const auto places = config::read_places(s);
  REQUIRE_FALSE(places);
  CHECK(places.error().text == "read no/such.csv: No such file or directory");
}

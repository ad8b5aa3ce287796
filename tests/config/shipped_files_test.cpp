#include "config/option_table.hpp"
#include "config/places.hpp"
#include "config/settings.hpp"
#include "domain/gazetteer.hpp"

#include <catch2/catch.hpp>

#include <toml++/toml.h>

#include <filesystem>

using namespace pickup;

namespace {

const std::filesystem::path shipped = PICKUP_SHIPPED_FILE;

config::settings load_shipped() {
  config::sources from;
  from.file = shipped;
  auto loaded = config::load(from);
  if (!loaded)
    FAIL(loaded.error().text);
  return *loaded;
}

} // namespace

TEST_CASE("the shipped file sets every option there is") {
  const auto file = toml::parse_file(shipped.string());
  for (const auto& o : config::list_options({})) {
    CAPTURE(o.name);
    CHECK(file.at_path(o.name));
  }
}

TEST_CASE("the shipped values are the defaults, but for the data directory") {
  auto loaded = load_shipped();
  CHECK(loaded.storage.data_dir == (shipped.parent_path().parent_path() / "data").string());
  loaded.storage.data_dir = config::settings{}.storage.data_dir;
  CHECK(config::list_options(loaded) == config::list_options({}));
}

TEST_CASE("the default places are among the built-in places") {
  const auto places = domain::gazetteer::parse(config::builtin_places());
  REQUIRE(places);
  const config::settings s;
  CHECK(places->find(s.http.default_place_pickup));
  CHECK(places->find(s.http.default_place_taxi));
}

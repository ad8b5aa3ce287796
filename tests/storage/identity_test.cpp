// Data directories have names of their own.
#include "storage/identity.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace pickup;
using namespace pickup::testing;

TEST_CASE("a data directory keeps its name, and no other has it") {
  const temp_dir one;
  const temp_dir other;
  const auto name = storage::identity_of(one.path());
  REQUIRE(name);
  CHECK(name->size() == 16);
  CHECK(*storage::identity_of(one.path()) == *name);
  CHECK(*storage::identity_of(other.path()) != *name);
}

TEST_CASE("a name that was damaged is refused, not replaced") {
  const temp_dir dir;
  std::ofstream{dir.path() / "ID"} << "0123\n";
  const auto name = storage::identity_of(dir.path());
  REQUIRE_FALSE(name);
  CHECK(name.error().code == domain::errc::corrupt);
}

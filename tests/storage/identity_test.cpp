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

TEST_CASE("a data directory keeps a token for its operators, which its user alone can read") {
  const temp_dir dir;
  const auto token = storage::operator_token_of(dir.path());
  REQUIRE(token);
  CHECK(token->size() == 64);
  CHECK(*storage::operator_token_of(dir.path()) == *token);
  const auto file = dir.path() / "operator.token";
  CHECK(std::filesystem::status(file).permissions()
        == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  std::ofstream{file} << "guess";
  CHECK_FALSE(storage::operator_token_of(dir.path()));
}

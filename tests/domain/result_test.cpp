#include "domain/result.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <string_view>

using namespace pickup::domain;

TEST_CASE("every error code has its number and its name") {
  using named = std::pair<int, std::string_view>;
  const auto of = [](errc code) { return named{static_cast<int>(code), name(code)}; };
  CHECK(of(errc::invalid_argument) == named{1, "invalid_argument"});
  CHECK(of(errc::not_found) == named{2, "not_found"});
  CHECK(of(errc::conflict) == named{3, "conflict"});
  CHECK(of(errc::unavailable) == named{4, "unavailable"});
  CHECK(of(errc::overloaded) == named{5, "overloaded"});
  CHECK(of(errc::timeout) == named{6, "timeout"});
  CHECK(of(errc::stale) == named{7, "stale"});
  CHECK(of(errc::unknown_outcome) == named{8, "unknown_outcome"});
  CHECK(of(errc::io) == named{9, "io"});
  CHECK(of(errc::corrupt) == named{10, "corrupt"});
  CHECK(of(errc::newer_format) == named{11, "newer_format"});
  CHECK(of(errc::locked) == named{12, "locked"});
  CHECK(of(errc::key_reused) == named{13, "key_reused"});
  CHECK(of(errc::out_of_range) == named{14, "out_of_range"});
}

TEST_CASE("no error code beyond the last listed here has a name") {
  // Fails when a code is added without a line above.
  for (int i = 15; i < 256; ++i)
    CHECK(name(static_cast<errc>(i)).empty());
}

TEST_CASE("a result is a value or an error") {
  const result<int> value{7};
  REQUIRE(value);
  CHECK(*value == 7);
  const result<int> problem{error{errc::conflict, "assign: call 1: is COMPLETED", {}}};
  REQUIRE_FALSE(problem);
  CHECK(problem.error().code == errc::conflict);
}

TEST_CASE("an error can itself be the value's kind of thing") {
  const result<std::string> value{std::string{"text"}};
  REQUIRE(value);
  CHECK(value->size() == 4);
}

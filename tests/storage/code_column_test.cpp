#include "storage/code_column.hpp"
#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <vector>

using pickup::storage::code_column;
using pickup::testing::seeded;

namespace {

using indices = std::vector<std::uint64_t>;

constexpr auto one = code_column::bit(1);
constexpr auto two = code_column::bit(2);

} // namespace

TEST_CASE("an empty column has nothing") {
  const code_column c;
  CHECK(c.get(0) == 0);
  CHECK(c.get(1'000'000) == 0);
  CHECK(c.count(0xffff) == 0);
  CHECK(c.newest(0xffff, 0, 10).empty());
  CHECK(c.all(0xffff).empty());
}

TEST_CASE("things are found by code, newest first, in pages") {
  code_column c;
  for (std::uint64_t i : {1, 2, 3, 4, 5})
    c.set(i, i == 3 ? 2 : 1);
  CHECK(c.count(one) == 4);
  CHECK(c.count(one | two) == 5);
  CHECK(c.newest(one, 0, 2) == indices{5, 4});
  CHECK(c.newest(one, 2, 2) == indices{2, 1});
  CHECK(c.newest(one, 4, 2).empty());
  CHECK(c.newest(one | two, 1, 3) == indices{4, 3, 2});
  CHECK(c.all(one) == indices{1, 2, 4, 5});
}

TEST_CASE("a thing that changes its code leaves the old list") {
  code_column c;
  c.set(7, 1);
  c.set(7, 2);
  CHECK(c.count(one) == 0);
  CHECK(c.newest(two, 0, 9) == indices{7});
  c.set(7, 0);
  CHECK(c.count(one | two) == 0);
}

TEST_CASE("code 0 is no thing, and is not counted") {
  code_column c;
  c.set(5, 1);
  CHECK(c.count(code_column::bit(0)) == 0);
}

TEST_CASE("a page may begin and end in any block") {
  code_column c;
  constexpr std::uint64_t many = 3 * 4096 + 17;
  for (std::uint64_t i = 0; i < many; ++i)
    c.set(i, 1);
  for (std::uint64_t skip : {0, 16, 17, 18, 4112, 4113, 4114, 12304}) {
    const auto page = c.newest(one, skip, 5000);
    REQUIRE(page.size() == std::min<std::uint64_t>(5000, many - skip));
    CHECK(page.front() == many - 1 - skip);
    CHECK(page.back() == many - skip - page.size());
  }
}

TEST_CASE("a column answers as a plain list of codes does") {
  seeded random;
  INFO(random.show());
  code_column column;
  std::vector<code_column::code> plain(20'000);
  for (int round = 0; round < 60; ++round) {
    // Now and then all of a stretch goes, as calls do that are forgotten.
    if (const auto from = random.below(15'000); random.one_in(4))
      for (auto i = from; i < from + 5'000; ++i) {
        column.set(i, 0);
        plain[i] = 0;
      }
    for (int i = 0; i < 300; ++i) {
      // Mostly near the end, as calls are.
      const auto at = random.one_in(4) ? random.below(plain.size()) : 9000 + random.below(300);
      const auto code = static_cast<code_column::code>(random.below(16));
      column.set(at, code);
      plain[at] = code;
      REQUIRE(column.get(at) == code);
    }
    const auto mask = static_cast<code_column::mask>(random.below(0x10000) & ~std::size_t{1});
    indices expected;
    for (std::uint64_t i = 0; i < plain.size(); ++i)
      if ((mask >> plain[i] & 1) != 0)
        expected.push_back(i);
    REQUIRE(column.count(mask) == expected.size());
    REQUIRE(column.all(mask) == expected);
    std::ranges::reverse(expected);
    const auto skip = std::min(random.below(1000), expected.size());
    const auto take = std::min(random.below(1000), expected.size() - skip);
    const auto from = expected.begin() + static_cast<long>(skip);
    REQUIRE(column.newest(mask, skip, take) == indices(from, from + static_cast<long>(take)));
    const auto below = random.below(25'000);
    const auto first = std::ranges::lower_bound(expected, below, std::greater_equal{});
    const auto many = std::min<long>(random.below(1000), expected.end() - first);
    REQUIRE(column.newest_below(mask, below, static_cast<std::uint64_t>(many))
            == indices(first, first + many));
  }
}

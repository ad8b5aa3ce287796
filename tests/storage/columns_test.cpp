// The columns behind the views: they answer as plain lists do, and keep no memory for what is
// gone.
#include "storage/blocks.hpp"
#include "storage/column.hpp"
#include "storage/tel_column.hpp"
#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace pickup::storage;
using pickup::testing::seeded;

namespace {

using indices = std::vector<std::uint64_t>;

/// Counts how many of it there are.
struct counted {
  static inline int alive = 0;
  counted() { ++alive; }
  ~counted() { --alive; }
};

indices calls_of(const tel_column& c, tel_column::tel t) {
  indices found;
  c.each_newest(t, [&](std::uint64_t i) { found.push_back(i); });
  return found;
}

} // namespace

TEST_CASE("a block is there from its first thing on until it is let go") {
  blocks<counted> all;
  CHECK(all.find(5) == nullptr);
  all.make(10 * block_size);
  all.make(12 * block_size + 7);
  CHECK(counted::alive == 2);
  CHECK(all.find(11 * block_size) == nullptr);
  CHECK(all.find(13 * block_size) == nullptr);
  CHECK(all.begin() == 10);
  CHECK(all.end() == 13);
  all.release(10 * block_size);
  CHECK(counted::alive == 1);
  CHECK(all.begin() == 12); // also the one that never was is forgotten
  all.make(3 * block_size);
  CHECK(all.begin() == 3);
  CHECK(all.find(12 * block_size) != nullptr);
  all.release(3 * block_size);
  all.release(12 * block_size);
  CHECK(counted::alive == 0);
  CHECK(all.begin() == all.end());
}

TEST_CASE("a million things that come and go leave blocks only for those that are there") {
  blocks<counted> all;
  all.make(1); // one that stays
  for (std::uint64_t b = 1; b < 250; ++b) {
    all.make(b * block_size);
    if (b > 2)
      all.release((b - 2) * block_size);
    REQUIRE(counted::alive <= 4);
  }
}

TEST_CASE("a column answers as a plain list of values does, whatever is taken out") {
  seeded random;
  INFO(random.show());
  column<std::uint32_t> c;
  std::vector<std::uint32_t> plain(30'000);
  for (int i = 0; i < 100'000; ++i) {
    const auto at = random.below(plain.size());
    plain[at] = random.one_in(3) ? 0 : static_cast<std::uint32_t>(random.below(1000));
    c.set(at, plain[at]);
    REQUIRE(c.get(at) == plain[at]);
  }
  for (std::size_t i = 0; i < plain.size(); ++i)
    REQUIRE(c.get(i) == plain[i]);
  for (std::size_t i = 0; i < plain.size(); ++i)
    c.set(i, 0);
  CHECK(c.get(0) == 0);
}

TEST_CASE("the calls of a phone number are found newest first, whatever was taken out") {
  seeded random;
  INFO(random.show());
  tel_column c;
  std::vector<tel_column::tel> plain(20'000);
  for (int i = 0; i < 40'000; ++i) {
    const auto at = random.below(plain.size());
    plain[at] = random.one_in(4) ? 0 : 1'010'0000'0000 + random.below(500);
    c.set(at, plain[at]);
    REQUIRE(c.get(at) == plain[at]);
  }
  for (tel_column::tel t = 1'010'0000'0000; t < 1'010'0000'0520; ++t) {
    indices expected;
    for (std::uint64_t i = plain.size(); i-- > 0;)
      if (plain[i] == t)
        expected.push_back(i);
    REQUIRE(calls_of(c, t) == expected);
  }
}

// The index of places against a plain list of them.
#include "domain/place_index.hpp"
#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace pickup::domain;
using pickup::testing::seeded;

namespace {

using places = std::map<int, S2Point>;

/// Half of them all over the sphere, half within metres or less of one another.
S2Point somewhere(seeded& random) {
  const auto spread = random.one_in(2) ? 1.0 : random.one_in(2) ? 1e-6 : 1e-12;
  const auto part = [&] { return random.real(-spread, spread); };
  const S2Point at = S2Point{spread < 1 ? 1.0 : 0.0, 0, 0} + S2Point{part(), part(), part()};
  return at.Norm2() > 0 ? at.Normalize() : S2Point{0, 0, 1};
}

std::set<int> within(const place_index<int>& index, const S2Point& from, double limit) {
  std::set<int> found;
  index.search(from, limit, [&](int what, double) {
    CHECK(found.insert(what).second);
    return limit;
  });
  return found;
}

int nearest(const place_index<int>& index, const S2Point& from) {
  int best = 0;
  index.search(from, 5, [&](int what, double chord) {
    best = what;
    return chord;
  });
  return best;
}

std::set<int> expected_within(const places& all, const S2Point& from, double limit) {
  std::set<int> found;
  for (const auto& [what, at] : all)
    if ((from - at).Norm2() <= limit)
      found.insert(what);
  return found;
}

} // namespace

TEST_CASE("what is within a chord is found, and nothing else, as places come and go") {
  seeded random;
  INFO(random.show());
  place_index<int> index;
  places all;
  const auto check = [&] {
    const auto from = somewhere(random);
    for (const auto limit : {0.0, 1e-13, 1e-7, 0.5, 5.0})
      REQUIRE(within(index, from, limit) == expected_within(all, from, limit));
    if (!all.empty()) {
      const auto closest = std::ranges::min_element(
          all, {}, [&](const auto& item) { return (from - item.second).Norm2(); });
      REQUIRE((from - all.at(nearest(index, from))).Norm2()
              == (from - closest->second).Norm2());
    }
  };
  int last = 0;
  for (int round = 0; round < 1500; ++round) {
    const auto at = somewhere(random);
    index.add(at, ++last);
    all.emplace(last, at);
    while (!all.empty() && random.one_in(3)) {
      auto gone = all.lower_bound(static_cast<int>(random.below(static_cast<unsigned>(last))));
      if (gone == all.end())
        gone = all.begin();
      index.remove(gone->second, gone->first);
      all.erase(gone);
    }
    if (round % 10 == 0)
      check();
  }
  while (!all.empty()) {
    index.remove(all.begin()->second, all.begin()->first);
    all.erase(all.begin());
    if (all.size() % 50 == 0)
      check();
  }
}

TEST_CASE("any number may be at one point") {
  place_index<int> index;
  const S2Point here{0, 1, 0};
  for (int n = 1; n <= 100; ++n)
    index.add(here, n);
  CHECK(within(index, here, 0).size() == 100);
  CHECK(within(index, -here, 3.9).empty());
  for (int n = 1; n <= 99; ++n)
    index.remove(here, n);
  CHECK(within(index, -here, 5) == std::set{100});
}

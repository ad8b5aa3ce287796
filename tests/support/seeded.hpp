// Chance for property tests. Not thread-safe; a value on a test's stack.
#pragma once

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace pickup::testing {

/// A source of random values. Another seed every run, unless --rng-seed names one; show() it,
/// so that a failure says how to repeat it.
class seeded {
public:
  seeded() : seed_(Catch::rngSeed() != 0 ? Catch::rngSeed() : std::random_device{}()) {}

  std::string show() const { return "repeat with --rng-seed " + std::to_string(seed_); }

  /// A whole number in [least, most].
  std::uint64_t number(std::uint64_t least, std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>{least, most}(engine_);
  }
  std::size_t below(std::size_t end) { return number(0, end - 1); }
  double real(double least, double most) {
    return std::uniform_real_distribution<double>{least, most}(engine_);
  }
  /// True once in `n` times.
  bool one_in(std::uint64_t n) { return number(1, n) == 1; }

  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

private:
  std::uint32_t seed_;
  std::mt19937_64 engine_{seed_};
};

} // namespace pickup::testing

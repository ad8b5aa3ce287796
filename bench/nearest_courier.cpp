// Our side of bench/nearest: how many times a second the nearest courier is found, and a
// courier moved, in the index that the dispatcher asks. One thread, all couriers free, in a box
// of one degree by one degree.
//   bench_nearest_courier COURIERS SECONDS
// Prints one line of JSON.

#include "domain/courier_index.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <vector>

namespace {

using namespace pickup;
using clock_type = std::chrono::steady_clock;

constexpr domain::metres reach{20'000};

// Made before the clock starts.
class places {
public:
  places() {
    std::mt19937_64 random;
    std::uniform_real_distribution degree{0.0, 1.0};
    for (auto& p : all_)
      p = *domain::position::at(degree(random), degree(random));
  }

  domain::position next() { return all_[++last_ % all_.size()]; }

private:
  // A prime number of them, so that no courier comes back to where they were.
  std::vector<domain::position> all_{1'000'003};
  std::size_t last_ = 0;
};

template <class F>
double times_a_second(double seconds, F work) {
  constexpr int at_once = 1000;
  const auto start = clock_type::now();
  std::uint64_t done = 0;
  std::chrono::duration<double> taken{};
  do {
    for (int i = 0; i < at_once; ++i)
      work();
    done += at_once;
    taken = clock_type::now() - start;
  } while (taken.count() < seconds);
  return static_cast<double>(done) / taken.count();
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: bench_nearest_courier COURIERS SECONDS\n";
    return 2;
  }
  const auto couriers = std::strtoull(argv[1], nullptr, 10);
  const auto seconds = std::strtod(argv[2], nullptr);
  places where;
  domain::courier_index index;
  const auto put = [&](std::uint64_t n) {
    index.put({0, {}, domain::courier_id{n % couriers + 1}}, where.next());
  };
  for (std::uint64_t n = 0; n < couriers; ++n)
    put(n);
  std::uint64_t missed = 0;
  const auto lookups = times_a_second(
      seconds, [&] { missed += index.nearest(where.next(), reach, {}, 1).empty() ? 1U : 0U; });
  if (missed > 0) {
    std::cerr << "bench_nearest_courier: " << missed << " look-ups found nobody\n";
    return 1;
  }
  // In no order that the index could profit from.
  std::mt19937_64 random;
  const auto moves = times_a_second(seconds, [&] { put(random()); });
  std::cout << "{\"lookups\":" << lookups << ",\"moves\":" << moves << "}\n";
}

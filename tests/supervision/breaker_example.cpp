// Stops asking a printer that is out of order, and finds out when it works again.
// docs/supervision.md quotes this file; the build runs it.
#include "supervision/shared_breaker.hpp"

#include <chrono>
#include <iostream>

using namespace pickup::supervision;
using namespace std::chrono_literals;

int main() {
  auto now = shared_breaker::clock::now(); // a clock moved by hand, for the example
  shared_breaker breaker{{.window = count_based{4},
                          .minimum_number_of_calls = 2,
                          .permitted_calls_in_half_open = 1,
                          .wait_in_open = 1s},
                         [&] { return now; }};
  bool works = false;
  const auto print = [&] {
    if (auto permit = breaker.admit()) {
      permit->record(works ? call_outcome::success : call_outcome::failure);
      std::cout << (works ? "printed" : "failed");
    } else {
      const auto wait = breaker.retry_after();
      std::cout << "refused, try again in "
                << std::chrono::duration_cast<std::chrono::milliseconds>(wait).count() << " ms";
    }
    std::cout << "; " << name(breaker.snapshot().state) << '\n';
  };
  print();
  print();
  print();
  now += 1s;
  print(); // a trial call; the next wait is twice as long
  works = true;
  now += 2s;
  print();
}

// The simulated customers: call at random times, sometimes for later, sometimes change their
// mind. Thread-safe. Owned by the command; their threads end with it. Refers to the book and
// the interruption, which ends what they ask.
#pragma once

#include "app/pickupctl/interruption.hpp"
#include "app/pickupctl/load/call_book.hpp"
#include "app/pickupctl/load/options.hpp"
#include "app/pickupctl/settings.hpp"

#include <stop_token>
#include <thread>
#include <vector>

namespace pickup::ctl {

class customers {
public:
  /// Begins at once.
  customers(const settings& s, const interruption& end, call_book& book, const load_options& o);

  /// They stop calling; returns when the last answer is there.
  void end();

private:
  std::vector<std::jthread> threads_;
};

} // namespace pickup::ctl

// Orders to the server: shown before they are given, and what became of them after.
// Not thread-safe. For the commands that change something.
#pragma once

#include "app/pickupctl/settings.hpp"
#include "domain/result.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace pickup::ctl {

/// Something to be done, on the operators' port.
struct order {
  std::string words; ///< for the question: "kill dispatcher pickup"
  std::string target;
};

/// How careful to be.
struct care {
  bool dry_run = false; ///< only tell what would be done
  bool yes = false;     ///< do not ask
};

void add_care(CLI::App& to, care& c);

/// Gives the order. When somebody can be asked, its effects are shown and confirmed first.
domain::result<int> give(const settings& s, const care& how, const order& what);

} // namespace pickup::ctl

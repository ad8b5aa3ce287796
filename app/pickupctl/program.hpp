// The command line: what can be asked, and which of it was. Not thread-safe; one a process,
// made and parsed by main. Each topic adds its own commands.
#pragma once

#include "app/pickupctl/names.hpp"
#include "app/pickupctl/settings.hpp"
#include "domain/result.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace pickup::ctl {

/// Does what was asked; the exit code, or an error that says it.
using command = std::function<domain::result<int>(const settings&)>;

struct program {
  program();

  CLI::App tool{"Looks after a pickupcenter server, and plays with it.", "pickupctl"};
  settings given;
  command chosen; ///< after parsing
};

/// Adds a command that does `run` when it is chosen.
CLI::App& add_command(program& p, CLI::App& under, const std::string& name,
                      const std::string& help, command run);

/// Adds the words that name an actor.
void add_actor_name(CLI::App& to, actor_name& who);

/// Takes every value, and lets shells offer these.
CLI::Validator offers(const std::vector<std::string>& values);

// -- the topics --

void add_lists(program& p);
void add_actors(program& p);
void add_top(program& p);
void add_trace(program& p);
void add_calls(program& p);
void add_couriers(program& p);
void add_orders(program& p);
void add_load(program& p);
void add_journal(program& p);
void add_restore(program& p);
void add_completion(program& p);

} // namespace pickup::ctl

// Completion of the command line in a shell, made from the commands themselves. Pure.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace pickup::ctl {

std::string bash_completion(const CLI::App& tool);
std::string zsh_completion(const CLI::App& tool);
std::string fish_completion(const CLI::App& tool);

} // namespace pickup::ctl

#include "app/pickupctl/program.hpp"

#include "app/pickupctl/top_view.hpp"

#include <cstdlib>
#include <utility>

namespace pickup::ctl {

namespace {

constexpr auto ends = R"(It ends with
  0   done
  1   the server refused; what it says is printed
  64  the command line makes no sense
  65  damaged data
  69  the server cannot be reached
  74  what it printed could not be written
  77  no permission: the token is missing or another
  and for databases 66 (there is none), 74 (the disk refused), 75 (a server has it open).)";

std::string environment(const char* name) {
  const auto* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// CLI11 asks for what is missing before it looks at what is too much: a mistyped command would
// be told as a missing one.
std::string reason(const CLI::App& all, const CLI::Error& e) {
  const auto unknown = all.remaining(true);
  const bool is_missing = e.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
  if (!is_missing || unknown.empty())
    return e.what();
  return unknown.front() + ": there is no such command or option here; see --help";
}

} // namespace

program::program() {
  given.operator_name = environment("USER");
  tool.fallthrough();
  tool.require_subcommand(1);
  tool.set_version_flag("--version", "pickupctl " PICKUPCTL_VERSION);
  tool.footer(ends);
  tool.failure_message([](const CLI::App* all, const CLI::Error& e) {
    return "pickupctl: read command line: " + reason(*all, e) + "\n";
  });
  tool.add_option("--server", given.server, "the operators' port, as http://HOST:PORT")
      ->envname("PICKUPCTL_SERVER")
      ->capture_default_str();
  tool.add_option("--api", given.api, "the customers' port, as http://HOST:PORT")
      ->envname("PICKUPCTL_API")
      ->capture_default_str();
  tool.add_option("--token", given.token,
                  "the operators' token; else that in operator.token of --data-dir, which a "
                  "server on another machine is told only when --data-dir is given here")
      ->envname("PICKUPD_OPERATOR_TOKEN");
  // Not CLI11's envname(): what is typed tells more than what the environment happens to say.
  if (const auto dir = environment("PICKUPD_STORAGE_DATA_DIR"); !dir.empty())
    given.data_dir = dir;
  tool.add_option("--data-dir", given.data_dir,
                  "the server's data directory, else PICKUPD_STORAGE_DATA_DIR")
      ->each([this](const std::string&) { given.data_dir_typed = true; })
      ->capture_default_str();
  tool.add_option("--operator", given.operator_name, "whom the audit names")
      ->capture_default_str();
  tool.add_flag("--json", given.json, "answer with JSON, for scripts");
  add_top(*this);
  add_actors(*this);
  add_calls(*this);
  add_couriers(*this);
  add_trace(*this);
  add_lists(*this);
  add_orders(*this);
  add_load(*this);
  add_journal(*this);
  add_restore(*this);
  add_completion(*this);
}

CLI::App& add_command(program& p, CLI::App& under, const std::string& name,
                      const std::string& help, command run) {
  auto* added = under.add_subcommand(name, help);
  added->callback([&p, added, run = std::move(run)] {
    if (added->get_subcommands().empty())
      p.chosen = run;
  });
  return *added;
}

void add_actor_name(CLI::App& to, actor_name& who) {
  to.add_option("KIND", who.kind, "call, courier, dispatcher, …; or call:pickup:17")
      ->required()
      ->check(offers({actor_kinds.begin() + 1, actor_kinds.end()}));
  to.add_option("ID", who.id, "17, pickup:17, pickup, …");
}

CLI::Validator offers(const std::vector<std::string>& values) {
  return {[](std::string&) { return std::string{}; },
          '{' + CLI::detail::join(values, ",") + '}'};
}

} // namespace pickup::ctl

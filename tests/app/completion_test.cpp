#include "app/pickupctl/completion.hpp"

#include "app/pickupctl/program.hpp"

#include <catch2/catch.hpp>

namespace ctl = pickup::ctl;
using Catch::Contains;

namespace {

void add_some_commands(CLI::App& tool) {
  tool.add_option("--server", "whom to ask");
  auto* journal = tool.add_subcommand("journal", "what happened");
  auto* dump = journal->add_subcommand("dump", "every entry: the server's own");
  dump->add_flag("--unmask")->description("numbers in full");
  auto* pause = tool.add_subcommand("pause", "stops a stage");
  pause->add_option("STAGE", "which")->check(CLI::IsMember({"manage", "assign"}));
  pause->add_option("--service", "whose")->check(ctl::offers({"pickup", "taxi"}));
}

} // namespace

TEST_CASE("each shell completes what the commands themselves say") {
  CLI::App tool{"", "pickupctl"};
  add_some_commands(tool);
  CHECK_THAT(ctl::bash_completion(tool),
             Contains("'journal') words='--help --server dump'")
                 && Contains("'journal dump') words='--help --unmask --server'"));
  CHECK_THAT(ctl::zsh_completion(tool),
             Contains("'dump:every entry\\: the server'\\''s own'") && Contains("#compdef"));
  CHECK_THAT(ctl::fish_completion(tool),
             Contains("-n \"__pickupctl_at 'journal dump'\" -l unmask -d 'numbers in full'")
                 && Contains("-l server -r -d 'whom to ask'")
                 && Contains("\"__pickupctl_at ''\" -f -a journal"));
}

TEST_CASE("each shell offers the values of arguments and options that have few") {
  CLI::App tool{"", "pickupctl"};
  add_some_commands(tool);
  CHECK_THAT(ctl::bash_completion(tool),
             Contains("'pause') words='--help manage assign --service --server'")
                 && Contains("'pause --service') words='pickup taxi' ;;"));
  CHECK_THAT(ctl::zsh_completion(tool),
             Contains("'manage:which'")
                 && Contains("'pause --service') choices=(pickup taxi) ;;"));
  CHECK_THAT(ctl::fish_completion(tool),
             Contains("\"__pickupctl_at 'pause'\" -f -a manage -d 'which'")
                 && Contains("-l service -r -f -a 'pickup taxi' -d 'whose'"));
}

TEST_CASE("no command is left out of the completion") {
  const ctl::program p;
  const auto script = ctl::bash_completion(p.tool);
  for (const auto* sub : p.tool.get_subcommands({}))
    CHECK_THAT(script, Contains('\'' + sub->get_name() + "') words="));
}

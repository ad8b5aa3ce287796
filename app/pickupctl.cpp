// The operator's tool. Today: checks a database that no server has open.

#include "app/exit_codes.hpp"
#include "storage/rocksdb_rows.hpp"
#include "storage/verify.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

namespace pickup::app {

namespace {

int verify_journal(const std::string& dir) {
  // Opening would make one.
  if (!std::filesystem::exists(std::filesystem::path{dir} / "FORMAT")) {
    std::cerr << "pickupctl: verify journal: " << dir << ": is not a data directory\n";
    return EX_NOINPUT;
  }
  storage::options o;
  o.data_dir = dir;
  const auto database = storage::open_rocksdb_rows(o);
  if (!database) {
    std::cerr << "pickupctl: " << database.error().text << '\n';
    return exit_code(database.error().code);
  }
  const auto report = storage::verify(**database);
  if (!report) {
    std::cerr << "pickupctl: " << report.error().text << '\n';
    return exit_code(report.error().code);
  }
  for (const auto& line : report->violations)
    std::cout << line << '\n';
  for (const auto& [shard, first] : report->complete_from)
    std::cout << domain::name(shard.service) << '/' << shard.zone.value()
              << ": complete from entry " << first.value() << " on\n";
  std::cout << report->entries << " entries, " << report->calls << " calls, "
            << report->couriers << " couriers, " << report->live_assignments
            << " live assignments, " << report->intents
            << " intents: " << report->violations.size() << " violations\n";
  return report->violations.empty() ? EX_OK : EX_DATAERR;
}

int run(int argc, char** argv) {
  CLI::App tool{"Looks after a pickupcenter server."};
  tool.require_subcommand(1);
  auto* journal = tool.add_subcommand("journal", "the journal of a server that is not running");
  journal->require_subcommand(1);
  std::string dir;
  auto* verify = journal->add_subcommand("verify", "replay it and check every promise");
  verify->add_option("DIR", dir, "the server's data directory")
      ->required()
      ->check(CLI::ExistingDirectory);
  try {
    tool.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return tool.exit(e) == 0 ? EX_OK : EX_USAGE;
  }
  return verify_journal(dir);
}

} // namespace

} // namespace pickup::app

int main(int argc, char** argv) {
  try {
    return pickup::app::run(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "pickupctl: " << e.what() << '\n';
    return EX_SOFTWARE;
  }
}

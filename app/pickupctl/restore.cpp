// The command that makes a data directory of a backup.

#include "app/pickupctl/program.hpp"
#include "storage/backup.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <sysexits.h>

namespace pickup::ctl {

namespace {

struct restore_options {
  std::string backup;
  std::string dir;
};

domain::result<int> restore(const restore_options& o) {
  if (const auto restored = storage::restore(o.backup, o.dir); !restored)
    return restored.error();
  std::cout << o.dir << ": start the server on it, and never again the one it was made of\n";
  return EX_OK;
}

} // namespace

void add_restore(program& p) {
  auto given = std::make_shared<restore_options>();
  auto& added = add_command(p, p.tool, "restore", "makes a data directory of a backup",
                            [given](const settings&) { return restore(*given); });
  added.add_option("BACKUP", given->backup, "what backup printed")
      ->required()
      ->check(CLI::ExistingDirectory);
  added.add_option("DIR", given->dir, "where it is to be: not there yet, or empty")->required();
}

} // namespace pickup::ctl

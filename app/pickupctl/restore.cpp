// The command that makes a data directory of a backup.

#include "app/pickupctl/program.hpp"
#include "http/json_writer.hpp"
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

domain::result<int> restore(const restore_options& o, bool as_json) {
  if (const auto restored = storage::restore(o.backup, o.dir); !restored)
    return restored.error();
  if (as_json) {
    http::json_writer out;
    std::cout << out.begin_object().field("path", o.dir).end_object().take() << '\n';
    return EX_OK;
  }
  std::cout << o.dir << ": start the server on it, and never again the one it was made of\n";
  return EX_OK;
}

} // namespace

void add_restore(program& p) {
  auto given = std::make_shared<restore_options>();
  auto& added = add_command(p, p.tool, "restore", "makes a data directory of a backup",
                            [given](const settings& s) { return restore(*given, s.json); });
  added.add_option("BACKUP", given->backup, "what backup printed")
      ->required()
      ->check(CLI::ExistingDirectory);
  added.add_option("DIR", given->dir, "where it is to be: not there yet, or empty")->required();
}

} // namespace pickup::ctl

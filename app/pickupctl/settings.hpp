// What every command is told: where the servers are, who asks, how to answer. Plain values.
#pragma once

#include <string>

namespace pickup::ctl {

struct settings {
  std::string server = "http://127.0.0.1:9090"; ///< the operators' port
  std::string api = "http://127.0.0.1:8080";    ///< the customers' port
  std::string token; ///< empty: as the file in data_dir says, if it is meant for the server
  std::string data_dir = "data";
  bool data_dir_typed = false; ///< on the command line, so that its token is meant, too
  std::string operator_name;   ///< whom the audit names
  bool json = false;           ///< answers for scripts
};

} // namespace pickup::ctl

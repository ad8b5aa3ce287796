// The operator's tool: what a server's console shows and does, on a terminal and in scripts.

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/program.hpp"
#include "app/pickupctl/terminal.hpp"

#include <exception>
#include <iostream>
#include <sysexits.h>

namespace {

int run(int argc, char** argv) {
  pickup::ctl::program p;
  try {
    p.tool.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return p.tool.exit(e) == 0 ? EX_OK : EX_USAGE;
  }
  const auto code = p.chosen(p.given);
  if (code)
    return *code;
  std::cerr << "pickupctl: " << code.error().text << '\n';
  return pickup::ctl::ending(code.error());
}

// Whoever redirected the output must learn that it did not arrive; another failure counts more.
int told(int code) {
  const auto written = pickup::ctl::finish_output();
  if (written || code != EX_OK)
    return code;
  std::cerr << "pickupctl: " << written.error().text << '\n';
  return pickup::ctl::ending(written.error());
}

} // namespace

int main(int argc, char** argv) {
  try {
    return told(run(argc, argv));
  } catch (const std::exception& e) {
    std::cerr << "pickupctl: " << e.what() << '\n';
    return EX_SOFTWARE;
  }
}

// Customers are told everything once and in order, whatever happens to the notifier.
#include "actors/messages.hpp"
#include "tests/actors/test_node.hpp"

#include <caf/send.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace pickup;
using namespace pickup::testing;
using domain::job_step;

namespace {

// A few calls that owe some messages.
void be_busy(test_node& node, domain::courier_id courier) {
  const auto id = node.order();
  for (auto step : {job_step::arrived, job_step::picked_up, job_step::completed})
    node.do_job(id, courier, step);
  node.cancel_now(node.order());
}

// Without giving the notifier time to look, as test_node::messages() does.
auto lines_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  return std::count(std::istreambuf_iterator<char>{in}, {}, '\n');
}

void cut_last_line(const std::filesystem::path& file, std::uint64_t bytes) {
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - bytes);
}

} // namespace

TEST_CASE("a line of the message file tells who is told what") {
  test_node node;
  const auto courier = node.hire();
  const auto id = node.order();
  REQUIRE(node.messages().size() == 1);
  std::ifstream in{node.message_file()};
  std::string line;
  REQUIRE(std::getline(in, line));
  CHECK(line.starts_with("taxi/0:2\t2026-11-22T00:00:00.000Z\t" + std::to_string(id.number())
                         + "\tCONFIRMED\t01012345678\ttest\t"));
  CHECK(node.load(courier) == 1);
}

TEST_CASE("a notifier that is killed goes on where it stopped") {
  test_node node;
  const auto courier = node.hire();
  for (int i = 0; i < 5; ++i) {
    be_busy(node, courier);
    kill(node.notifier());
    be_busy(node, courier);
    if (i % 2 == 0)
      node.pass(2s);
  }
  CHECK(node.messages() == node.intents());
  CHECK(node.messages().size() == 60);
}

TEST_CASE("what is owed when a node crashes is told by the next one") {
  test_node node;
  be_busy(node, node.hire());
  REQUIRE(lines_of(node.message_file()) == 0);
  node.crash();
  node.start();
  CHECK(node.messages() == node.intents());
  CHECK(node.messages().size() == 6);
}

TEST_CASE("what is owed when a node stops is told before it ends") {
  test_node node;
  be_busy(node, node.hire());
  REQUIRE(lines_of(node.message_file()) == 0);
  node.restart();
  CHECK(lines_of(node.message_file()) == 6);
}

TEST_CASE("a crash before the cursor is stored tells nothing twice") {
  test_node node;
  const auto courier = node.hire();
  be_busy(node, courier);
  node.pass(2s);
  be_busy(node, courier);
  node.crash();
  node.start();
  CHECK(node.messages() == node.intents());
  be_busy(node, courier);
  CHECK(node.messages() == node.intents());
  CHECK(node.messages().size() == 18);
}

TEST_CASE("a last line cut short is told again, whole") {
  test_node node;
  const auto courier = node.hire();
  be_busy(node, courier);
  const auto told = node.messages();
  node.crash();
  SECTION("by its end") {
    cut_last_line(node.message_file(), 1);
  }
  SECTION("in the middle") {
    cut_last_line(node.message_file(), 40);
  }
  node.start();
  CHECK(node.messages() == told);
  be_busy(node, courier);
  CHECK(node.messages() == node.intents());
}

TEST_CASE("a message file that was lost is not written again from the start") {
  test_node node;
  const auto courier = node.hire();
  be_busy(node, courier);
  node.pass(2s);
  node.crash();
  std::filesystem::remove(node.message_file());
  node.start();
  CHECK(node.messages().empty());
  be_busy(node, courier);
  CHECK(node.messages().size() == 6);
}

TEST_CASE(
    "what a file tells beyond a copy that was put back hides nothing that is in the copy") {
  test_node node;
  const auto courier = node.hire();
  be_busy(node, courier);
  node.pass(2s);
  be_busy(node, courier); // told, and not yet in the cursor
  node.crash();
  const auto told = lines_of(node.message_file());
  std::ofstream{node.message_file(), std::ios::app}
      << "taxi/0:99\t2026-11-22T00:00:00.000Z\t9\tCANCELED\t010\ttest\ttext\n";
  node.start();
  node.pass(1s);
  CHECK(lines_of(node.message_file()) == told + 1);
}

TEST_CASE("lines of another database tell nothing") {
  test_node node;
  std::filesystem::create_directories(node.message_file().parent_path());
  node.crash();
  for (int n = 1; n <= 50; ++n)
    std::ofstream{node.message_file(), std::ios::app}
        << "taxi/0:" << n << "\t2026-11-22T00:00:00.000Z\t1\tCONFIRMED\t010\ttest\ttext\n";
  node.start();
  const auto foreign = lines_of(node.message_file());
  const auto courier = node.hire();
  be_busy(node, courier);
  node.crash(); // also not when it looks again
  node.start();
  be_busy(node, courier);
  node.pass(1s);
  CHECK(lines_of(node.message_file()) == foreign + static_cast<int>(node.intents().size()));
}

TEST_CASE("a file that cannot be written is tried again, and disturbs nobody") {
  test_node node;
  const auto courier = node.hire();
  std::filesystem::remove(node.message_file());
  std::filesystem::create_directory(node.message_file());
  kill(node.notifier());
  be_busy(node, courier);
  node.pass(3s);
  REQUIRE_FALSE(node.ended());
  std::filesystem::remove(node.message_file());
  node.pass(10s);
  CHECK(node.messages() == node.intents());
  CHECK(node.messages().size() == 6);
}

TEST_CASE("both services are told, each in its own order") {
  test_node node;
  node.order(here(), domain::service_class::under10kg);
  node.order(here(), domain::service_class::standard);
  node.order(here(), domain::service_class::under10kg);
  CHECK(node.messages()
        == std::vector<std::string>{"pickup/0:1 RECEIVED", "pickup/0:2 RECEIVED",
                                    "taxi/0:1 RECEIVED"});
  node.crash();
  node.start();
  CHECK(node.messages().size() == 3);
}

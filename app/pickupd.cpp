// The server: reads the configuration, opens the journal, starts the actors and the HTTP door,
// and ends in the opposite order.

#include "actors/gateway.hpp"
#include "app/demo_couriers.hpp"
#include "app/exit_codes.hpp"
#include "app/log.hpp"
#include "app/node_host.hpp"
#include "config/areas.hpp"
#include "config/places.hpp"
#include "config/settings.hpp"
#include "config/templates.hpp"
#include "domain/gazetteer.hpp"
#include "domain/options.hpp"
#include "domain/service_areas.hpp"
#include "http/server.hpp"
#include "storage/identity.hpp"
#include "storage/views.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>
#include <utility>

extern char** environ;

namespace pickup::app {

namespace {

using domain::error;
using namespace std::chrono_literals;

// From the signal on: requests in flight may finish in the first, everything in the second.
constexpr auto drain_limit = 3s;
constexpr auto stop_limit = 4800ms;
/// How often the node is looked after.
constexpr auto look_period = 100ms;

int refuse(const error& why) {
  std::cerr << "pickupd: " << why.text << '\n';
  return exit_code(why.code);
}

// Once there is a log: what collects it reads nothing else.
int refuse(const error& why, const config::settings& s) {
  if (s.log_format != "json")
    return refuse(why);
  spdlog::critical("node.refused reason={:?}", why.text);
  return exit_code(why.code);
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** v = environ; *v != nullptr; ++v) {
    const std::string line{*v};
    if (const auto equals = line.find('='); equals != line.npos)
      variables.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return variables;
}

/// The machine's clock, and how wrong a test wants it to be. look() is for one thread, now()
/// for any.
class wall_clock {
public:
  explicit wall_clock(std::string file) : file_(std::move(file)) { look(); }

  domain::timestamp now() const {
    return std::chrono::floor<domain::duration>(std::chrono::system_clock::now())
           + domain::duration{wrong_by_ms_};
  }

  void look() {
    if (file_.empty())
      return;
    std::int64_t ms = 0;
    std::ifstream{file_} >> ms;
    wrong_by_ms_ = ms;
  }

private:
  const std::string file_;
  std::atomic<std::int64_t> wrong_by_ms_ = 0;
};

domain::result<domain::gazetteer> read_gazetteer(const config::settings& s) {
  auto text = config::read_places(s);
  if (!text)
    return text.error();
  auto places = domain::gazetteer::parse(*text);
  if (!places)
    return places;
  for (const auto& [option, name] :
       {std::pair{"http.default_place_pickup", s.http.default_place_pickup},
        std::pair{"http.default_place_taxi", s.http.default_place_taxi}})
    if (!places->find(name))
      return error{domain::errc::invalid_argument,
                   std::string{option} + ": not among the places, got \"" + name + "\"",
                   {}};
  return places;
}

// Where a call is that names no place must be served itself.
domain::result<domain::service_areas> read_areas(const config::settings& s,
                                                 const domain::gazetteer& places) {
  auto areas = config::read_areas(s);
  if (!areas)
    return areas;
  for (const auto& [option, service, name] :
       {std::tuple{"http.default_place_pickup", domain::service::pickup,
                   s.http.default_place_pickup},
        std::tuple{"http.default_place_taxi", domain::service::taxi,
                   s.http.default_place_taxi}})
    if (areas->missed(service, places.find(name)->where))
      return error{domain::errc::invalid_argument,
                   std::string{option} + ": must be in an area of " + s.areas_file + ", got \""
                       + name + "\"",
                   {}};
  return areas;
}

// How many file descriptors there may be. The soft limit is low for the sake of programs that
// use select().
rlim_t allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 1024;
  if (const auto most = limit.rlim_max; limit.rlim_cur < most) {
    limit.rlim_cur = most;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
      ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur;
}

// No more connections than there are descriptors for: who comes on top is told so.
void fit(http::options& o, rlim_t descriptors) {
  constexpr rlim_t ours = 640; // the database's tables and logs, threads' own
  const auto room = descriptors > 2 * ours ? descriptors - ours : descriptors / 2;
  if (o.connections <= room)
    return;
  spdlog::warn("http.connections_lowered from={} to={} reason=\"file descriptors: {}\"",
               o.connections, room, descriptors);
  o.connections = static_cast<std::uint32_t>(room);
}

// The signals that end the server. Blocked in every thread; the main thread waits for them.
sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

// Nothing that is acknowledged needs an orderly end, and a service manager waits for no hanging
// disk: whatever is still busy when the time is over ends with the process.
void end_within(std::chrono::milliseconds limit) {
  std::thread{[limit] {
    std::this_thread::sleep_for(limit);
    spdlog::error("node.stop_incomplete after_ms={}", limit.count());
    spdlog::default_logger()->flush();
    std::_Exit(EX_SOFTWARE);
  }}.detach();
}

/// Waits in a thread of its own for the signal that ends the server: also while the main thread
/// opens a journal, the process ends within stop_limit of it. Thread-safe.
class end_signal {
public:
  /// The signal that has come, or comes within `limit`.
  std::optional<int> within(std::chrono::nanoseconds limit) {
    std::unique_lock guard{mutex_};
    came_.wait_for(guard, limit, [&] { return signal_.has_value(); });
    return signal_;
  }

private:
  void listen(const std::stop_token& over) {
    const auto ending = ending_signals();
    const timespec period{0, std::chrono::nanoseconds{look_period}.count()};
    while (!over.stop_requested()) {
      const int signal = ::sigtimedwait(&ending, nullptr, &period);
      if (signal <= 0)
        continue;
      end_within(stop_limit);
      const std::lock_guard guard{mutex_};
      signal_ = signal;
      came_.notify_all();
      return;
    }
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::optional<int> signal_; ///< guarded
  std::jthread listening_{[this](const std::stop_token& over) { listen(over); }};
};

struct ending {
  int signal = 0; ///< 0: the node is beyond help
  int code = EX_OK;
};

// Looks after the node until a signal comes, or it is beyond help. CAF cannot interrupt a
// handler: when hanging ones hold every thread of the actors for `hang_limit`, only a new
// process helps.
ending serve_until_end(node_host& node, end_signal& end, wall_clock& time,
                       domain::duration hang_limit) {
  using std::chrono::steady_clock;
  auto ran_at = steady_clock::now();
  for (;;) {
    const auto looked_at = steady_clock::now();
    if (const auto failed = node.watch())
      return {0, *failed};
    ran_at += steady_clock::now() - looked_at; // while a life begins, no actor need run
    if (const auto signal = end.within(look_period))
      return {*signal, EX_OK};
    if (node.is_draining()) {
      end_within(stop_limit);
      return {SIGTERM, EX_OK};
    }
    time.look();
    if (node.actors_run(look_period)) {
      ran_at = steady_clock::now();
    } else if (steady_clock::now() - ran_at > hang_limit) {
      spdlog::critical("node.hangs reason=\"no actor ran for {}\"",
                       domain::to_text(hang_limit));
      spdlog::default_logger()->flush();
      std::_Exit(EX_SOFTWARE);
    }
  }
}

// How many demo couriers a new data directory has already: a first start may have been cut off
// among them. Nothing when the directory is not new any more.
std::optional<std::size_t> seeded(const storage::views& view) {
  std::size_t demos = 0;
  for (auto s : domain::services) {
    if (view.last_call({s, {}}) != 0)
      return std::nullopt;
    demos += static_cast<std::size_t>(
        std::ranges::count_if(view.couriers({s, {}}), [](const auto& c) {
          return c.courier.demo && c.courier.version.value() == 1;
        }));
  }
  return demos == view.last_courier().value() ? std::optional{demos} : std::nullopt;
}

domain::status_result seed(actors::gateway& gate, const storage::views& view) {
  auto all = demo_couriers();
  const auto there = seeded(view).value_or(all.size());
  if (there >= all.size())
    return domain::done{};
  for (auto& demo : std::span{all}.subspan(there))
    if (auto made = gate.create(std::move(demo)); !made)
      return made.error();
  spdlog::info("demo.seeded couriers={}", all.size() - there);
  return domain::done{};
}

// "HOST:PORT" with the port that was taken.
std::string address_of(const std::string& listen, int port) {
  return listen.substr(0, listen.rfind(':') + 1) + std::to_string(port);
}

// Where the console was built, or was installed with the program; empty when it was not.
std::string built_console() {
  namespace fs = std::filesystem;
  std::error_code failed;
  const auto here = fs::read_symlink("/proc/self/exe", failed).parent_path();
  for (const auto* beside : {"../share/pickupd/console", "../../../console/dist"})
    if (fs::exists(here / beside / "index.html", failed))
      return (here / beside).lexically_normal();
  return {};
}

// With the token where only the one who started the server reads it: on a terminal, never in a
// service's log.
std::string console_line(int port, const config::settings& s) {
  const auto page = "http://" + address_of(s.http.operator_listen, port) + "/console/";
  if (::isatty(STDOUT_FILENO) == 0 || !s.http.operator_token.empty())
    return "  console   " + page + "\n";
  const auto token = storage::operator_token_of(s.storage.data_dir);
  return "  console   " + page + (token ? "#token=" + *token : "") + "\n";
}

// For what reads the log, in place of a greeting.
void tell_addresses(const http::ports& ports, const config::settings& s) {
  const auto operators =
      ports.operators ? address_of(s.http.operator_listen, *ports.operators) : "";
  spdlog::info("node.serves version=" PICKUPD_VERSION
               " listening={:?} operators={:?} data_dir={:?}",
               address_of(s.http.listen, ports.customers), operators, s.storage.data_dir);
  spdlog::default_logger()->flush();
}

void greet(const http::ports& ports, const config::settings& s) {
  const auto address = address_of(s.http.listen, ports.customers);
  std::cout << "pickupd " PICKUPD_VERSION " listening on http://" << address << "\n"
            << "  data      " << s.storage.data_dir << "\n"
            << "  try       http " << address
            << "/pickupcalls tel=01050958718 location=이수 cost=10000\n"
            << "  then      http " << address << "/pickupcalls      (the calls)\n"
            << "            http " << address << "/couriers         (who drives)\n"
            << (ports.operators
                    ? "  operators http " + address_of(s.http.operator_listen, *ports.operators)
                          + "/metrics  (what the server does)\n"
                          + console_line(*ports.operators, s)
                    : "")
            << "  stop      Ctrl-C, or SIGTERM: what is in flight is finished first\n"
            << std::flush;
}

int serve(const config::settings& s, const domain::gazetteer& places,
          const domain::service_areas& areas, notify::template_set templates) {
  end_signal asked_to_end;
  wall_clock time{s.fault_clock_file};
  node_host node{s, std::move(templates), [&time] { return time.now(); }};
  if (const auto begun = node.begin(); !begun)
    return refuse(begun.error(), s);
  while (!node.serves()) {
    if (const auto code = node.watch()) {
      end_within(stop_limit);
      return *code;
    }
    if (const auto signal = asked_to_end.within(1ms)) {
      spdlog::info("node.stopping signal={} while=starting", *signal);
      return EX_OK;
    }
  }
  auto doors = s.http;
  if (doors.operator_token.empty()) {
    auto token = storage::operator_token_of(s.storage.data_dir);
    if (!token)
      return refuse(token.error(), s);
    doors.operator_token = std::move(*token);
  }
  if (doors.console_dir.empty())
    doors.console_dir = built_console();
  http::server door{doors, node, node, node, places, areas};
  const auto ports = door.bind();
  if (!ports) {
    refuse(ports.error(), s);
    return EX_UNAVAILABLE;
  }
  if (s.demo_couriers)
    if (auto done = seed(node, node.view()); !done)
      return refuse(done.error(), s);
  std::thread serving{[&] { door.run(); }};
  if (s.log_format == "json")
    tell_addresses(*ports, s);
  else
    greet(*ports, s);

  const auto end = serve_until_end(node, asked_to_end, time, s.actors.supervision.hang_limit);
  spdlog::info("node.stopping signal={}", end.signal);
  if (end.signal == 0)
    end_within(stop_limit);
  node.let_go();
  door.drain(drain_limit);
  serving.join();
  node.end();
  spdlog::info("node.stopped");
  return end.code;
}

int run(int argc, char** argv) {
  config::sources from;
  bool check = false;
  CLI::App flags{"The pickupcenter dispatch server."};
  flags.set_version_flag("--version", "pickupd " PICKUPD_VERSION);
  flags.add_option("--config", from.file, "configuration file (TOML)");
  flags.add_option("--listen", from.listen, "address to serve, HOST:PORT; port 0 picks one");
  flags.add_option("--admin-listen", from.operator_listen,
                   "address for operators, HOST:PORT, or 0 for none");
  flags.add_option("--data-dir", from.data_dir, "directory of the database");
  flags.add_flag("--check-config", check,
                 "read the configuration, say whether it is good, and end");
  try {
    flags.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return flags.exit(e) == 0 ? EX_OK : EX_USAGE;
  }
  from.environment = environment();
  auto settings = config::load(from);
  if (!settings)
    return refuse(settings.error());
  const auto places = read_gazetteer(*settings);
  if (!places)
    return refuse(places.error());
  const auto areas = read_areas(*settings, *places);
  if (!areas)
    return refuse(areas.error());
  auto templates = config::read_templates(*settings);
  if (!templates)
    return refuse(templates.error());
  if (check) {
    std::cout << "configuration is good: " << places->size() << " places, " << areas->size()
              << " service areas, listening on " << settings->http.listen << ", data in "
              << settings->storage.data_dir << '\n';
    return EX_OK;
  }
  const auto ending = ending_signals();
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  start_log(*settings);
  fit(settings->http, allow_many_descriptors());
  return serve(*settings, *places, *areas, std::move(*templates));
}

} // namespace

} // namespace pickup::app

int main(int argc, char** argv) {
  try {
    const int code = pickup::app::run(argc, argv);
    spdlog::shutdown();
    return code;
  } catch (const std::exception& e) {
    std::cerr << "pickupd: " << e.what() << '\n';
    return EX_SOFTWARE;
  }
}

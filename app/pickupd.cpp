// The server: reads the configuration, opens the journal, starts the actors and the HTTP door,
// and ends in the opposite order.

#include "actors/local_gateway.hpp"
#include "app/demo_couriers.hpp"
#include "app/exit_codes.hpp"
#include "config/places.hpp"
#include "config/settings.hpp"
#include "config/templates.hpp"
#include "domain/gazetteer.hpp"
#include "http/server.hpp"
#include "notify/transport.hpp"
#include "storage/identity.hpp"
#include "storage/rocksdb_journal.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <thread>

extern char** environ;

namespace pickup::app {

namespace {

using domain::error;
using namespace std::chrono_literals;

// From the signal on: requests in flight may finish in the first, everything in the second.
constexpr auto drain_limit = 3s;
constexpr auto stop_limit = 4800ms;

int refuse(const error& why) {
  std::cerr << "pickupd: " << why.text << '\n';
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

domain::timestamp wall_clock() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

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

// The signal that has come, or comes within `limit`.
std::optional<int> ending_signal(std::chrono::nanoseconds limit) {
  const auto ending = ending_signals();
  const timespec time{0, static_cast<long>(limit.count())};
  const int signal = ::sigtimedwait(&ending, nullptr, &time);
  return signal > 0 ? std::optional{signal} : std::nullopt;
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
                    : "")
            << "  stop      Ctrl-C, or SIGTERM: what is in flight is finished first"
            << std::endl;
}

// How messages reach a provider; nothing when the options say that none is sent.
struct post_office {
  std::unique_ptr<notify::transport> transport;
  actors::messaging messaging;
};

domain::result<post_office> open_post_office(const config::settings& s,
                                             notify::template_set templates) {
  post_office office;
  if (!s.actors.notify.sends())
    return office;
  auto id = storage::identity_of(s.storage.data_dir);
  if (!id)
    return id.error();
  auto transport = notify::make_http_transport(s.actors.notify);
  if (!transport)
    return transport.error();
  office.transport = std::move(*transport);
  office.messaging = {std::move(templates), std::move(*id), office.transport.get(),
                      std::random_device{}()};
  return office;
}

int serve(const config::settings& s, const domain::gazetteer& places,
          notify::template_set templates) {
  auto journal = storage::open_journal(s.storage);
  if (!journal)
    return refuse(journal.error());
  auto office = open_post_office(s, std::move(templates));
  if (!office)
    return refuse(office.error());
  std::atomic<bool> gave_up = false;
  actors::local_gateway gate{s.actors,
                             **journal,
                             std::filesystem::path{s.storage.data_dir}
                                 / s.actors.notify.message_file,
                             std::move(office->messaging),
                             wall_clock,
                             [&](const std::string& why) {
                               spdlog::critical("node.gave_up reason=\"{}\"", why);
                               gave_up = true;
                               ::kill(::getpid(), SIGTERM);
                             }};
  while (!gate.not_ready().empty())
    if (const auto signal = ending_signal(1ms)) {
      spdlog::info("node.stopping signal={} while=starting", *signal);
      end_within(stop_limit);
      gate.stop();
      return gave_up ? EX_SOFTWARE : EX_OK;
    }
  http::server door{s.http, gate, gate, places};
  const auto ports = door.bind();
  if (!ports) {
    std::cerr << "pickupd: " << ports.error().text << '\n';
    return EX_UNAVAILABLE;
  }
  if (s.demo_couriers)
    if (auto done = seed(gate, (*journal)->view()); !done)
      return refuse(done.error());
  std::thread serving{[&] { door.run(); }};
  greet(*ports, s);

  const auto ending = ending_signals();
  int signal = 0;
  sigwait(&ending, &signal);
  spdlog::info("node.stopping signal={}", signal);
  end_within(stop_limit);
  gate.let_go();
  door.drain(drain_limit);
  serving.join();
  gate.stop();
  spdlog::info("node.stopped");
  return gave_up ? EX_SOFTWARE : EX_OK;
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
  auto templates = config::read_templates(*settings);
  if (!templates)
    return refuse(templates.error());
  if (check) {
    std::cout << "configuration is good: " << places->size() << " places, listening on "
              << settings->http.listen << ", data in " << settings->storage.data_dir << '\n';
    return EX_OK;
  }
  const auto ending = ending_signals();
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  // Lines are written together, at the latest after a second, or at once when one is a warning.
  std::ios::sync_with_stdio(false);
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "pickupd", std::make_shared<spdlog::sinks::ostream_sink_mt>(std::clog)));
  spdlog::flush_on(spdlog::level::warn);
  spdlog::flush_every(std::chrono::seconds{1});
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  spdlog::set_level(spdlog::level::from_str(settings->log_level));
  fit(settings->http, allow_many_descriptors());
  return serve(*settings, *places, std::move(*templates));
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

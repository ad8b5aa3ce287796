// Makes a data directory with many live calls, through the server's own journal, and ends as a
// crash would: by SIGKILL, once all of it is durable.
//   bench_live_calls DIR CONFIRMED WAITING COURIERS
// Confirmed calls go round the couriers, who have room for no more, so that those that wait go
// on waiting. Whoever starts the directory must do so within a day: then the calls expire.

#include "domain/call.hpp"
#include "domain/courier.hpp"
#include "storage/rocksdb_journal.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iomanip>
#include <iostream>
#include <optional>
#include <random>
#include <semaphore>
#include <sstream>
#include <string>
#include <utility>

namespace {

using namespace pickup;
using namespace std::chrono_literals;

constexpr domain::shard_id shard{domain::service::pickup, {}};
constexpr std::ptrdiff_t commits_under_way = 8192;

domain::timestamp now() {
  return std::chrono::floor<domain::duration>(std::chrono::system_clock::now());
}

class company {
public:
  explicit company(storage::journal& to) : journal_(to) {}

  void hire(std::uint64_t id, std::uint32_t capacity) {
    domain::courier c;
    c.id = domain::courier_id{id};
    c.service = shard.service;
    c.name = "courier " + std::to_string(id);
    c.tel = tel();
    c.vehicle = "서울 12가 3457";
    c.classes = domain::class_set::all_of(c.service);
    c.capacity = capacity;
    append(storage::courier_change{std::move(c), domain::sighting{place(), now()}});
  }

  void call(std::uint64_t n, std::optional<domain::courier_id> courier) {
    domain::call_request what;
    what.tel = tel();
    what.where = place();
    what.cost = 10'000;
    auto made = must(then(domain::request({shard, n}, std::move(what), now(), 24h),
                          domain::manage{}, now()));
    if (courier)
      made =
          must(then(std::move(made), domain::assign{*courier, domain::metres{1234.5}}, now()));
    append(storage::call_change{std::move(made), {}});
  }

  /// Whoever waited for a message has it.
  void tell_customers() {
    journal_.submit(storage::cursor_op{{{"log", shard, journal_.view().head(shard)}}});
    room_.acquire();
    journal_.submit(storage::barrier_op{[this](const auto&) { room_.release(); }});
  }

  /// Returns when all is durable.
  void finish() {
    for (std::ptrdiff_t n = 0; n < commits_under_way; ++n)
      room_.acquire();
    room_.release(commits_under_way);
  }

private:
  template <class Change>
  void append(Change what) {
    room_.acquire();
    journal_.submit(storage::append_op{
        {now(), correlation_id(), {}, std::move(what)}, [this](const auto& outcome) {
          if (!outcome) {
            std::cerr << "bench_live_calls: " << outcome.error().text << '\n';
            std::_Exit(1);
          }
          room_.release();
        }});
  }

  domain::position place() {
    return *domain::position::at(std::uniform_real_distribution{37.45, 37.65}(random_),
                                 std::uniform_real_distribution{126.85, 127.15}(random_));
  }

  std::string tel() {
    return "010"
           + std::to_string(std::uniform_int_distribution{10'000'000, 99'999'999}(random_));
  }

  std::string correlation_id() {
    std::ostringstream text;
    text << std::hex << std::setfill('0') << std::setw(16) << random_() << std::setw(16)
         << random_();
    return text.str();
  }

  storage::journal& journal_;
  std::mt19937_64 random_;
  std::counting_semaphore<commits_under_way> room_{commits_under_way};
};

std::uint64_t number(const char* text) {
  return std::strtoull(text, nullptr, 10);
}

void make(const char* directory, std::uint64_t confirmed, std::uint64_t waiting,
          std::uint64_t couriers) {
  storage::options o;
  o.data_dir = directory;
  o.queue = commits_under_way;
  const auto journal = must(storage::open_journal(o));
  company all{*journal};
  for (std::uint64_t n = 0; n < couriers; ++n) {
    // Those of a rank below the rest of the division have one job more.
    const auto jobs = confirmed / couriers + (n < confirmed % couriers ? 1 : 0);
    all.hire(n + 1, static_cast<std::uint32_t>(std::max<std::uint64_t>(jobs, 1)));
  }
  all.finish(); // before their jobs are
  for (std::uint64_t n = 0; n < confirmed + waiting; ++n)
    all.call(n + 1, n < confirmed ? std::optional{domain::courier_id{n % couriers + 1}}
                                  : std::nullopt);
  all.finish();
  all.tell_customers();
  all.finish();
  std::raise(SIGKILL);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5 || (number(argv[2]) > 0 && number(argv[4]) == 0)) {
    std::cerr << "usage: bench_live_calls DIR CONFIRMED WAITING COURIERS\n";
    return 2;
  }
  try {
    make(argv[1], number(argv[2]), number(argv[3]), number(argv[4]));
  } catch (const std::exception& e) {
    std::cerr << "bench_live_calls: " << e.what() << '\n';
  }
  return 1;
}

// The command that simulates a city, so that a server has something to do.

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/cut_off.hpp"
#include "app/pickupctl/interruption.hpp"
#include "app/pickupctl/load/call_book.hpp"
#include "app/pickupctl/load/customers.hpp"
#include "app/pickupctl/load/fleet.hpp"
#include "app/pickupctl/load/options.hpp"
#include "app/pickupctl/load/time_sketch.hpp"
#include "app/pickupctl/program.hpp"
#include "domain/options.hpp"
#include "http/json_writer.hpp"
#include "http/text.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <sysexits.h>
#include <thread>
#include <utility>

namespace pickup::ctl {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto tick = 1s;
/// For each answer at the end: a server that works needs less, one that hangs must not hold us.
constexpr auto parting = 5s;
/// How many seconds a simulated day has.
constexpr double day_seconds = 86'400;

struct load_words {
  std::uint32_t couriers = 200;
  std::string rate = "5/s";
  double taxis = 0.3;
  std::string day = "10min";
  std::string time;
  std::optional<std::uint64_t> seed;
};

domain::error bad_option(std::string_view name, std::string_view must, const std::string& got) {
  return {domain::errc::invalid_argument,
          std::string{"read command line: "}.append(name).append(": must be ").append(must)
              + ", got \"" + got + '"',
          {}};
}

domain::result<load_options> read_options(const load_words& w) {
  load_options o;
  o.couriers = w.couriers;
  o.taxis = w.taxis;
  o.seed = w.seed ? *w.seed : std::random_device{}();
  const auto rate = parse_rate(w.rate);
  if (!rate)
    return rate.error();
  o.calls_a_second = *rate;
  const auto day = domain::parse_duration(w.day);
  if (!day || *day < 10s)
    return bad_option("--day", "a length of time of at least 10s", w.day);
  o.day = *day;
  if (w.time.empty())
    return o;
  o.time = domain::parse_duration(w.time);
  if (!o.time || *o.time < 1s)
    return bad_option("--for", "a length of time of at least 1s", w.time);
  return o;
}

/// The times of a second, or of all of them.
struct answer_times {
  double p50 = 0;
  double p99 = 0;
};

answer_times times_of(const std::vector<double>& all) {
  return {percentile(all, 0.5), percentile(all, 0.99)};
}

answer_times times_of(const time_sketch& all) {
  return {all.percentile(0.5), all.percentile(0.99)};
}

std::string as_json(std::int64_t second, const call_counts& c, const answer_times& t) {
  http::json_writer out;
  out.begin_object().field("second", second);
  out.field("made", c.made).field("confirmed", c.confirmed).field("completed", c.completed);
  out.field("canceled", c.canceled).field("declined", c.declined).field("open", c.open);
  out.field("endedOtherwise", c.ended_otherwise);
  out.field("refused", c.refused).field("unanswered", c.unanswered);
  out.field("p50Ms", t.p50).field("p99Ms", t.p99).end_object();
  return out.take();
}

std::string as_line(std::int64_t second, const call_counts& c, const answer_times& t) {
  std::array<char, 512> text{};
  std::snprintf(
      text.data(), text.size(),
      "%5lld s  made %llu  confirmed %llu  completed %llu  canceled %llu  declined %llu"
      "  ended otherwise %llu  open %llu  refused %llu  unanswered %llu  p50 %.1f ms"
      "  p99 %.1f ms",
      static_cast<long long>(second), static_cast<unsigned long long>(c.made),
      static_cast<unsigned long long>(c.confirmed),
      static_cast<unsigned long long>(c.completed), static_cast<unsigned long long>(c.canceled),
      static_cast<unsigned long long>(c.declined),
      static_cast<unsigned long long>(c.ended_otherwise),
      static_cast<unsigned long long>(c.open), static_cast<unsigned long long>(c.refused),
      static_cast<unsigned long long>(c.unanswered), t.p50, t.p99);
  return text.data();
}

/// Prints a line a second and, at the end, one of the whole time. Not thread-safe.
class progress {
public:
  progress(call_book& book, bool json) : book_(book), json_(json) {}

  void print_second() { print(times_of(take_times())); }

  void print_summary() {
    take_times();
    if (!json_)
      std::cout << "in all:\n";
    print(times_of(all_));
  }

private:
  // Those of this second, which are from now on among all.
  std::vector<double> take_times() {
    auto times = book_.take_times();
    for (const auto ms : times)
      all_.add(ms);
    return times;
  }

  void print(const answer_times& t) const {
    const auto second = std::chrono::round<std::chrono::seconds>(clock::now() - began_).count();
    const auto counts = book_.counts();
    std::cout << (json_ ? as_json(second, counts, t) : as_line(second, counts, t)) << '\n'
              << std::flush;
  }

  call_book& book_;
  const bool json_;
  const clock::time_point began_ = clock::now();
  time_sketch all_;
};

/// Moves the fleet once a tick in a thread of its own.
class moving {
public:
  moving(fleet& cars, const load_options& o)
      : thread_{[&cars, o](const std::stop_token& over) { run(cars, o, over); }} {}

private:
  static void run(fleet& cars, const load_options& o, const std::stop_token& over) {
    const auto scale = day_seconds / std::chrono::duration<double>{o.day}.count();
    std::mutex alone;
    std::condition_variable_any waiting;
    auto lived = clock::now();
    while (!over.stop_requested()) {
      const auto now = clock::now();
      const auto real = std::chrono::duration<double>{now - lived}.count();
      lived = now;
      cars.live({real, real * scale});
      std::unique_lock guard{alone};
      waiting.wait_until(guard, over, now + tick, [] { return false; });
    }
  }

  std::jthread thread_;
};

// Those nobody came for, or whose time is still to come. Errors: unavailable.
domain::status_result cancel_open(client& server, call_book& book) {
  for (const auto& call : book.open()) {
    const auto canceled = server.send("DELETE", '/' + std::string{name(call.service)} + "calls/"
                                                    + std::to_string(call.number));
    if (canceled)
      book.canceled(call);
    else if (is_gone(canceled.error()))
      book.ended_otherwise(call);
    else if (status_of(canceled.error()).empty())
      return canceled.error();
  }
  return domain::done{};
}

// Until a signal comes, or its time is over.
void live(const settings& s, const load_options& o, const interruption& end, fleet& cars,
          call_book& book, progress& shown) {
  if (!s.json)
    std::cout << o.couriers << " couriers on shift; seed " << o.seed
              << "; Ctrl-C ends it in order, a second one at once\n";
  const moving on{cars, o};
  customers people{s, end, book, o};
  const auto began = clock::now();
  for (auto next = began + tick;
       !end.within(std::chrono::ceil<std::chrono::milliseconds>(next - clock::now()));
       next += tick) {
    shown.print_second();
    if (o.time && clock::now() - began >= *o.time)
      break;
  }
  people.end();
}

// Errors: unavailable: what the server has not heard of stays as it is.
domain::status_result bring_to_end(client& server, fleet& cars, call_book& book) {
  server.wait_at_most(parting);
  if (auto ended = cars.end(); !ended)
    return ended;
  return cancel_open(server, book);
}

domain::result<int> run_load(const settings& s, const load_words& w) {
  const auto options = read_options(w);
  if (!options)
    return options.error();
  const interruption end;
  call_book book;
  auto server = to_customers(s);
  fleet cars{server, book, *options};
  std::optional<cut_off> requests{std::in_place, server, end, request_grace};
  const auto gathered = cars.gather();
  if (!gathered && !end.within(0ms))
    return gathered.error();
  progress shown{book, s.json};
  if (gathered)
    live(s, *options, end, cars, book, shown);
  requests.reset();
  const auto ended = bring_to_end(server, cars, book);
  shown.print_summary();
  return ended ? domain::result<int>{EX_OK} : ended.error();
}

} // namespace

domain::result<double> parse_rate(const std::string& text) {
  const auto slash = text.find('/');
  const auto unit = slash == text.npos ? "s" : text.substr(slash + 1);
  const auto count = http::parse_number(std::string_view{text}.substr(0, slash));
  if (!count || !(*count > 0) || *count > 1e6 || (unit != "s" && unit != "min"))
    return bad_option("--rate", "like 5/s or 90/min", text);
  return unit == "s" ? *count : *count / 60;
}

void add_load(program& p) {
  auto given = std::make_shared<load_words>();
  auto& added =
      add_command(p, p.tool, "load",
                  "simulates a city of couriers and customers, until Ctrl-C; a second one does "
                  "not wait for its end",
                  [given](const settings& s) { return run_load(s, *given); });
  added
      .add_option("--couriers", given->couriers, "how many; those of an earlier run come again")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  added.add_option("--rate", given->rate, "calls, on the average of a simulated day")
      ->capture_default_str();
  added.add_option("--taxis", given->taxis, "the part of couriers and calls that is a taxi")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  added.add_option("--day", given->day, "how long a simulated day takes")
      ->capture_default_str();
  added.add_option("--for", given->time, "for how long, e.g. 5min");
  added.add_option("--seed", given->seed, "chance's; another one each time unless given");
}

} // namespace pickup::ctl

// The command that shows what the node and its actors do, again and again.

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/cut_off.hpp"
#include "app/pickupctl/interruption.hpp"
#include "app/pickupctl/program.hpp"
#include "app/pickupctl/terminal.hpp"
#include "app/pickupctl/top_view.hpp"
#include "app/pickupctl/width.hpp"
#include "domain/options.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <iostream>
#include <memory>
#include <mutex>
#include <stop_token>
#include <sysexits.h>
#include <thread>

namespace pickup::ctl {

namespace {

using domain::result;
using namespace std::chrono_literals;

constexpr auto redraw_period = 100ms;
constexpr std::size_t unlimited = 0;
constexpr int ctrl_c = 3;

struct top_options {
  std::string interval = "2s";
  std::string sort{sort_keys.front()};
  std::string kind;
  std::size_t limit = 100;
};

top_choice choice_of(const top_options& o) {
  top_choice c;
  c.sort = static_cast<std::size_t>(std::ranges::find(sort_keys, o.sort) - sort_keys.begin());
  c.kind =
      static_cast<std::size_t>(std::ranges::find(actor_kinds, o.kind) - actor_kinds.begin());
  return c;
}

std::string actors_target(const top_options& o, const top_choice& c) {
  return with_query("/admin/actors", {{"kind", std::string{c.actor_kind()}},
                                      {"sort", std::string{c.sort_key()}},
                                      {"window", o.interval},
                                      {"limit", std::to_string(o.limit)}});
}

/// What one look at the server found.
struct frame {
  std::optional<node_figures> before;
  node_figures now;
  json_document actors;
};

// Takes as long as the interval, over which the figures are.
result<frame> look_at_node(client& server, const top_options& o, const top_choice& c,
                           std::optional<node_figures> before) {
  if (!before) {
    const auto metrics = server.ask("GET", "/admin/metrics");
    if (!metrics)
      return metrics.error();
    before = read_figures(*metrics);
  }
  auto actors = server.ask("GET", actors_target(o, c));
  if (!actors)
    return actors.error();
  const auto metrics = server.ask("GET", "/admin/metrics");
  if (!metrics)
    return metrics.error();
  return frame{std::move(before), read_figures(*metrics), std::move(*actors)};
}

result<int> show_once(const settings& s, const top_options& o) {
  auto server = to_operators(s);
  if (s.json) {
    const auto actors = server.send("GET", actors_target(o, choice_of(o)));
    if (!actors)
      return actors.error();
    std::cout << *actors << '\n';
    return EX_OK;
  }
  const auto seen = look_at_node(server, o, choice_of(o), {});
  if (!seen)
    return seen.error();
  for (const auto& line : header_lines(seen->before, seen->now))
    std::cout << line << '\n';
  std::cout << '\n';
  for (const auto& line : actor_lines(seen->actors, unlimited))
    std::cout << (line.is_alarming ? alarming(line.text) : line.text) << '\n';
  return EX_OK;
}

/// Looks at the server in a thread of its own, so that keys are heard meanwhile. Thread-safe.
class watcher {
public:
  watcher(const settings& s, const top_options& o)
      : server_(to_operators(s)), options_(o), choice_(choice_of(o)) {
    thread_ = std::jthread{[this](const std::stop_token& over) { watch(over); }};
  }

  ~watcher() {
    thread_.request_stop();
    const cut_off now{server_};
    thread_.join();
  }

  top_choice choice() {
    const std::lock_guard guard{mutex_};
    return choice_;
  }

  void choose(void (top_choice::*next)()) {
    const std::lock_guard guard{mutex_};
    (choice_.*next)();
  }

  std::vector<view_line> lines(std::size_t columns) {
    const std::lock_guard guard{mutex_};
    std::vector<view_line> all;
    if (seen_) {
      for (auto& line : header_lines(seen_->before, seen_->now))
        all.push_back({std::move(line)});
      all.push_back({problem_});
      const auto actors = actor_lines(seen_->actors, columns);
      all.insert(all.end(), actors.begin(), actors.end());
    } else {
      all.push_back({problem_.empty() ? "…" : problem_});
    }
    return all;
  }

private:
  void watch(const std::stop_token& over) {
    std::optional<node_figures> before;
    while (!over.stop_requested()) {
      auto seen = look_at_node(server_, options_, choice(), before);
      std::unique_lock guard{mutex_};
      problem_ = seen ? "" : seen.error().text;
      if (seen) {
        before = seen->now;
        seen_ = std::move(*seen);
      } else {
        before.reset();
        again_.wait_for(guard, over, 1s, [] { return false; });
      }
    }
  }

  client server_;
  const top_options options_;
  std::mutex mutex_;
  std::condition_variable_any again_;
  top_choice choice_; ///< guarded, as all below
  std::optional<frame> seen_;
  std::string problem_;
  std::jthread thread_;
};

void draw(watcher& w) {
  const auto size = size_of_terminal();
  const auto choice = w.choice();
  const auto kind = choice.actor_kind();
  auto lines = w.lines(size.columns);
  if (lines.size() + 1 >= size.rows)
    lines.resize(size.rows - std::min<std::size_t>(size.rows, 2));
  const auto keys = "q quits   s sorts: " + std::string{choice.sort_key()}
                    + "   k shows: " + std::string{kind.empty() ? "all" : kind};
  auto screen = "\x1b[H" + emphasised(fitted(keys, size.columns)) + "\x1b[K\n";
  for (const auto& line : lines) {
    const auto text = fitted(line.text, size.columns);
    screen += (line.is_alarming ? alarming(text) : text) + "\x1b[K\n";
  }
  std::cout << screen << "\x1b[J" << std::flush;
}

// The key that was pressed, if one is within the time; q when a signal comes.
char next_key(const interruption& end) {
  std::array<pollfd, 2> sources{{{STDIN_FILENO, POLLIN, 0}, {end.descriptor(), POLLIN, 0}}};
  if (::poll(sources.data(), sources.size(), static_cast<int>(redraw_period.count())) <= 0)
    return '\0';
  char key = 'q';
  if (sources[1].revents == 0 && ::read(STDIN_FILENO, &key, 1) != 1)
    return 'q';
  return key;
}

result<int> show_live(const settings& s, const top_options& o) {
  interruption end;
  watcher w{s, o};
  const raw_terminal raw;
  for (;;) {
    draw(w);
    switch (next_key(end)) {
    case 'q':
    case ctrl_c: return EX_OK;
    case 's': w.choose(&top_choice::next_sort); break;
    case 'k': w.choose(&top_choice::next_kind); break;
    default: break;
    }
  }
}

result<int> run_top(const settings& s, const top_options& o) {
  const auto interval = domain::parse_duration(o.interval);
  if (!interval || *interval < 100ms || *interval > 1min)
    return domain::error{domain::errc::invalid_argument,
                         "read command line: --interval: must be from 100ms to 1min, got \""
                             + o.interval + '"',
                         {}};
  return is_terminal() && !s.json ? show_live(s, o) : show_once(s, o);
}

} // namespace

void add_top(program& p) {
  auto given = std::make_shared<top_options>();
  auto& added = add_command(p, p.tool, "top", "what the node and its busiest actors do, live",
                            [given](const settings& s) { return run_top(s, *given); });
  added.add_option("--interval", given->interval, "how often it looks, from 100ms to 1min")
      ->capture_default_str();
  added.add_option("--sort", given->sort, "what is shown first")
      ->check(CLI::IsMember(std::vector<std::string>{sort_keys.begin(), sort_keys.end()}))
      ->capture_default_str();
  added.add_option("--kind", given->kind, "only actors of this kind")
      ->check(
          CLI::IsMember(std::vector<std::string>{actor_kinds.begin() + 1, actor_kinds.end()}));
  added.add_option("--limit", given->limit, "how many actors, at most 1000")
      ->capture_default_str();
}

} // namespace pickup::ctl

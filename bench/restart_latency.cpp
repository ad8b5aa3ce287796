// The C++ side of bench/restart: how long a killed actor is gone. Starts a node over a journal
// in memory, hires couriers, kills one after another, and tells for each the microseconds until
// its next incarnation answered; then the same for the dispatcher, until it is ready and until
// the last of its couriers is back.
//   bench_restart_latency COURIERS COURIER_KILLS DISPATCHER_KILLS
// Prints one line of JSON.

#include "actors/messages.hpp"
#include "actors/node.hpp"
#include "actors/tree.hpp"
#include "storage/memory_journal.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace pickup;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

constexpr domain::shard_id shard{domain::service::taxi, {}};
constexpr auto patience = 60s;

template <class Condition>
void await(const char* what, Condition holds) {
  const auto deadline = clock_type::now() + patience;
  while (!holds()) {
    if (clock_type::now() > deadline)
      throw std::runtime_error{std::string{"wait: "} + what + ": does not come true"};
    std::this_thread::yield();
  }
}

double microseconds(clock_type::duration d) {
  return std::chrono::duration<double, std::micro>{d}.count();
}

template <class Handle>
void kill(const Handle& who) {
  const auto target = caf::actor_cast<caf::actor>(who);
  caf::anon_send<caf::message_priority::high>(
      target, caf::exit_msg{target.address(), caf::exit_reason::kill});
}

// As the gateway configures it.
caf::actor_system_config& configured(caf::actor_system_config& cfg) {
  cfg.set("scheduler.max-threads", actors::limits_options{}.scheduler_threads);
  cfg.set("scheduler.policy", caf::atom("sharing"));
  cfg.set("scheduler.max-throughput", 64);
  return cfg;
}

// Killing is what this program does: nobody is to give up because of it.
actors::options never_give_up() {
  actors::options o;
  o.supervision.intensity = 1'000'000;
  o.supervision.courier_intensity = 1'000'000;
  return o;
}

class running_node {
public:
  running_node()
      : node_(
          never_give_up(), journal_,
          [] { return std::chrono::floor<domain::duration>(std::chrono::system_clock::now()); },
          "/dev/null"),
        system_(configured(config_)),
        root_(actors::start_tree(system_, node_, actors::runs_on::own_thread)) {
    root_->attach_functor([this](const caf::error&) { ended_ = true; });
    await("the dispatcher is ready", [&] { return ready(); });
  }

  ~running_node() {
    caf::anon_send_exit(root_, caf::exit_reason::user_shutdown);
    while (!ended_)
      std::this_thread::yield();
    root_ = nullptr;
    node_.forget_actors();
  }

  void hire(std::size_t count) {
    domain::courier record;
    record.service = shard.service;
    record.classes = domain::class_set::all_of(record.service);
    for (std::size_t n = 0; n < count; ++n) {
      record.id = domain::courier_id{++node_.last_courier};
      auto [promise, answer] = actors::reply<domain::courier_id>::make();
      caf::anon_send(node_.dispatchers.find(shard),
                     actors::register_courier{record, place(n), "bench", std::move(promise)});
      const auto given = answer.wait_for(patience);
      if (!given || !*given)
        throw std::runtime_error{"hire: a courier: was refused"};
      hired_.push_back(**given);
    }
  }

  /// Kills the `n`-th courier; answers how long until the next incarnation answered.
  clock_type::duration kill_courier(std::size_t n) {
    const auto id = hired_.at(n % hired_.size());
    const auto old = node_.couriers.find(id);
    caf::scoped_actor self{system_};
    const auto start = clock_type::now();
    kill(old);
    for (;;) {
      await("the courier is back", [&] { return is_new(node_.couriers.find(id), old); });
      bool answered = false;
      self->request(node_.couriers.find(id), patience, actors::sign_of_life{})
          .receive([&] { answered = true; }, [](const caf::error&) {});
      if (answered)
        return clock_type::now() - start;
    }
  }

  struct restart {
    clock_type::duration ready;
    clock_type::duration whole; ///< with the last of its couriers
  };

  restart kill_dispatcher() {
    const auto old = node_.dispatchers.find(shard);
    std::vector<actors::courier_actor> couriers;
    for (auto id : hired_)
      couriers.push_back(node_.couriers.find(id));
    const auto start = clock_type::now();
    kill(old);
    await("the dispatcher is back",
          [&] { return is_new(node_.dispatchers.find(shard), old) && ready(); });
    const auto ready_at = clock_type::now();
    for (std::size_t n = 0; n < hired_.size(); ++n)
      await("its couriers are back",
            [&] { return is_new(node_.couriers.find(hired_[n]), couriers[n]); });
    return {ready_at - start, clock_type::now() - start};
  }

private:
  static domain::position place(std::size_t n) {
    const auto step = static_cast<double>(n % 10'000) / 10'000;
    return *domain::position::at(37.45 + 0.2 * step, 126.85 + 0.3 * step);
  }

  template <class Handle>
  static bool is_new(const Handle& found, const Handle& old) {
    return found && found != old;
  }

  bool ready() { return node_.dispatcher_state.at(shard).ready; }

  storage::memory_journal journal_;
  actors::node_context node_;
  caf::actor_system_config config_;
  caf::actor_system system_;
  std::atomic<bool> ended_ = false;
  caf::actor root_;
  std::vector<domain::courier_id> hired_;
};

void print(const char* name, const std::vector<double>& values) {
  std::cout << '"' << name << "\":[";
  for (std::size_t n = 0; n < values.size(); ++n)
    std::cout << (n == 0 ? "" : ",") << values[n];
  std::cout << ']';
}

std::size_t number(const char* text) {
  return std::strtoull(text, nullptr, 10);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: bench_restart_latency COURIERS COURIER_KILLS DISPATCHER_KILLS\n";
    return 2;
  }
  spdlog::set_level(spdlog::level::off);
  try {
    running_node node;
    node.hire(number(argv[1]));
    std::vector<double> courier;
    // Far apart, so that nobody is killed often enough to be given up.
    for (std::size_t n = 0; n < number(argv[2]); ++n)
      courier.push_back(microseconds(node.kill_courier(n)));
    std::vector<double> ready;
    std::vector<double> whole;
    for (std::size_t n = 0; n < number(argv[3]); ++n) {
      const auto took = node.kill_dispatcher();
      ready.push_back(microseconds(took.ready));
      whole.push_back(microseconds(took.whole));
    }
    std::cout << '{';
    print("courier", courier);
    std::cout << ',';
    print("dispatcher_ready", ready);
    std::cout << ',';
    print("dispatcher_whole", whole);
    std::cout << "}\n";
  } catch (const std::exception& e) {
    std::cerr << "bench_restart_latency: " << e.what() << '\n';
    return 1;
  }
}

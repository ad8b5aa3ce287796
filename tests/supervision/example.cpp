// A counter that is started again when it fails. docs/supervision.md quotes this file; the
// build runs it.
#include "supervision/crash_error.hpp"
#include "supervision/supervisor.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exec_main.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

using namespace pickup::supervision;
using namespace std::chrono_literals;

// Counts what it is told, and fails at a word it does not know.
caf::behavior counter(caf::event_based_actor* self) {
  self->set_exception_handler([self](std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return crash_error(*self, e.what()); // notes what was being handled
    }
  });
  return {[n = 0](const std::string& word) mutable {
    if (word != "one")
      throw std::runtime_error{"what is " + word + "?"};
    return ++n;
  }};
}

void caf_main(caf::actor_system& sys) {
  supervisor_options options;
  options.name = "counters";
  options.intensity = 3; // at most three restarts …
  options.period = 10s;  // … in ten seconds
  options.report = [](const restart_report& r) {
    std::cout << r.child << " crashed on " << r.message_type << "; " << r.supervisor << ' '
              << to_string(r.outcome) << " it" << '\n';
  };
  child_spec spec;
  spec.id = "counter";
  spec.start = [](caf::actor_system& in) { return in.spawn(counter); };
  spec.rules.how = restart::permanent;
  spec.rules.end = shutdown{shutdown::manner::within, 1s};
  spec.rules.backoff = {.first = 20ms, .most = 1s, .jitter = 0.2};
  const auto parent = start_supervisor(sys, options, {spec});

  caf::scoped_actor self{sys};
  // A handle goes with its incarnation: ask for it anew. While the child restarts the answer is
  // the error `restarting`, at once.
  const auto tell = [&](const std::string& word) {
    caf::actor child;
    int counted = 0;
    const auto failed = [](const caf::error&) {};
    self->request(parent, 5s, whereis{"counter"})
        .receive([&](const caf::actor& found) { child = found; }, failed);
    if (child)
      self->request(child, 5s, word).receive([&](int n) { counted = n; }, failed);
    if (counted != 0)
      std::cout << "counted " << counted << '\n';
    return counted != 0;
  };
  tell("one");
  tell("one");
  tell("two");
  while (!tell("one"))
    self->receive(caf::after(5ms) >> [] {});

  self->monitor(parent);
  caf::anon_send_exit(parent, caf::exit_reason::user_shutdown);
  self->receive([](const caf::down_msg&) { std::cout << "all ended" << '\n'; });
}

CAF_MAIN()

// A desk with room for two orders, which knows of each courier only the newest place.
// docs/supervision.md quotes this file; the build runs it.
#include "supervision/bounded.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exec_main.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <iostream>
#include <latch>

using namespace pickup::supervision;
using namespace std::chrono_literals;

struct order {
  int number;
};
struct place {
  std::uint64_t courier;
  int street;
};
struct close_up {};

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(place)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(close_up)

class desk : public bounded<caf::event_based_actor> {
public:
  desk(caf::actor_config& cfg, const mailbox_kind& kind) : bounded(cfg, kind) {}

  caf::behavior make_behavior() override {
    return {
        [](const order& m) { std::cout << "order " << m.number << '\n'; },
        [](const place& m) {
          std::cout << "courier " << m.courier << " in street " << m.street << '\n';
        },
        [this](const close_up&) { quit(); },
    };
  }
};

void caf_main(caf::actor_system& sys) {
  mailbox_kind kind{{.name = "desk", .capacity = 2, .retry_after = 250ms}};
  kind.reject_new<order>() // what is not named is rejected, too
      .conflate<place>([](const place& m) { return m.courier; })
      .control<close_up>();

  caf::scoped_actor self{sys};
  const auto at = sys.spawn<desk>(kind);
  self->monitor(at);
  // For the example the desk stands still at its first message until all are sent.
  std::latch sent{1};
  arm(at, {[&] { sent.wait(); }});
  caf::anon_send(at, order{1});
  caf::anon_send(at, order{2});
  self->request(at, 5s, order{3})
      .receive([] {},
               [](const caf::error& e) {
                 if (e == mailbox_errc::mailbox_full)
                   std::cout << "order 3: full, try again in " << retry_after(e)->count()
                             << " ms" << '\n';
               });
  for (int street = 1; street <= 5; ++street)
    caf::anon_send(at, place{7, street});
  caf::anon_send(at, close_up{});
  sent.count_down();
  self->receive([](const caf::down_msg&) {});
  const auto seen = kind.figures();
  std::cout << "rejected " << seen.rejected << ", conflated " << seen.conflated << ", waiting "
            << seen.depth << '\n';
}

CAF_MAIN()

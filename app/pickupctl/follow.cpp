#include "app/pickupctl/follow.hpp"

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/cut_off.hpp"
#include "app/pickupctl/interruption.hpp"
#include "app/pickupctl/phase.hpp"
#include "app/pickupctl/show.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <set>
#include <sysexits.h>

namespace pickup::ctl {

namespace {

using namespace std::chrono_literals;

constexpr auto poll_period = 500ms;

bool has_ended(const json_value& call) {
  const auto phase = phase_of(call);
  return phase && ended(*phase);
}

void print_step(const json_value& step, bool as_json) {
  if (as_json)
    std::cout << step.json() << '\n';
  else
    std::cout << shown(step, "at source title detail") << '\n';
}

} // namespace

domain::result<int> follow_call(const settings& s, const std::string& timeline) {
  interruption end;
  auto server = to_operators(s);
  const cut_off requests{server, end};
  // Steps of other sources may turn up before the last one shown: what tells them apart is all
  // they say.
  std::multiset<std::string> printed;
  do {
    const auto now = server.ask("GET", timeline);
    if (!now && end.within(0ms))
      return EX_OK;
    if (!now)
      return now.error();
    auto before = printed;
    for (const auto& step : (*now)["events"].items()) {
      const auto text = step.json();
      if (const auto known = before.find(text); known != before.end()) {
        before.erase(known);
        continue;
      }
      printed.insert(text);
      print_step(step, s.json);
    }
    std::cout << std::flush;
    if (has_ended((*now)["call"]))
      return EX_OK;
  } while (!end.within(poll_period));
  return EX_OK;
}

} // namespace pickup::ctl

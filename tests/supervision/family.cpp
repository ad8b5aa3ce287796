#include "tests/supervision/family.hpp"

#include <caf/actor_companion.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/sec.hpp>

#include <utility>

namespace pickup::testing {

using namespace std::chrono_literals;

supervision::child_spec family::child(std::string id, supervision::restart how, manners as) {
  // A limit of their own for every child: the tests count on it.
  return {id,
          [this, id, as](caf::actor_system&) { return bear(id, as); },
          {.how = how, .end = supervision::shutdown{supervision::shutdown::manner::within, 2s}},
          {}};
}

supervision::child_template family::children(supervision::restart how) {
  supervision::child_template t;
  t.rules.how = how;
  t.rules.end = supervision::shutdown{supervision::shutdown::manner::within, 2s};
  t.start = [this](caf::actor_system&, supervision::child_key key, std::uint32_t incarnation) {
    auto child = bear(std::to_string(key), manners::good);
    if (incarnation > 0)
      note(std::to_string(key) + " is incarnation " + std::to_string(incarnation));
    return child;
  };
  return t;
}

caf::actor family::bear(const std::string& id, manners as) {
  if (failing_starts[id] > 0) {
    --failing_starts[id];
    note(id + " cannot start");
    throw std::runtime_error{id + ": no such thing"};
  }
  note(id + " starts");
  if (as == manners::mute)
    return born_[id] = (*system).spawn<caf::actor_companion>();
  return born_[id] = (*system).spawn([this, id, as](caf::event_based_actor* self) {
    self->attach_functor([this, id](const caf::error&) { note(id + " ends"); });
    self->set_exit_handler([this, id, as, self](caf::exit_msg& m) {
      note(id + " is told to end");
      if (as == manners::good)
        self->quit(m.reason);
    });
    return caf::behavior{[this, id, self](const std::string& words) {
      if (words == "crash")
        self->quit(caf::make_error(caf::sec::runtime_error, id + " crashed"));
      else if (words == "end")
        self->quit();
      else
        note(id + " hears: " + words);
    }};
  });
}

void family::tell(const std::string& id, const std::string& words) {
  caf::anon_send(born_.at(id), words);
  system.run();
}

caf::actor family::watch(const caf::actor& supervisor) {
  supervisor->attach_functor([this](const caf::error& reason) { ended_ = reason; });
  return supervisor;
}

supervision::child_counts family::counts(const caf::actor& supervisor) {
  return ask<supervision::child_counts>(supervisor, supervision::count_children{}).value();
}

std::uint64_t family::count(const caf::actor& supervisor) {
  return counts(supervisor).active;
}

supervision::supervisor_options family::options(std::uint32_t intensity) {
  supervision::supervisor_options o;
  o.name = "parent";
  o.intensity = intensity;
  o.report = [this](const supervision::restart_report& crash) { reports.push_back(crash); };
  return o;
}

family::diary family::read() {
  return std::exchange(diary_, {});
}

} // namespace pickup::testing

// The commands that steer the server: actors, stages, breakers, the process itself.

#include "app/pickupctl/names.hpp"
#include "app/pickupctl/orders.hpp"
#include "app/pickupctl/program.hpp"
#include "app/pickupctl/show.hpp"
#include "http/target.hpp"

#include <memory>

namespace pickup::ctl {

namespace {

struct actor_order {
  actor_name who;
  care how;
};

void add_actor_order(program& p, const std::string& verb, const std::string& help) {
  auto given = std::make_shared<actor_order>();
  auto& added = add_command(
      p, p.tool, verb, help, [given, verb](const settings& s) -> domain::result<int> {
        const auto who = parse_actor(given->who.kind, given->who.id);
        if (!who)
          return who.error();
        return give(s, given->how,
                    {verb + ' ' + who->kind + ' ' + who->id,
                     "/admin/actors/" + http::percent_encoded(who->kind) + '/'
                         + http::percent_encoded(who->id) + '/' + verb});
      });
  add_actor_name(added, given->who);
  add_care(added, given->how);
}

struct stage_order {
  std::string stage;
  care how;
};

void add_stage_order(program& p, const std::string& verb, const std::string& help) {
  auto given = std::make_shared<stage_order>();
  auto& added = add_command(p, p.tool, verb, help, [given, verb](const settings& s) {
    return give(s, given->how,
                {verb + ' ' + given->stage, "/admin/stages/" + given->stage + '/' + verb});
  });
  added.add_option("STAGE", given->stage, "manage or assign")
      ->required()
      ->check(CLI::IsMember({"manage", "assign"}));
  add_care(added, given->how);
}

void add_node_order(program& p, const std::string& verb, const std::string& help) {
  auto given = std::make_shared<care>();
  auto& added = add_command(p, p.tool, verb, help, [given, verb](const settings& s) {
    return give(s, *given, {verb, "/admin/" + verb});
  });
  add_care(added, *given);
}

struct breaker_order {
  std::string name;
  std::string verb;
  care how;
};

void print_breakers(const json_document& answer) {
  print(table_of(answer["breakers"].items(), {{"breaker", "name"},
                                              {"state", "state"},
                                              {"calls", "calls"},
                                              {"failed", "failed"},
                                              {"slow", "slow"},
                                              {"rejected", "rejected"},
                                              {"retry after ms", "retryAfterMs"}}));
}

domain::result<int> run_breakers(const settings& s, const breaker_order& o) {
  if (o.name.empty())
    return look(s, "/admin/breakers", print_breakers);
  return give(s, o.how,
              {o.verb + " breaker " + o.name,
               "/admin/breakers/" + http::percent_encoded(o.name) + '/' + o.verb});
}

void add_breakers(program& p) {
  auto given = std::make_shared<breaker_order>();
  auto& added = add_command(p, p.tool, "breakers",
                            "the circuit breakers; or trips, resets or disables one",
                            [given](const settings& s) { return run_breakers(s, *given); });
  auto* name = added.add_option("NAME", given->name, "such as admission:pickup");
  auto* verb = added.add_option("COMMAND", given->verb, "trip, reset or disable")
                   ->check(CLI::IsMember({"trip", "reset", "disable"}));
  name->needs(verb);
  add_care(added, given->how);
}

} // namespace

void add_orders(program& p) {
  add_breakers(p);
  add_actor_order(p, "kill", "ends an actor at once; its supervisor starts it again");
  add_actor_order(p, "restart", "lets an actor end in order; its supervisor starts it again");
  add_stage_order(
      p, "pause",
      "stops a stage: without manage new calls are refused, without assign they wait");
  add_stage_order(p, "resume", "lets a stage go on");
  add_node_order(p, "drain", "lets the server finish what is in flight, and end");
  add_node_order(p, "backup", "copies the database while the server runs; prints where");
}

} // namespace pickup::ctl

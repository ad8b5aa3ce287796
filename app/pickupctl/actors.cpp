// The commands that look at actors: the tree, and one of them.

#include "app/pickupctl/names.hpp"
#include "app/pickupctl/program.hpp"
#include "app/pickupctl/show.hpp"
#include "app/pickupctl/terminal.hpp"
#include "http/target.hpp"

#include <iostream>
#include <memory>
#include <sysexits.h>

namespace pickup::ctl {

namespace {

std::string described(const json_value& node) {
  auto text = node["name"].shown() + "  " + node["state"].shown();
  if (const auto strategy = node["strategy"])
    text += "  " + strategy.shown() + ", " + node["restartsLeft"].shown() + " of "
            + node["intensity"].shown() + " restarts left";
  if (const auto restarts = node["restarts"].whole(); restarts.value_or(0) > 0)
    text += "  restarted " + std::to_string(*restarts) + "×";
  if (const auto backoff = node["backoffMs"])
    text += "  again in " + backoff.shown() + " ms";
  for (const auto& [name, count] : node["counts"].members())
    if (count.whole().value_or(0) > 0)
      text += "  " + count.shown() + ' ' + std::string{name};
  return text;
}

void print_children(const json_value& node, const std::string& before) {
  const auto children = node["children"].items();
  const auto others = node["truncated"].is_true();
  for (std::size_t i = 0; i < children.size(); ++i) {
    const auto last = i + 1 == children.size() && !others;
    std::cout << before << (last ? "└─ " : "├─ ") << described(children[i]) << '\n';
    print_children(children[i], before + (last ? "   " : "│  "));
  }
  if (others)
    std::cout << before << "└─ …\n";
}

void print_tree(const json_document& answer) {
  const auto root = answer["root"];
  std::cout << described(root) << '\n';
  print_children(root, "");
}

void print_actor(const json_document& answer) {
  print_members(answer.root(), {"snapshot", "snapshotError", "stories"});
  std::cout << '\n' << emphasised("what it says of itself") << '\n';
  if (const auto snapshot = answer["snapshot"])
    print_members(snapshot);
  else
    std::cout << answer["snapshotError"].shown() << '\n';
  if (const auto stories = answer["stories"].items(); !stories.empty()) {
    std::cout << '\n';
    print(table_of(stories, {{"n", "n"}, {"at", "at"}, {"story", "story"}}));
  }
}

domain::result<int> look_at_actor(const settings& s, const std::string& kind,
                                  const std::string& id) {
  const auto who = parse_actor(kind, id);
  if (!who)
    return who.error();
  return look(s,
              "/admin/actors/" + http::percent_encoded(who->kind) + '/'
                  + http::percent_encoded(who->id),
              print_actor);
}

} // namespace

void add_actors(program& p) {
  add_command(p, p.tool, "tree", "the supervision tree",
              [](const settings& s) { return look(s, "/admin/tree", print_tree); });
  auto given = std::make_shared<actor_name>();
  auto& one = add_command(
      p, p.tool, "actor", "one actor: how it fares, what it says, its restarts",
      [given](const settings& s) { return look_at_actor(s, given->kind, given->id); });
  add_actor_name(one, *given);
}

} // namespace pickup::ctl
